import type { Activity } from '../../domain/activity.ts';
import { formatTime } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import type { FileChange, TodoItem } from '../../domain/transcript.ts';
import { diffLines } from '../../store/form/diff-lines.ts';
import { lastColumns } from '../paint/last-columns.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import { cachedLines, expanded, hangingLines, indentedLines } from './text-lines.ts';

const SIGNS: Readonly<Record<TodoItem['status'], readonly [string, ThemeColour, ThemeColour]>> = {
  pending: ['[ ]', 'dim', 'text'],
  in_progress: ['[>]', 'busy', 'busy'],
  completed: ['[x]', 'good', 'dim'],
  cancelled: ['[-]', 'dim', 'dim'],
};

/** Summarises progress: `3 of 5 done`. Cancelled items do not count. */
export function todoSummary(todos: readonly TodoItem[]): Line {
  const wanted = todos.filter(({ status }) => status !== 'cancelled');
  const done = wanted.filter(({ status }) => status === 'completed').length;
  const isDone = done === wanted.length;
  return { left: [segment(`${done} of ${wanted.length} done`, isDone ? 'good' : 'accent', true)] };
}

export const todoLines = cachedLines(({ content, status }: TodoItem, { width }) => {
  const [sign, colour, textColour] = SIGNS[status];
  return hangingLines([segment(`${sign} `, colour)], sign.length + 1, content, { columns: width, colour: textColour });
});

/** Lines of a diff that are shown. */
const MAX_LINES = 2000;

/** Summarises changes: `2 files`, with added and removed lines. */
export function changesSummary(changes: readonly FileChange[]): Line {
  const sum = (count: (change: FileChange) => number) => changes.reduce((total, change) => total + count(change), 0);
  const files = `${changes.length} ${changes.length === 1 ? 'file' : 'files'}`;
  return {
    left: [segment(files, 'accent', true)],
    right: countSegments({
      additions: sum((change) => change.additions),
      deletions: sum((change) => change.deletions),
    }),
  };
}

/** A file with the lines added and removed, and unfolded its diff. */
export const changeLines = cachedLines((change: FileChange, { painter, width, unfolded }) => {
  const right = countSegments(change);
  const room = width - right.reduce((columns, { text }) => columns + text.length, 0) - 1;
  const head: Line = {
    left: [segment(endOfPath(change.path, room, painter.glyph('ellipsis')), 'text', unfolded)],
    right,
  };
  if (!unfolded) return [head];
  if (change.patch.trim() === '') return [head, { left: [segment('  no diff stored', 'dim')] }, { left: [] }];
  const diff = diffLines(change.patch.trimEnd());
  const left = diff.length - MAX_LINES;
  return [
    head,
    ...diff.slice(0, MAX_LINES).map(
      (parts): Line => ({
        left: parts.map(({ text, colour, bold }) => segment(`  ${expanded(text)}`, colour, bold)),
      }),
    ),
    ...(left > 0 ? [{ left: [segment(`  ${left} more lines`, 'dim')] }] : []),
    { left: [] },
  ];
});

function countSegments({ additions, deletions }: Pick<FileChange, 'additions' | 'deletions'>): Segment[] {
  return [segment(`+${additions}`, 'good'), segment(` -${deletions}`, 'bad')];
}

/** A file's name says more than its folders. */
function endOfPath(path: string, columns: number, ellipsis: string): string {
  const text = printable(path);
  return textWidth(text) <= columns ? text : `${ellipsis}${lastColumns(text, Math.max(0, columns - 1))}`;
}

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
