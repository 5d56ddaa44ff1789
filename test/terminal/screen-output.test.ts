import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PaintedScreen } from '../../src/domain/painted-screen.ts';
import { textWidth, truncateText } from '../../src/domain/text-width.ts';
import { ScreenOutput } from '../../src/terminal/screen-output.ts';

const SHELL = '$ ocr';

/** A terminal that emulates what is written to it at once. */
class EmulatedTerminal extends EventEmitter {
  columns: number;
  rows: number;
  readonly writes: string[] = [];
  readonly #emulator: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#emulator.write(SHELL);
  }

  write(text: string): void {
    this.writes.push(text);
    this.#emulator.write(text);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#emulator.resize(columns, rows);
    this.emit('resize');
  }

  async screen() {
    // The emulator reads in slices.
    await new Promise<void>((resolve) => this.#emulator.write('', resolve));
    const buffer = this.#emulator.buffer.active;
    return {
      lines: Array.from({ length: this.rows }, (_, y) => buffer.getLine(y)?.translateToString(true).trimEnd() ?? ''),
      isAlternate: buffer.type === 'alternate',
      cursor: { x: buffer.cursorX, y: buffer.cursorY },
      modes: this.#emulator.modes,
    };
  }
}

let now: number;
let terminal: EmulatedTerminal;
let output: ScreenOutput;
const failures: unknown[] = [];

beforeEach(() => {
  now = 1000;
  failures.length = 0;
  terminal = new EmulatedTerminal(12, 4);
  output = new ScreenOutput(
    terminal,
    (error) => failures.push(error),
    () => now,
  );
});
afterEach(() => {
  output.close();
});

function request(lines: readonly string[], cursor: PaintedScreen['cursor'] = null) {
  const painted = vi.fn();
  const compose = vi.fn(() => ({ lines: lines.map((line) => line.padEnd(output.size.columns)), cursor }));
  return { size: output.size, compose, painted };
}

async function show(lines: readonly string[], cursor: PaintedScreen['cursor'] = null) {
  output.paint(request(lines, cursor));
  output.flush();
  return await terminal.screen();
}

describe('the screen', () => {
  it('is painted on the alternate screen, and the shell gets its own back', async () => {
    output.open();
    const shown = await show(['one', 'two', 'three', 'four']);
    expect(shown).toMatchObject({ lines: ['one', 'two', 'three', 'four'], isAlternate: true });
    expect(shown.modes.bracketedPasteMode).toBe(true);
    output.close();
    const left = await terminal.screen();
    expect(left).toMatchObject({ lines: [SHELL, '', '', ''], isAlternate: false });
    expect(left.modes).toMatchObject({ bracketedPasteMode: false, wraparoundMode: true });
    expect(terminal.writes.at(-1)).toMatch(/\u001b\[\?25h$/);
  });

  it('writes only the rows that changed, in one write, and nothing if none did', async () => {
    output.open();
    await show(['one', 'two', 'three', 'four']);
    terminal.writes.length = 0;
    await show(['one', 'two', 'changed', 'four']);
    expect(terminal.writes).toHaveLength(1);
    expect(terminal.writes[0]).toContain('changed');
    expect(terminal.writes[0]).not.toMatch(/one|two|four/);
    await show(['one', 'two', 'changed', 'four']);
    expect(terminal.writes).toHaveLength(1);
  });

  it('leaves nothing of a longer row', async () => {
    output.open();
    await show(['a long row', '', '', '']);
    expect((await show(['short', '', '', ''])).lines[0]).toBe('short');
    expect((await show(['', '', '', ''])).lines[0]).toBe('');
  });

  it('leaves nothing below a screen that is lower than the terminal, and shows none of what is higher', async () => {
    output.open();
    await show(['one', 'two', 'three', 'four']);
    expect((await show(['one', 'two'])).lines).toEqual(['one', 'two', '', '']);
    expect((await show(['1', '2', '3', '4', '5', '6'])).lines).toEqual(['1', '2', '3', '4']);
  });

  it('cuts a row that the terminal finds too wide, instead of scrolling', async () => {
    output.open();
    const wide = 'x'.repeat(30);
    expect((await show([wide, 'two', 'three', wide])).lines).toEqual(['x'.repeat(12), 'two', 'three', 'x'.repeat(12)]);
  });

  it('has the cursor where a text is edited, and hides it otherwise', async () => {
    output.open();
    expect((await show(['one', 'two', '', ''], { x: 2, y: 1 })).cursor).toEqual({ x: 2, y: 1 });
    expect(terminal.writes.at(-1)).toContain('\u001b[?25h');
    // Other rows change, and the cursor stays.
    expect((await show(['1', 'two', '', ''], { x: 2, y: 1 })).cursor).toEqual({ x: 2, y: 1 });
    await show(['1', 'two', '', '']);
    expect(terminal.writes.at(-1)).toContain('\u001b[?25l');
    expect(terminal.writes.at(-1)).not.toContain('\u001b[?25h');
  });
});

it('its lines can be copied, also while the terminal is lent', async () => {
  output.open();
  expect(output.lines).toEqual([]);
  await show(['one', 'two', '', '']);
  const copied = () => output.lines.map((line) => line.trimEnd());
  expect(copied()).toEqual(['one', 'two', '', '']);
  await output.lend(async () => expect(copied()).toEqual(['one', 'two', '', '']));
});

describe('the mouse', () => {
  const tracking = async () => (await terminal.screen()).modes.mouseTrackingMode;

  it('is not reported unless asked for', async () => {
    output.open();
    output.close();
    expect(await tracking()).toBe('none');
    expect(terminal.writes.join('')).not.toContain('?1002');
  });

  it('is reported while the screen is ours, and not while it is lent or given back', async () => {
    output.open({ mouse: true });
    expect(await tracking()).toBe('drag');
    expect(terminal.writes.join('')).toContain('\u001b[?1006h');
    await output.lend(async () => {
      expect(await tracking()).toBe('none');
      expect(terminal.writes.at(-1)).toContain('\u001b[?1006l');
    });
    expect(await tracking()).toBe('drag');
    output.close();
    expect(await tracking()).toBe('none');
  });

  it('is no longer reported after a crash, also while another program had it on', async () => {
    output.open({ mouse: true });
    await output.lend(async () => {
      terminal.write('\u001b[?1003h\u001b[?1006h');
      output.abandon();
    });
    expect(await tracking()).toBe('none');
  });

  it('is switched on and off while the screen is ours, and later while it is lent', async () => {
    output.open();
    output.setMouse(true);
    expect(await tracking()).toBe('drag');
    output.setMouse(false);
    expect(await tracking()).toBe('none');
    await output.lend(async () => {
      output.setMouse(true);
      expect(await tracking()).toBe('none');
    });
    expect(await tracking()).toBe('drag');
  });
});

describe('frames', () => {
  it('show the last of the screens that one turn asked for', async () => {
    output.open();
    const [first, last] = [request(['first']), request(['last'])];
    output.paint(first);
    output.paint(last);
    await Promise.resolve();
    expect((await terminal.screen()).lines[0]).toBe('last');
    expect(first.compose).not.toHaveBeenCalled();
    expect(first.painted).not.toHaveBeenCalled();
    expect(last.painted).toHaveBeenCalledOnce();
  });

  it('are eight milliseconds apart', async () => {
    output.open();
    await show(['one']);
    // The emulator needs the real timers.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    now += 3;
    const two = request(['two']);
    output.paint(two);
    await Promise.resolve();
    vi.advanceTimersByTime(4);
    expect(two.painted).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(two.painted).toHaveBeenCalledOnce();
  });

  it('paint all rows again on request, and after half a minute', async () => {
    output.open();
    const rows = ['one', 'two', 'three', 'four'];
    await show(rows);
    const spoil = () => terminal.write('\u001b[2J\u001b[2;3Hnoise');
    spoil();
    expect((await show(rows)).lines).toEqual(['', '  noise', '', '']);
    output.repaint();
    expect((await terminal.screen()).lines).toEqual(rows);
    spoil();
    now += 30_000;
    expect((await show(rows)).lines).toEqual(rows);
  });

  it('report a screen that cannot be composed, and go on', async () => {
    output.open();
    output.paint({
      ...request([]),
      compose: () => {
        throw new Error('no screen');
      },
    });
    output.flush();
    expect(failures).toEqual([new Error('no screen')]);
    expect((await show(['one'])).lines[0]).toBe('one');
  });
});

describe('a terminal of another size', () => {
  it('gets a screen of that size, and none of the old size', async () => {
    output.open();
    const sizes: unknown[] = [];
    const stop = output.onResize(() => sizes.push(output.size));
    await show(['one', 'two', 'three', 'four']);
    const late = request(['too late']);
    terminal.resize(8, 3);
    output.paint(late);
    output.flush();
    expect(late.compose).not.toHaveBeenCalled();
    expect(sizes).toEqual([{ columns: 8, rows: 3 }]);
    expect((await show(['1', 'two', '3'])).lines).toEqual(['1', 'two', '3']);
    stop();
    terminal.resize(20, 6);
    expect(sizes).toHaveLength(1);
    expect((await show(['1', 'two', '3'])).lines).toEqual(['1', 'two', '3', '', '', '']);
  });

  it('counts as 80 by 24 if it does not say', () => {
    const silent = Object.assign(new EventEmitter(), { write: () => true, columns: 0, rows: undefined });
    expect(new ScreenOutput(silent, () => {}).size).toEqual({ columns: 80, rows: 24 });
  });
});

describe('a lent terminal', () => {
  it('is the normal screen, is not painted, and shows the last screen afterwards', async () => {
    output.open();
    await show(['before', 'two', 'three', 'four']);
    const meanwhile = request(['after', 'two', 'three', 'four']);
    await output.lend(async () => {
      const lent = await terminal.screen();
      expect(lent).toMatchObject({ isAlternate: false, lines: [SHELL, '', '', ''] });
      expect(lent.modes.bracketedPasteMode).toBe(false);
      output.paint(meanwhile);
      output.flush();
      await output.lend(async () => {});
      expect(meanwhile.painted).not.toHaveBeenCalled();
      terminal.write('\u001b[?1049h\u001b[2Jsomething else');
      terminal.write('\u001b[?1049l');
    });
    expect(meanwhile.painted).toHaveBeenCalledOnce();
    expect(await terminal.screen()).toMatchObject({ isAlternate: true, lines: ['after', 'two', 'three', 'four'] });
  });

  it('is not taken again once it was given back for good', async () => {
    output.close();
    output.open();
    expect(terminal.writes).toEqual([]);
  });

  it('is left alone if the dashboard ends meanwhile', async () => {
    output.open();
    await show(['before']);
    const writes = terminal.writes.length;
    await output.lend(async () => output.close());
    // Only what lent it.
    expect(terminal.writes).toHaveLength(writes + 1);
    expect(await terminal.screen()).toMatchObject({ isAlternate: false });
  });

  it('is reset if there is no time to wait for that program', async () => {
    output.open();
    await output.lend(async () => {
      terminal.write('\u001b[?1049h\u001b[?1000h\u001b[?25l');
      output.abandon();
    });
    const { isAlternate, modes } = await terminal.screen();
    expect([isAlternate, modes.mouseTrackingMode]).toEqual([false, 'none']);
    expect(terminal.writes.at(-1)).toContain('\u001b[?25h');
  });

  it('comes back when the other program fails', async () => {
    output.open();
    await show(['before']);
    await expect(output.lend(() => Promise.reject(new Error('no editor')))).rejects.toThrow('no editor');
    expect(await terminal.screen()).toMatchObject({ isAlternate: true, lines: ['before', '', '', ''] });
  });
});

function exactly(text: string, columns: number): string {
  const cut = truncateText(text, columns, '');
  return cut + ' '.repeat(columns - textWidth(cut));
}

it('shows the last screen after any sequence of screens, sizes and loans', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '漢', 'é', '❯'), maxLength: 14 });
  const lines = fc.array(text, { minLength: 1, maxLength: 7 });
  const step = fc.oneof(
    { weight: 4, arbitrary: lines.map((screen) => ({ kind: 'screen' as const, screen })) },
    fc.record({
      kind: fc.constant('size' as const),
      columns: fc.integer({ min: 2, max: 14 }),
      rows: fc.integer({ min: 1, max: 7 }),
    }),
    fc.constant({ kind: 'loan' as const }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), lines, async (steps, last) => {
      const emulated = new EmulatedTerminal(10, 5);
      const painter = new ScreenOutput(
        emulated,
        (error) => {
          throw error;
        },
        () => now,
      );
      painter.open();
      const paint = (screen: readonly string[]) => {
        const padded = screen.map((line) => exactly(line, painter.size.columns));
        painter.paint({ size: painter.size, compose: () => ({ lines: padded, cursor: null }), painted: () => {} });
        painter.flush();
      };
      for (const next of steps) {
        if (next.kind === 'screen') paint(next.screen);
        else if (next.kind === 'size') emulated.resize(next.columns, next.rows);
        else await painter.lend(async () => emulated.write('\u001b[31mnoise\r\n'));
      }
      paint(last);
      const fresh = new EmulatedTerminal(emulated.columns, emulated.rows);
      fresh.write('\u001b[?1049h\u001b[?7l');
      for (const [y, line] of last.slice(0, emulated.rows).entries())
        fresh.write(`\u001b[${y + 1};1H${exactly(line, emulated.columns)}`);
      expect((await emulated.screen()).lines).toEqual((await fresh.screen()).lines);
      painter.close();
    }),
  );
});
