import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/terminal/emulator.ts';
import { KeptScreen } from '../../src/terminal/kept-screen.ts';
import { ENTER_ALTERNATE_SCREEN, PLAIN_SCREEN } from '../../src/terminal/reset-terminal.ts';
import { StatusRow } from '../../src/terminal/status-row.ts';
import { TerminalColours } from '../../src/terminal/terminal-colours.ts';
import { aTerminal, cursor, type Real, seen, write } from './real-terminal.ts';

const SIZE = { columns: 20, rows: 6 };
const FULL = { columns: 20, rows: 7 };
const LINE = ' line of ocr';

/** A program that prints to the user's terminal, above ocr's row. */
class ShownProgram {
  readonly screen = new KeptScreen(SIZE, new TerminalColours(), () => {});
  readonly row = new StatusRow(FULL);
  readonly real: Real = aTerminal(FULL);
  /** A terminal that is the program's alone. */
  readonly direct: Real = createEmulator(SIZE);
  /** Bytes of ours. */
  painted = 0;

  static async start(): Promise<ShownProgram> {
    const shown = new ShownProgram();
    shown.screen.hasRowBelow = true;
    await shown.#toTerminal(ENTER_ALTERNATE_SCREEN + PLAIN_SCREEN);
    await shown.repair('colours');
    return shown;
  }

  async print(text: string): Promise<void> {
    const kept = new Promise<void>((resolve) => this.screen.write(Buffer.from(text), false, resolve));
    await Promise.all([kept, write(this.direct, text), this.#toTerminal(text)]);
  }

  async repair(comparison: 'texts' | 'colours'): Promise<string | null> {
    await new Promise<void>((resolve) => this.row.whenRead(resolve));
    const painted = this.row.repair(this.screen, LINE, comparison === 'texts');
    if (painted !== null) {
      this.painted += painted.length;
      await this.#toTerminal(painted);
    }
    return painted;
  }

  get lastRow(): string {
    return (
      this.real.buffer.active
        .getLine(FULL.rows - 1)
        ?.translateToString(true)
        .trimEnd() ?? ''
    );
  }

  expectWhole(): void {
    expect(this.lastRow).toBe(LINE);
    expect(seen(this.real).slice(0, SIZE.rows)).toEqual(seen(this.direct));
    expect(cursor(this.real)).toEqual(cursor(this.direct));
  }

  async #toTerminal(text: string): Promise<void> {
    this.row.write(text);
    await write(this.real, text);
  }
}

describe('the row below a program', () => {
  it.each([
    ['that erases the screen', '\u001b[2J\u001b[Htext'],
    ['that erases below the cursor', '\u001b[3;1Htext\u001b[J'],
    ['that scrolls', Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\r\n')],
    ['that sets margins and takes them back', '\u001b[2;4rabc\r\n\n\n\n\n\u001b[r\u001b[6;1Hlast\r\nnew'],
    ['with margins that end below it', '\u001b[1;99r\u001b[6;1Hlast\r\nnew'],
    ['that moves below its margins', '\u001b[1;3r\u001b[5;1Hlow\n\n\n\nx'],
    ['that moves down as far as it goes', '\u001b[99B\u001b[99Cx'],
    ['that goes to a row that it has not', '\u001b[99;99Hx'],
    ['on its alternate screen', '\u001b[?1049h\u001b[2J\u001b[6;1Hlast\n\nx'],
    ['that fills the screen for adjustment', '\u001b#8'],
    ['that wraps no lines', `\u001b[?7l\u001b[6;15H${'x'.repeat(20)}`],
    ['that resets softly', '\u001b[2;4r\u001b[!p\u001b[6;1H\n\n'],
  ])('shows the line and leaves a program as it would be, %s', async (_name, text) => {
    const shown = await ShownProgram.start();
    await shown.print(text);
    await shown.repair('texts');
    shown.expectWhole();
    await shown.print('more\r\n\n\n\n\n\nend');
    await shown.repair('texts');
    shown.expectWhole();
  });

  it('is not painted while nothing has touched it', async () => {
    const shown = await ShownProgram.start();
    await shown.print('\u001b[?1049h\u001b[2;2Hfirst');
    await shown.repair('texts');
    const { painted } = shown;
    await shown.print('\u001b[31m second\u001b[5;1Hthird');
    expect(await shown.repair('texts')).toBe('');
    expect(await shown.repair('colours')).toBe('');
    expect(shown.painted).toBe(painted);
  });

  it('is painted now and then all the same, since another program may have written to the terminal', async () => {
    const shown = await ShownProgram.start();
    await write(shown.real, '\u001b[7;1Hwall message\u001b[1;1H');
    for (let look = 0; look < 10; look += 1) await shown.repair('colours');
    shown.expectWhole();
  });

  it('is not scrolled away by a program that scrolls', async () => {
    const shown = await ShownProgram.start();
    await shown.print('\u001b[6;1H');
    for (let line = 0; line < 9; line += 1) {
      await shown.print(`\r\nline ${line}`);
      expect(shown.lastRow).toBe(LINE);
    }
    expect(await shown.repair('texts')).toBe('');
  });

  it.each([
    ['in the middle of a frame', '\u001b[?2026h\u001b[2J', '\u001b[?2026l'],
    ['while rows are counted from the margins', '\u001b[2;4r\u001b[?6h\u001b[2J', '\u001b[?6l\u001b[r'],
  ])('waits %s', async (_name, begin, end) => {
    const shown = await ShownProgram.start();
    await shown.print(begin);
    expect(await shown.repair('texts')).toBeNull();
    await shown.print(end);
    expect(await shown.repair('texts')).not.toBeNull();
    shown.expectWhole();
  });

  it("leaves the user's own screen alone when the program has gone back to it", async () => {
    const shown = await ShownProgram.start();
    await shown.print('\u001b[?1049h\u001b[?1049lfarewell');
    expect(await shown.repair('colours')).toBeNull();
  });

  it('gives the whole terminal back in the end', async () => {
    const shown = await ShownProgram.start();
    await shown.print('\u001b[2;4rtext');
    await shown.repair('texts');
    await write(shown.real, shown.screen.undoing(true));
    await write(shown.real, '\u001b[1;1H1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8');
    const row = (y: number) => shown.real.buffer.active.getLine(shown.real.buffer.active.baseY + y);
    expect(row(6)?.translateToString(true)).toBe('8');
    expect(row(0)?.translateToString(true)).toBe('2');
  });

  it('shows the line, and the program its own rows, whatever it prints', async () => {
    const move = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 22 }))
      .map(([row, column]) => `\u001b[${row};${column}H`);
    const margins = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }))
      .map(([top, more]) => `\u001b[${top};${top + more}r`);
    const fixed = [
      ...['a', 'word ', '世', '😀', '\r\n', '\n', '\t', '\b', '\u001bD', '\u001bM', '\u001bE', '\u001b7', '\u001b8'],
      ...['\u001b[K', '\u001b[J', '\u001b[2J', '\u001b[L', '\u001b[2M', '\u001b[3P', '\u001b[2@'],
      ...['\u001b[9B', '\u001b[9E', '\u001b[9A', '\u001b[9d', '\u001b[2S', '\u001b[2T', '\u001b[r', '\u001b[!p'],
      ...['\u001b[31m', '\u001b[44m', '\u001b[7m', '\u001b[m', '\u001b#8', '\u001b[?25l'],
    ];
    const text = fc.string({ unit: fc.constantFrom('x', 'y', ' '), minLength: 15, maxLength: 30 });
    const piece = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fixed) }, move, margins, text);
    const chunks = fc.array(fc.array(piece, { minLength: 1, maxLength: 8 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(chunks, async (printed) => {
        const shown = await ShownProgram.start();
        for (const chunk of printed) {
          await shown.print(chunk.join(''));
          await shown.repair('texts');
          expect(shown.lastRow).toBe(LINE);
        }
        await shown.repair('colours');
        shown.expectWhole();
      }),
    );
  });
});
