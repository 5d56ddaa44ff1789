import type { Activity } from '../../domain/activity.ts';
import { formatTime } from '../../domain/format.ts';
import { type Line, segment } from '../paint/line.ts';
import { cachedLines } from './line-cache.ts';
import { hangingLines, indentedLines } from './text-lines.ts';

/** Time and duration with their blanks. */
const HEAD_COLUMNS = 17;

/** Paints an activity on a host: when, how long, what, and its result. */
export const activityLines = cachedLines(({ at, duration, what, result }: Activity, { width }): Line[] => {
  const time = formatTime(at).slice(-8);
  const head = [segment(time, 'dim'), segment(`${formatDuration(duration).padStart(HEAD_COLUMNS - 10)}  `, 'dim')];
  return [
    ...hangingLines(head, HEAD_COLUMNS, what, { columns: width }),
    ...(result === '' ? [] : indentedLines(result, HEAD_COLUMNS, width, 'dim')),
  ];
});

/** A duration in milliseconds, in at most seven columns: `12ms`, `3.4s`, `95s`. */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  const seconds = milliseconds / 1000;
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)}s`;
}
