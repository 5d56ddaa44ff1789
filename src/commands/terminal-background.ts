import type { SignWidths } from '../domain/icons.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';

/** Milliseconds that a terminal may take to answer; a local one takes one or two. */
const ANSWER_TIMEOUT_MS = 250;
/** OSC 11 asks for the background (xterm's ctlseqs). */
const ASK_BACKGROUND = '\u001b]11;?\u0007';
/** The primary device attributes, which every terminal answers, end the wait for the other answers. */
const ASK_ATTRIBUTES = '\u001b[c';
/** Asks for the cursor's position before and after each sign, then puts the cursor back and erases them (DECSC, DSR 6, DECRC, EL). */
const [SAVE, ASK_POSITION, RESTORE, ERASE] = ['\u001b7', '\u001b[6n', '\u001b8', '\u001b[K'];
const ASK_WIDTHS = `${SAVE}${ASK_POSITION}🟢${ASK_POSITION}${RESTORE}▲${ASK_POSITION}${RESTORE}${ERASE}`;

const BACKGROUND = /\u001b\]11;rgba?:([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)/i;
const ATTRIBUTES = /\u001b\[\?[\d;]*c/;
const POSITION = /\u001b\[(\d+);(\d+)R/g;

/** Facts that only the terminal knows; `null` where it did not answer. */
export interface TerminalFacts {
  readonly background: 'light' | 'dark' | null;
  readonly widths: SignWidths | null;
}

/** Asks the terminal for its background, and if wanted for the columns that it gives to signs, in one write. Never rejects. */
export async function askTerminal(
  { keyboard, write }: Pick<DashboardTerminal, 'keyboard' | 'write'>,
  asksWidths: boolean,
): Promise<TerminalFacts> {
  const answers = keyboard.answersUntil(ATTRIBUTES, ANSWER_TIMEOUT_MS);
  write(`${ASK_BACKGROUND}${asksWidths ? ASK_WIDTHS : ''}${ASK_ATTRIBUTES}`);
  const heard = await answers;
  return { background: parseBackground(heard), widths: parseWidths(heard) };
}

/** Returns light or dark by the luminance (ITU-R BT.601) of an answer to OSC 11; `null` if there is none in it. */
export function parseBackground(answer: string): 'light' | 'dark' | null {
  const match = BACKGROUND.exec(answer);
  if (match === null) return null;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((hex) => Number.parseInt(hex, 16) / (16 ** hex.length - 1));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 ? 'light' : 'dark';
}

/** Returns the columns of the signs by three positions of the cursor; `null` if they are not all there, or a sign began a new line. */
export function parseWidths(answer: string): SignWidths | null {
  const positions = [...answer.matchAll(POSITION)].map(([, row, column]) => ({ row, column: Number(column) }));
  const [before, afterEmoji, afterShape] = positions;
  if (before === undefined || afterEmoji === undefined || afterShape === undefined) return null;
  if (afterEmoji.row !== before.row || afterShape.row !== before.row) return null;
  return { emoji: afterEmoji.column - before.column, shape: afterShape.column - before.column };
}

/** `COLORFGBG` is `foreground;background` as colours of the palette (rxvt): 7 and 9 to 15 are light. */
export function parseColourFgBg(value: string | undefined): 'light' | 'dark' | null {
  const background = Number(value?.split(';').at(-1) || Number.NaN);
  if (!Number.isInteger(background)) return null;
  return background === 7 || background > 8 ? 'light' : 'dark';
}
