import type { Snapshot } from '../../domain/snapshot.ts';
import { graphemesOf, textWidth } from '../../domain/text-width.ts';

/** Where opencode keeps its database below the home of its user. */
const DATABASE = /^(.+)\/\.local\/share\/opencode\/[^/]+$/;

/** Returns the home folder of the user on a host, as far as the place of opencode's database tells; else `null`. */
export function homeOf(snapshot: Snapshot | null): string | null {
  return DATABASE.exec(snapshot?.databasePath ?? '')?.[1] ?? null;
}

/** Writes a path with `~` for the home folder. */
export function withTilde(path: string, home: string | null): string {
  if (home === null) return path;
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/**
 * Shortens a printable path to a width: whole folders are left out in the middle, then all but the last one, which is
 * cut in its own middle at last.
 */
export function shortenPath(path: string, columns: number, ellipsis: string): string {
  if (textWidth(path) <= columns) return path;
  const parts = path.split('/');
  for (let tail = parts.length - 2; tail >= 1; tail -= 1) {
    for (const head of [2, 1]) {
      if (head + tail >= parts.length) continue;
      const short = [...parts.slice(0, head), ellipsis, ...parts.slice(-tail)].join('/');
      if (textWidth(short) <= columns) return short;
    }
  }
  const last = parts.at(-1) ?? '';
  const withoutHead = `${ellipsis}/${last}`;
  return textWidth(withoutHead) <= columns ? withoutHead : cutMiddle(last, columns, ellipsis);
}

function cutMiddle(text: string, columns: number, ellipsis: string): string {
  if (textWidth(text) <= columns) return text;
  const room = Math.max(0, columns - textWidth(ellipsis));
  const letters = graphemesOf(text);
  const head = takeWidth(letters, Math.ceil(room / 2));
  const tail = takeWidth([...letters].reverse(), room - textWidth(head.join('')));
  return [...head, ellipsis, ...tail.reverse()].join('');
}

function takeWidth(letters: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let width = 0;
  for (const letter of letters) {
    width += textWidth(letter);
    if (width > columns) break;
    taken.push(letter);
  }
  return taken;
}
