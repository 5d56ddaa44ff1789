import { printable } from '../../domain/printable.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { fitText, textWidth } from '../../domain/text-width.ts';

/** Below the home, where opencode keeps its data unless it was told otherwise. */
const DATA_FOLDER = '/.local/share/opencode/';

/** Returns a path on a host, safe to paint, with `~` for the home where it is known. */
export function shownPath(path: string, snapshot: Pick<Snapshot, 'databasePath'> | null): string {
  const database = snapshot?.databasePath ?? '';
  const end = database.indexOf(DATA_FOLDER);
  const home = end > 0 ? database.slice(0, end) : null;
  if (home === null || (path !== home && !path.startsWith(`${home}/`))) return printable(path);
  return printable(`~${path.slice(home.length)}`);
}

/**
 * Cuts or fills a printable path to exactly `columns`. Whole folders go first, from the middle: `~/src/…/internal/admin-tools`, `…/admin-tools`.
 */
export function fitPath(path: string, columns: number, ellipsis: string): string {
  if (textWidth(path) <= columns) return fitText(path, columns, ellipsis);
  const [first = '', ...folders] = path.split('/');
  for (const head of [`${first}/${folders[0] ?? ''}/`, '']) {
    for (let from = head === '' ? 1 : 2; from < folders.length; from += 1) {
      const shorter = `${head}${ellipsis}/${folders.slice(from).join('/')}`;
      if (textWidth(shorter) <= columns) return fitText(shorter, columns, ellipsis);
    }
  }
  return fitText(folders.at(-1) || path, columns, ellipsis);
}
