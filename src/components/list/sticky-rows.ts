import type { Row } from '../../store/rows.ts';

/** The host and the project of the first visible row, where both have scrolled off. */
export type StickyRows = readonly Row[];

/** Returns the parents of the row at `first` that are above it, the host first; none at the top of the list. */
export function stickyRows(rows: readonly Row[], first: number): StickyRows {
  const top = rows[first];
  if (first <= 0 || top === undefined) return [];
  const wanted: Row['kind'][] =
    top.kind === 'session' || top.kind === 'more' ? ['project', 'host'] : top.kind === 'project' ? ['host'] : [];
  const found: Row[] = [];
  for (let at = first - 1; at >= 0 && wanted.length > 0; at -= 1) {
    const row = rows[at];
    if (row === undefined || row.kind !== wanted[0]) continue;
    found.unshift(row);
    wanted.shift();
  }
  // They cover rows of the same project only: the next host is not hidden.
  const covered = rows.slice(first, first + found.length);
  const same = covered.findIndex((row) => row.kind === 'host' || row.kind === 'group');
  return same < 0 ? found : found.slice(found.length - same);
}
