import headless from '@xterm/headless';
import type { TerminalSize } from '../domain/painted-screen.ts';
import { CharacterWidths } from './character-width.ts';

export type Emulator = InstanceType<typeof headless.Terminal>;

/** ED (ECMA-48) up to the cursor, also DECSED. */
const UP_TO_CURSOR = 1;

/** Creates a terminal without a screen, with the character widths that terminals agree on. */
export function createEmulator({ columns, rows }: TerminalSize): Emulator {
  // Full-screen programs scroll nothing out of it; of others only the visible part is kept.
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
  const { unicode, parser } = terminal;
  const widths = new CharacterWidths();
  unicode.register(widths);
  unicode.activeVersion = widths.version;
  // At the very end of the screen, xterm.js 6.0 throws in a timer, where nothing could catch it. The erasure is skipped there.
  const skipsErasure = (params: readonly (number | readonly number[])[]) => {
    const { cursorX, cursorY } = terminal.buffer.active;
    return params[0] === UP_TO_CURSOR && cursorX + 1 >= terminal.cols && cursorY + 1 >= terminal.rows;
  };
  parser.registerCsiHandler({ final: 'J' }, skipsErasure);
  parser.registerCsiHandler({ prefix: '?', final: 'J' }, skipsErasure);
  return terminal;
}
