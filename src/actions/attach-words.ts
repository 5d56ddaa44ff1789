import { printable } from '../domain/printable.ts';
import { textWidth, truncateText } from '../domain/text-width.ts';

/** A session on its host, as the lines over its program name it. */
export interface NamedSession {
  readonly title: string;
  readonly host: string;
}

export interface Opening extends NamedSession {
  /** What is being done now, such as `starting opencode`. */
  readonly doing: string;
  /** Milliseconds since the user asked for it. */
  readonly elapsed: number;
  /** The frame of the spinner to show. */
  readonly spinner: string;
}

const WAY_BACK = 'ctrl+] back to the fleet';
const SHORT_WAY_BACK = 'ctrl+] back';
/** Columns that a title keeps before other words are shortened. */
const MIN_TITLE_COLUMNS = 12;

/** The line shown while a session opens. */
export function openingLine({ title, host, doing, elapsed, spinner }: Opening, columns: number): string {
  const seconds = `${Math.floor(elapsed / 1000)}s`;
  return fitLine(
    (name) => ` ${spinner.trim()} Opening ${name} on ${printable(host)}   ${doing}, ${seconds}`,
    (name) => ` ${spinner.trim()} ${name} on ${printable(host)} ${seconds}`,
    title,
    columns,
  );
}

/** The line shown over a program that does not answer to keys. */
export function silentLine({ title, host }: NamedSession, columns: number): string {
  return fitLine(
    (name) => ` ${name} on ${printable(host)} does not answer`,
    (name) => ` ${name}: no answer`,
    title,
    columns,
  );
}

/** The line shown over a session whose request opencode does not paint. */
export function olderRequestLine(sign: string, columns: number): string {
  return columns < LONG_REQUEST_COLUMNS
    ? ` ${sign} asks: ctrl+] y`
    : ` ${sign} asks, from before it was opened: ctrl+] and then enter answers it`;
}
const LONG_REQUEST_COLUMNS = 70;

/** The line shown when another session asks something. */
export function otherRequestLine(sign: string, { title, host }: NamedSession, columns: number): string {
  return fitLine(
    (name) => ` ${sign} ${name} on ${printable(host)} asks`,
    (name) => ` ${sign} ${name}`,
    title,
    columns,
  );
}

/** Puts the way back at the right end; the title is cut first, then the words are. The last column stays free, so that no line wraps. */
function fitLine(
  long: (name: string) => string,
  short: (name: string) => string,
  title: string,
  columns: number,
): string {
  const room = columns - 1;
  for (const [line, back] of [
    [long, WAY_BACK],
    [long, SHORT_WAY_BACK],
    [short, SHORT_WAY_BACK],
  ] as const) {
    const rest = room - textWidth(line('')) - back.length - 2;
    if (rest < Math.min(MIN_TITLE_COLUMNS, textWidth(printable(title)))) continue;
    const left = line(truncateText(printable(title), rest, '...'));
    return left + ' '.repeat(room - textWidth(left) - back.length) + back;
  }
  return truncateText(` ${SHORT_WAY_BACK}`, room, '');
}
