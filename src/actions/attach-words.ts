import { printable } from '../domain/printable.ts';
import { textWidth, truncateText } from '../domain/text-width.ts';

/** A session on its host, as named in the lines over its program. */
export interface NamedSession {
  readonly title: string;
  readonly host: string;
  /** The sign at the end of a cut title, one column wide. */
  readonly ellipsis: string;
}

export interface Opening extends NamedSession {
  /** The current step, such as `starting opencode`. */
  readonly doing: string;
  /** Milliseconds since the user asked for it. */
  readonly elapsed: number;
  /** The spinner's current frame. */
  readonly spinner: string;
}

/** Facts of the status line below an attached session. */
export interface AttachedStatus extends NamedSession {
  /** The session's folder on its host. */
  readonly directory: string;
  /** Whether the session itself is asking. An `older` request has to be answered in the dashboard: opencode does not show it. */
  readonly asks: 'nothing' | 'something' | 'older';
  /** Other sessions that need the user. */
  readonly others: number;
  /** The sign of attention. */
  readonly sign: string;
}

const WAY_BACK = 'ctrl+] back to the fleet';
const SHORT_WAY_BACK = 'ctrl+] back';
/** Columns that a title keeps before other words get shorter. */
const MIN_TITLE_COLUMNS = 12;

/** Returns the line shown while a session opens. */
export function openingLine(opening: Opening, columns: number): string {
  const { host, doing, elapsed, spinner } = opening;
  const seconds = `${Math.floor(elapsed / 1000)}s`;
  return fitLine(
    (name) => ` ${spinner.trim()} Opening ${name} on ${printable(host)}   ${doing}, ${seconds}`,
    (name) => ` ${spinner.trim()} ${name} on ${printable(host)} ${seconds}`,
    opening,
    columns,
  );
}

/** Returns the line shown over a program that does not respond to keys. */
export function silentLine(named: NamedSession, columns: number): string {
  const { host } = named;
  return fitLine(
    (name) => ` ${name} on ${printable(host)} does not answer`,
    (name) => ` ${name}: no answer`,
    named,
    columns,
  );
}

/** Returns the line shown over a session whose request opencode does not paint. */
export function olderRequestLine(sign: string, columns: number): string {
  const long = ` ${sign} asked before it was opened: ctrl+] y answers`;
  return textWidth(long) < columns ? long : ` ${sign} asks: ctrl+] y`;
}

/** Returns the line shown when another session asks something. */
export function otherRequestLine(sign: string, named: NamedSession, columns: number): string {
  const { host } = named;
  return fitLine(
    (name) => ` ${sign} ${name} on ${printable(host)} asks`,
    (name) => ` ${sign} ${name}`,
    named,
    columns,
  );
}

/** Returns the status line below an attached session. The title is cut first, then the words; the way back stays. */
export function statusLine(status: AttachedStatus, columns: number): string {
  const { asks, others, ellipsis, sign } = status;
  const isPlain = /^[ -~]*$/.test(ellipsis);
  const [attached, then] = isPlain ? ['<>', '>'] : ['⇄', '›'];
  const place = `${ellipsis}/${printable(lastFolder(status.directory))}`;
  const start = ` ${attached} ${printable(status.host)} ${then} `;
  const longAsks = { nothing: '', something: `${sign} asks`, older: `${sign} asks: ctrl+] y` }[asks];
  const shortAsks = { nothing: '', something: sign, older: `${sign} y` }[asks];
  const longOthers = others === 0 ? '' : others === 1 ? '1 other needs you' : `${others} others need you`;
  const shortOthers = others === 0 ? '' : `+${others}`;
  const title = printable(status.title);
  for (const [left, ...right] of [
    [`${start}${place} ${then} `, longAsks, longOthers, SHORT_WAY_BACK],
    [start, longAsks, longOthers, SHORT_WAY_BACK],
    [start, shortAsks, shortOthers, SHORT_WAY_BACK],
    [' ', shortAsks, shortOthers, SHORT_WAY_BACK],
  ] as const) {
    const end = right.filter((part) => part !== '').join('   ');
    const rest = columns - 1 - textWidth(left) - textWidth(end) - 2;
    if (rest < Math.min(MIN_TITLE_COLUMNS, textWidth(title))) continue;
    const begin = left + truncateText(title, rest, ellipsis);
    return begin + ' '.repeat(columns - 1 - textWidth(begin) - textWidth(end)) + end;
  }
  return truncateText(` ${SHORT_WAY_BACK}`, Math.max(0, columns - 1), '');
}

function lastFolder(directory: string): string {
  return directory.split('/').findLast((name) => name !== '') ?? '/';
}

/** Puts the way back at the right end. The title is cut first, then the words. The last column stays free, so that no line wraps. */
function fitLine(
  long: (name: string) => string,
  short: (name: string) => string,
  { title, ellipsis }: NamedSession,
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
    const left = line(truncateText(printable(title), rest, ellipsis));
    return left + ' '.repeat(room - textWidth(left) - back.length) + back;
  }
  return truncateText(` ${SHORT_WAY_BACK}`, room, '');
}
