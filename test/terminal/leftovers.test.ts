import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { describe, expect, it, vi } from 'vitest';
import { BackgroundProgram } from '../../src/terminal/background-program.ts';
import { TerminalColours } from '../../src/terminal/terminal-colours.ts';
import type { Terminal } from '../../src/transport/transport.ts';
import { FakePty } from '../support/fake-pty.ts';

const SIZE = { columns: 40, rows: 6 };

/** A leftover of a program on the terminal, and the sequence that undoes it. `null` if the tests of modes name it. */
const LEFTOVERS: Readonly<Record<string, readonly [string, string | null]>> = {
  'an open hyperlink': ['\u001b]8;id=1;https://example.org\u001b\\link', '\u001b]8;;\u0007'],
  'colours of the palette': ['\u001b]4;1;red;200;rgb:00/11/22\u0007', '\u001b]104;1\u0007\u001b]104;200\u0007'],
  'special colours': ['\u001b]5;0;red\u0007', '\u001b]105;0\u0007'],
  'the colour of text': ['\u001b]10;red\u0007', '\u001b]110\u0007'],
  'colours of text and background at once': ['\u001b]10;red;blue\u0007', '\u001b]110\u0007\u001b]111\u0007'],
  'the background': ['\u001b]11;#123456\u001b\\', '\u001b]111\u0007'],
  "the cursor's colour": ['\u001b]12;red\u0007', '\u001b]112\u0007'],
  "the pointer's colours": ['\u001b]13;red\u0007\u001b]14;red\u0007', '\u001b]113\u0007\u001b]114\u0007'],
  "the selection's colours": ['\u001b]17;red\u0007\u001b]19;red\u0007', '\u001b]117\u0007\u001b]119\u0007'],
  "the pointer's shape": ['\u001b]22;crosshair\u0007', '\u001b]22;\u0007'],
  modifyOtherKeys: ['\u001b[>4;2m', '\u001b[>4m'],
  modifyCursorKeys: ['\u001b[>1;3m', '\u001b[>1m'],
  formatOtherKeys: ['\u001b[>4;1f', '\u001b[>4f'],
  'kitty keyboard flags that were pushed': ['\u001b[>1u\u001b[>31u', '\u001b[<2u'],
  'kitty keyboard flags that were set': ['\u001b[=5;1u', '\u001b[=0;1u'],
  'the shape of the cursor': ['\u001b[5 q', '\u001b[0 q'],
  'a cursor out of sight': ['\u001b[?25l', '\u001b[?25h'],
  'auto print': ['\u001b[?5i', '\u001b[?4i'],
  'printer controller mode': ['\u001b[5i', '\u001b[4i'],
  'a title': ['\u001b]0;opencode\u0007', '\u001b[23;0t'],
  'titles on the stack': ['\u001b[22;0t\u001b[22;0t\u001b]2;x\u0007', '\u001b[23;0t\u001b[23;0t\u001b[23;0t'],
  '132 columns': ['\u001b[?40h\u001b[?3h', '\u001b[?3l\u001b[?40l'],
  'origin mode': ['\u001b[2;4r\u001b[?6h', '\u001b[?6l'],
  margins: ['\u001b[2;4r', '\u001b[r'],
  'left and right margins': ['\u001b[?69h\u001b[5;20s', '\u001b[?69l'],
  'insert mode': ['\u001b[4h', '\u001b[4l'],
  'new line mode': ['\u001b[20h', '\u001b[20l'],
  'local echo': ['\u001b[12l', '\u001b[12h'],
  'no wrapping': ['\u001b[?7l', '\u001b[?7h'],
  'reverse wrapping': ['\u001b[?45h', '\u001b[?45l'],
  'reverse video': ['\u001b[?5h', '\u001b[?5l'],
  'line drawing as G0': ['\u001b(0', '\u001b(B'],
  'line drawing as G1, in use': ['\u001b)0\u000e', '\u001b)B'],
  'a charset that is not UTF-8': ['\u001b%@', '\u001b%G'],
  'application cursor keys': ['\u001b[?1h', '\u001b[?1l'],
  'the application keypad': ['\u001b=', '\u001b>'],
  'X10 mouse reports': ['\u001b[?9h', '\u001b[?9l'],
  'mouse clicks': ['\u001b[?1000h\u001b[?1006h', '\u001b[?1006l'],
  'mouse moves': ['\u001b[?1003h\u001b[?1016h', '\u001b[?1016l'],
  'bracketed paste': ['\u001b[?2004h', '\u001b[?2004l'],
  'focus reports': ['\u001b[?1004h', '\u001b[?1004l'],
  'reports of the colour scheme': ['\u001b[?2031h', '\u001b[?2031l'],
  'reports of the size': ['\u001b[?2048h', '\u001b[?2048l'],
  'an update that is held back': ['\u001b[?2026h', '\u001b[?2026l'],
  'colours and bold': ['\u001b[1;31;44m', '\u001b[0m'],
  'protected characters': ['\u001b[1"q', '\u001b[0"q'],
  'no tab stops': ['\u001b[3g', '\u001b[?5W'],
  'text on the status line': ['\u001b[1$}', '\u001b[0$}'],
  'an older terminal': ['\u001b[61"p', '\u001b[64;1"p'],
  'a VT52': ['\u001b[?2l', '\u001b<'],
  'a progress bar': ['\u001b]9;4;1;50\u0007', '\u001b]9;4;0\u0007'],
  'a pointer out of sight': ['\u001b[>3p', '\u001b[>1p'],
  'half a sequence': ['\u001b[3', '\u0018'],
  'half a string': ['\u001b]52;c;AAAA', '\u0018'],
};

/** The parts read from xterm.js's terminal, whose internals have no types. */
interface Inner {
  readonly _core: {
    readonly coreService: { readonly modes: object; readonly decPrivateModes: object };
    readonly _charsetService: { readonly glevel: number; readonly charset: object | undefined };
    readonly _inputHandler: {
      readonly _curAttrData: {
        readonly fg: number;
        readonly bg: number;
        readonly extended: { ext: number; urlId: number };
      };
      readonly _windowTitleStack: readonly string[];
      readonly _activeBuffer: { readonly scrollTop: number; readonly scrollBottom: number };
    };
  };
}

/** The state of a terminal besides its screen, as JSON. */
function stateOf(real: InstanceType<typeof headless.Terminal>): string {
  const { coreService, _charsetService, _inputHandler } = (real as unknown as Inner)._core;
  const { _curAttrData: pen, _windowTitleStack: titles, _activeBuffer } = _inputHandler;
  const names = Object.keys(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(real.modes)));
  const state = {
    modes: [coreService.modes, coreService.decPrivateModes],
    shown: Object.fromEntries(names.map((name) => [name, Reflect.get(real.modes, name)])),
    type: real.buffer.active.type,
    pen: [pen.fg, pen.bg, pen.extended.ext, pen.extended.urlId],
    charset: [_charsetService.glevel, _charsetService.charset],
    margins: [_activeBuffer.scrollTop, _activeBuffer.scrollBottom],
    ...{ titles: titles.length, columns: real.cols },
  };
  return JSON.stringify(state, null, 1);
}

async function visitWith(sequence: string, isAlternate: boolean) {
  const real = new headless.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
  let written = '';
  const stdin = Object.assign(new EventEmitter(), { setRawMode: () => {}, resume: () => {}, pause: () => {} });
  const stdout = Object.assign(new EventEmitter(), {
    ...SIZE,
    write: (text: string | Uint8Array) => {
      written += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      real.write(text);
      return true;
    },
  });
  const settled = () => new Promise<void>((resolve) => real.write('', resolve));
  real.write('\u001b]2;the shell\u0007$ ');
  await settled();
  const before = stateOf(real);
  const pty = new FakePty();
  const program = new BackgroundProgram(pty, SIZE, new TerminalColours());
  for (let visit = 0; visit < 2; visit += 1) {
    const shown = program.show({ stdin, stdout } as unknown as Terminal, new AbortController().signal);
    await vi.waitFor(() => expect(written).not.toBe(''));
    if (visit === 0) pty.print((isAlternate ? '\u001b[?1049h' : '') + sequence);
    await new Promise((resolve) => setTimeout(resolve));
    written = '';
    stdin.emit('data', Buffer.from('\u001d'));
    expect(await shown).toBe('detached');
    await settled();
    expect(stateOf(real)).toEqual(before);
    if (visit === 0) expect(written).toContain('\u001b[0m');
    pty.typed = written;
  }
  return pty.typed;
}

describe.each([true, false])('a program on the alternate screen (%s) that is left takes back', (isAlternate) => {
  it.each(Object.entries(LEFTOVERS))('%s', async (_name, [sequence, undo]) => {
    const last = await visitWith(sequence, isAlternate);
    // Titles on the stack are undone by the first visit alone.
    if (undo !== null && !undo.startsWith('\u001b[23;0t\u001b[23')) expect(last).toContain(undo);
  });
});
