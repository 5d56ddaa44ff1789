import type { DashboardTerminal } from './dashboard-terminal.ts';

/** Milliseconds that a terminal may take to say its background; a local one takes one or two. */
const ANSWER_TIMEOUT_MS = 250;
/** OSC 11 asks for the background; the primary device attributes, which every terminal answers, end the wait for it (xterm's ctlseqs). */
const QUESTION = '\u001b]11;?\u0007\u001b[c';
const BACKGROUND = /\u001b\]11;rgba?:([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)/i;
const ATTRIBUTES = /\u001b\[\?[\d;]*c/;

/** Asks the terminal whether its background is light or dark; `dark` if it does not answer. */
export async function detectBackground(
  { keyboard, write }: Pick<DashboardTerminal, 'keyboard' | 'write'>,
  environment: NodeJS.ProcessEnv,
): Promise<'light' | 'dark'> {
  const answers = keyboard.answersUntil(ATTRIBUTES, ANSWER_TIMEOUT_MS);
  write(QUESTION);
  return parseBackground(await answers) ?? parseColourFgBg(environment.COLORFGBG) ?? 'dark';
}

/** Returns light or dark by the luminance (ITU-R BT.601) of an answer to OSC 11; `null` if there is none in it. */
export function parseBackground(answer: string): 'light' | 'dark' | null {
  const match = BACKGROUND.exec(answer);
  if (match === null) return null;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((hex) => Number.parseInt(hex, 16) / (16 ** hex.length - 1));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 ? 'light' : 'dark';
}

/** `COLORFGBG` is `foreground;background` as colours of the palette (rxvt): 7 and 9 to 15 are light. */
export function parseColourFgBg(value: string | undefined): 'light' | 'dark' | null {
  const background = Number(value?.split(';').at(-1) || Number.NaN);
  if (!Number.isInteger(background)) return null;
  return background === 7 || background > 8 ? 'light' : 'dark';
}
