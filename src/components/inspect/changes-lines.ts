import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { FileChange } from '../../domain/transcript.ts';
import { diffLines } from '../../store/form/diff-lines.ts';
import { lastColumns } from '../paint/last-columns.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import { cachedLines } from './line-cache.ts';
import { expanded } from './text-lines.ts';

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
