import { createPager, type PagerLine, type PagerState } from '../store/form/pager.ts';
import type { Message } from '../store/messages.ts';

/** Returns the lines of the message log, the latest message last, where the pager starts. */
export function messageLog(messages: readonly Message[]): PagerState {
  const lines = messages.flatMap(linesOf);
  const shown = lines.length === 0 ? [[{ text: 'No messages yet.' }]] : lines;
  return { ...createPager({ title: 'Messages', lines: shown }), top: shown.length };
}

/** As wide as the time in front of a message. */
const DETAIL_INDENT = ' '.repeat(10);

function linesOf({ kind, text, lines, at }: Message): PagerLine[] {
  const isFailure = kind === 'error';
  const head: PagerLine = [
    { text: `${timeOf(at)}  `, colour: 'dim' },
    ...(isFailure ? [{ text: 'failed  ', colour: 'bad' as const, bold: true }] : []),
    isFailure ? { text, colour: 'bad' } : { text },
  ];
  return [head, ...lines.map((line): PagerLine => [{ text: `${DETAIL_INDENT}${line}`, colour: 'dim' }])];
}

/** Formats the time of day on this machine, such as `14:03:07`. */
function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
