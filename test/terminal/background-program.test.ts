import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BackgroundProgram } from '../../src/terminal/background-program.ts';
import { TerminalColours } from '../../src/terminal/terminal-colours.ts';
import type { Terminal } from '../../src/transport/transport.ts';
import { FakePty } from '../support/fake-pty.ts';

const SIZE = { columns: 40, rows: 6 };

/** The user's terminal, which paints what it is sent. */
class Screen {
  readonly real = new headless.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
  readonly stdin = Object.assign(new EventEmitter(), {
    raw: false,
    reading: false,
    setRawMode: (raw: boolean) => {
      this.stdin.raw = raw;
    },
    resume: () => {
      this.stdin.reading = true;
    },
    pause: () => {
      this.stdin.reading = false;
    },
  });
  readonly stdout = Object.assign(new EventEmitter(), {
    ...SIZE,
    full: false,
    write: (text: string | Uint8Array) => {
      this.written += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      this.real.write(text);
      return !this.stdout.full;
    },
  });
  written = '';

  get terminal(): Terminal {
    return { stdin: this.stdin, stdout: this.stdout } as unknown as Terminal;
  }

  type(text: string): void {
    this.stdin.emit('data', Buffer.from(text, 'latin1'));
  }

  resize(columns: number, rows: number): void {
    Object.assign(this.stdout, { columns, rows });
    this.real.resize(columns, rows);
    this.stdout.emit('resize');
  }

  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.real.write('', resolve));
    const { active } = this.real.buffer;
    const lines = Array.from({ length: this.real.rows }, (_, row) =>
      active.getLine(active.baseY + row)?.translateToString(true),
    );
    return lines.map((line) => line ?? '').filter((line) => line !== '');
  }

  async buffer(): Promise<string> {
    await this.lines();
    return this.real.buffer.active.type;
  }

  async shows(...lines: string[]): Promise<void> {
    await vi.waitFor(async () => expect(await this.lines()).toEqual(lines));
  }
}

describe('a program in the background', () => {
  const { signal } = new AbortController();
  let pty: FakePty;
  let screen: Screen;
  let program: BackgroundProgram;

  beforeEach(() => {
    pty = new FakePty();
    screen = new Screen();
    program = new BackgroundProgram(pty, SIZE, new TerminalColours());
  });

  /** Shows it and leaves it again. */
  async function visit(): Promise<void> {
    const shown = program.show(screen.terminal, signal);
    await vi.waitFor(() => expect(screen.stdin.reading).toBe(true));
    screen.type('\u001d');
    expect(await shown).toBe('detached');
  }

  it('is shown as it comes, and typed at', async () => {
    const shown = program.show(screen.terminal, signal);
    pty.print('hello ');
    pty.print(Buffer.from('wörld').subarray(0, 2));
    pty.print(Buffer.from('wörld').subarray(2));
    await screen.shows('hello wörld');
    screen.type('ab\u0003');
    expect(pty.typed).toBe('ab\u0003');
    expect(screen.stdin.raw).toBe(true);
    pty.end({ code: 3 });
    expect(await shown).toEqual({ code: 3, signal: null });
    expect(screen.stdin).toMatchObject({ raw: false, reading: false });
    expect(screen.stdin.listenerCount('data') + screen.stdout.listenerCount('resize')).toBe(0);
    expect(await screen.buffer()).toBe('normal');
  });

  it('gets nothing that was typed before it was seen, but can be left from the first moment', async () => {
    const shown = program.show(screen.terminal, signal);
    screen.type('the rest of a prompt\r');
    await vi.waitFor(() => expect(screen.written).not.toBe(''));
    pty.print('here');
    await screen.shows('here');
    screen.type('k');
    expect(pty.typed).toBe('k');
    pty.end();
    await shown;
    const again = new BackgroundProgram(new FakePty(), SIZE, new TerminalColours()).show(screen.terminal, signal);
    screen.type('a\u001d');
    expect(await again).toBe('detached');
  });

  it('lets ocr write between its sequences, never within one', async () => {
    expect(program.insert('\u0007')).toBe(false);
    const shown = program.show(screen.terminal, signal);
    pty.print('a');
    await screen.shows('a');
    const written = () => screen.written.slice(screen.written.indexOf('a'));
    expect(program.insert('[now]')).toBe(true);
    expect(written()).toBe('a[now]');
    pty.print('\u001b[3');
    expect(program.insert('[later]')).toBe(true);
    expect(written()).toBe('a[now]\u001b[3');
    pty.print('1mb');
    expect(written()).toBe('a[now]\u001b[31mb[later]');
    pty.print('\u001b]2;ti');
    program.insert('[at the end]');
    screen.type('\u001d');
    await shown;
    expect(screen.written).toMatch(/\[at the end\]$/);
    expect(program.insert('x')).toBe(false);
  });

  it('runs on when it is left, and its screen as it is comes at once the next time', async () => {
    const shown = program.show(screen.terminal, signal);
    pty.print('\u001b[?1049h\u001b[?1003h\u001b[2;2Hbefore');
    await screen.shows(' before');
    screen.type('x\u001dy');
    expect(await shown).toBe('detached');
    expect(pty.typed).toBe('x');
    expect(await screen.buffer()).toBe('normal');
    expect(screen.real.modes.mouseTrackingMode).toBe('none');
    const { written } = screen;
    pty.print('\u001b[3;3Hmeanwhile\u001b[c');
    await vi.waitFor(() => expect(pty.typed).toBe('x\u001b[?1;2c'));
    expect(screen.written).toBe(written);

    const again = program.show(screen.terminal, signal);
    await screen.shows(' before', '  meanwhile');
    expect(await screen.buffer()).toBe('alternate');
    expect(screen.real.modes.mouseTrackingMode).toBe('any');
    pty.print('\u001b[c after');
    await screen.shows(' before', '  meanwhile after');
    expect(pty.typed).toBe('x\u001b[?1;2c');
    pty.print('\u001b[?1003l\u001b[?1049l');
    pty.end();
    expect(await again).toEqual({ code: 0, signal: null });
    expect(await screen.buffer()).toBe('normal');
  });

  it('is shown without a gap or a repetition while it prints', async () => {
    const shown = program.show(screen.terminal, signal);
    await visitEnds(shown);
    for (let round = 0; round < 20; round += 1) {
      pty.print('\u001b[2J\u001b[H');
      const text = Array.from({ length: 100 }, (_, index) => String.fromCharCode(0x4e00 + round * 100 + index)).join(
        '',
      );
      const bytes = Buffer.from(`\u001b[31m${text}\u001b[0m`);
      pty.print(bytes.subarray(0, 100 + round));
      const again = program.show(screen.terminal, signal);
      pty.print(bytes.subarray(100 + round, 203));
      await Promise.resolve();
      pty.print(bytes.subarray(203));
      await vi.waitFor(async () => expect((await screen.lines()).join('')).toBe(text));
      await visitEnds(again);
    }
  });

  async function visitEnds(shown: Promise<unknown>): Promise<void> {
    screen.type('\u001d');
    expect(await shown).toBe('detached');
  }

  it('of the usual screen is shown on the other, so that what the user has there stays', async () => {
    screen.real.write('the shell');
    await visit();
    pty.print('prompt> ');
    const again = program.show(screen.terminal, signal);
    await screen.shows('prompt>');
    expect(await screen.buffer()).toBe('alternate');
    await visitEnds(again);
    await screen.shows('the shell');
  });

  it('hears of sizes, seen or not', async () => {
    program.resize({ columns: 30, rows: 5 });
    program.resize({ columns: 30, rows: 5 });
    expect(pty.sizes).toEqual([[30, 5]]);
    const shown = program.show(screen.terminal, signal);
    screen.resize(50, 8);
    expect(pty.sizes).toEqual([
      [30, 5],
      [40, 6],
      [50, 8],
    ]);
    await visitEnds(shown);
    screen.resize(60, 9);
    expect(pty.sizes).toHaveLength(3);
  });

  it('hears whether someone looks, where it has asked', async () => {
    await visit();
    expect(pty.typed).toBe('');
    pty.print('\u001b[?1004h');
    await visit();
    expect(pty.typed).toBe('\u001b[I\u001b[O');
  });

  it('knows the colours of the terminal that it was shown on', async () => {
    const shown = program.show(screen.terminal, signal);
    screen.type('\u001b]11;rgb:00/11/22\u0007');
    await visitEnds(shown);
    pty.typed = '';
    pty.print('\u001b]11;?\u0007');
    await vi.waitFor(() => expect(pty.typed).toBe('\u001b]11;rgb:00/11/22\u0007'));
  });

  it('waits while the terminal is slow, and while it is read', async () => {
    const shown = program.show(screen.terminal, signal);
    await vi.waitFor(() => expect(screen.written).not.toBe(''));
    screen.stdout.full = true;
    pty.print('much');
    expect(pty.paused).toBe(true);
    screen.stdout.full = false;
    screen.stdout.emit('drain');
    expect(pty.paused).toBe(false);
    await visitEnds(shown);
    for (let times = 0; times < 20; times += 1) pty.print('x'.repeat(65_536));
    expect(pty.paused).toBe(true);
    await vi.waitFor(() => expect(pty.paused).toBe(false), { timeout: 5000 });
  });

  it('that is left in the middle of a frame or a sequence leaves the terminal in order', async () => {
    const shown = program.show(screen.terminal, signal);
    await vi.waitFor(() => expect(screen.written).not.toBe(''));
    pty.print('\u001b[?1049h\u001b[?2026hhalf a frame\u001b]0;half a ti');
    await visitEnds(shown);
    screen.real.write('the dashboard');
    await screen.shows('the dashboard');
    expect(screen.real.modes.synchronizedOutputMode).toBe(false);
    pty.print('tle\u0007');
    const again = program.show(screen.terminal, signal);
    await screen.shows('half a frame');
    await visitEnds(again);
  });

  it('that loses its connection says so, and gives the terminal back in order', async () => {
    const shown = program.show(screen.terminal, signal);
    pty.print('\u001b[?1049h\u001b[?1000h\u001b[?25lhalf');
    pty.lose();
    await expect(shown).rejects.toMatchObject({ kind: 'closed' });
    await expect(program.exit).rejects.toMatchObject({ kind: 'closed' });
    expect(await screen.buffer()).toBe('normal');
    expect(screen.real.modes.mouseTrackingMode).toBe('none');
    expect(screen.written).toContain('\u001b[?25h');
  });

  it('that ended while no one looked tells its last lines, and its end when it is shown', async () => {
    pty.print('one\r\ntwo');
    pty.end({ code: 4 });
    expect(await program.exit).toEqual({ code: 4, signal: null });
    expect(await program.lines()).toEqual(['one', 'two']);
    expect(await program.show(screen.terminal, signal)).toEqual({ code: 4, signal: null });
  });

  describe('that opens', () => {
    const words = {
      opening: (columns: number) => `opening, ${columns} wide`,
      silent: () => 'does not answer',
    };

    it('is announced on the last row at any size, and gets answers of the terminal but no keys', async () => {
      screen.real.write('the shell');
      const shown = program.show(screen.terminal, signal, words);
      await screen.shows('opening, 40 wide');
      expect(await screen.buffer()).toBe('alternate');
      pty.print('\u001b[?1049h\u001b[2J\u001b[?1003h\u001b[c');
      await screen.shows('opening, 40 wide');
      screen.type('jq\r\u001a\u001b[?62;4c\u001b]11;rgb:00/11/22\u0007\u001b[<0;1;1Mx');
      expect(pty.typed).toBe('\u001b[?62;4c\u001b]11;rgb:00/11/22\u0007');
      screen.resize(50, 8);
      await screen.shows('opening, 50 wide');
      expect(screen.real.buffer.active.getLine(7)?.translateToString(true)).toBe('opening, 50 wide');
      pty.print('\u001b[2;3H\u001b[31mready');
      await screen.shows('  ready');
      screen.type('k');
      expect(pty.typed).toMatch(/\u0007k$/);
      pty.print('!');
      await screen.shows('  ready!');
      screen.type('\u001d');
      expect(await shown).toBe('detached');
      expect(await screen.buffer()).toBe('normal');
      await screen.shows('the shell');
      const again = program.show(screen.terminal, signal, words);
      await screen.shows('  ready!');
      await visitEnds(again);
    });

    it('may end with a farewell on the usual screen, below which the shell goes on', async () => {
      screen.real.write('the shell\r\n');
      const shown = program.show(screen.terminal, signal, words);
      await screen.shows('opening, 40 wide');
      pty.print('\u001b[?1049h\u001b[Hready');
      await screen.shows('ready');
      pty.print('\u001b[?1049lfarewell\r\n');
      pty.end({ code: 0 });
      expect(await shown).toEqual({ code: 0, signal: null });
      await screen.shows('the shell', 'farewell');
      screen.real.write('prompt>');
      await screen.shows('the shell', 'farewell', 'prompt>');
    });

    it('can be left before it has painted, opens on, and is announced again', async () => {
      screen.real.write('the shell');
      const shown = program.show(screen.terminal, signal, words);
      await screen.shows('opening, 40 wide');
      pty.print('\u001b[?1049h');
      await visitEnds(shown);
      await screen.shows('the shell');
      const again = program.show(screen.terminal, signal, words);
      await screen.shows('opening, 40 wide');
      pty.end({ code: 1 });
      expect(await again).toEqual({ code: 1, signal: null });
      await screen.shows('the shell');
    });
  });

  it('has a notice of ours on its last row, and its own row back after that', async () => {
    const shown = program.show(screen.terminal, signal);
    pty.print('\u001b[?1049h\u001b[6;1Hlast row\u001b[1;1H\u001b[32mfirst');
    await screen.shows('first', 'last row');
    program.say(() => 'a notice');
    await screen.shows('first', 'a notice');
    pty.print(' row');
    await screen.shows('first row', 'a notice');
    expect(screen.real.buffer.active.getLine(0)?.getCell(8)?.getFgColor()).toBe(2);
    program.say(null);
    await screen.shows('first row', 'last row');
    await visitEnds(shown);
  });

  describe('with a status line', () => {
    const words = {
      opening: () => 'opening',
      silent: () => 'does not answer',
      status: (columns: number) => `status, ${columns} wide`,
    };
    let shown: Promise<unknown>;

    /** Shows a program that has painted something. */
    async function open(): Promise<void> {
      pty = new FakePty();
      program = new BackgroundProgram(pty, SIZE, new TerminalColours(), () => {}, { statusLine: true });
      shown = program.show(screen.terminal, signal, words);
      await screen.shows('opening');
      pty.print('\u001b[?1049h\u001b[Hfirst\u001b[5;1Hfifth');
      await screen.shows('first', 'fifth', 'status, 40 wide');
    }

    it('has it below its screen, also when it erases and scrolls', async () => {
      await open();
      expect(screen.real.buffer.active.getLine(5)?.translateToString(true)).toBe('status, 40 wide');
      pty.print('\u001b[2J\u001b[Hanew');
      await screen.shows('anew', 'status, 40 wide');
      pty.print('\u001b[5;1H\r\n\r\nlow');
      await screen.shows('low', 'status, 40 wide');
      pty.print('\u001b[r\u001b[99;1H\r\n\r\n\r\nlower');
      await screen.shows('low', 'lower', 'status, 40 wide');
      expect(screen.real.buffer.active.getLine(4)?.translateToString(true)).toBe('lower');
      await visitEnds(shown);
    });

    it('hears of a terminal that is one row lower, at any size', async () => {
      await open();
      screen.resize(50, 10);
      expect(pty.sizes.at(-1)).toEqual([50, 9]);
      await screen.shows('first', 'fifth', 'status, 50 wide');
      expect(screen.real.buffer.active.getLine(9)?.translateToString(true)).toBe('status, 50 wide');
      pty.print('\u001b[9;1Hninth');
      await screen.shows('first', 'fifth', 'ninth', 'status, 50 wide');
      await visitEnds(shown);
    });

    it('has every row of a terminal that has few', async () => {
      await open();
      screen.resize(40, 4);
      // The program had as many rows less one.
      expect(pty.sizes.at(-1)).toEqual([40, 4]);
      pty.print('\u001b[2J\u001b[Hanew\u001b[4;1Hfourth');
      await screen.shows('anew', 'fourth');
      screen.resize(40, 7);
      pty.print('\u001b[2J\u001b[Hagain');
      await screen.shows('again', 'status, 40 wide');
      await visitEnds(shown);
    });

    it('has a notice in its place for as long as there is one', async () => {
      await open();
      program.say(() => 'a notice');
      await screen.shows('first', 'fifth', 'a notice');
      program.say(null);
      await screen.shows('first', 'fifth', 'status, 40 wide');
      await visitEnds(shown);
    });

    it('takes it along when it is left, and has it again when it is shown again', async () => {
      screen.real.write('the shell');
      await open();
      await visitEnds(shown);
      await screen.shows('the shell');
      screen.real.write('\u001b[6;1H\r\nscrolled');
      await screen.shows('scrolled');
      pty.print('\u001b[3;1Hmeanwhile');
      const again = program.show(screen.terminal, signal, words);
      await screen.shows('first', 'meanwhile', 'fifth', 'status, 40 wide');
      await visitEnds(again);
    });

    it('keeps the cursor and the pen of a program that goes on', async () => {
      await open();
      pty.print('\u001b[2J\u001b[H\u001b[32mone');
      await screen.shows('one', 'status, 40 wide');
      pty.print(' two');
      await screen.shows('one two', 'status, 40 wide');
      expect(screen.real.buffer.active.getLine(0)?.getCell(5)?.getFgColor()).toBe(2);
      await visitEnds(shown);
    });
  });

  it('is left when the dashboard ends', async () => {
    const abort = new AbortController();
    const shown = program.show(screen.terminal, abort.signal);
    abort.abort();
    expect(await shown).toBe('detached');
    expect(screen.stdin.raw).toBe(false);
    program.close();
    expect(pty.closed).toBe(true);
  });
});
