import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';

export interface SessionMatch {
  readonly entry: HostEntry;
  readonly session: Session;
}

/** Shorter texts are no prefix of an id. */
const MIN_PREFIX_CHARS = 5;

/**
 * Returns the sessions that a text names, best kind of match only: an id, a prefix of ids, a whole title, a part of titles. For titles, sessions of subagents
 * and archived ones count only if no other fits.
 */
export function matchSessions(entries: readonly HostEntry[], text: string): readonly SessionMatch[] {
  const all = entries.flatMap((entry) => (entry.snapshot?.sessions ?? []).map((session) => ({ entry, session })));
  const wanted = text.trim();
  const exact = all.filter(({ session }) => session.id === wanted);
  if (exact.length > 0) return exact;
  if (wanted.length >= MIN_PREFIX_CHARS) {
    const prefixed = all.filter(({ session }) => session.id.startsWith(wanted));
    if (prefixed.length > 0) return prefixed;
  }
  const title = wanted.toLowerCase();
  return (
    firstFilled(
      [
        ({ session }: SessionMatch) => session.title.toLowerCase() === title,
        ({ session }: SessionMatch) => session.title.toLowerCase().includes(title),
      ].map((fits) => preferListed(all.filter(fits))),
    ) ?? []
  );
}

function preferListed(matches: readonly SessionMatch[]): readonly SessionMatch[] {
  const listed = matches.filter(({ session }) => session.parentId === null && session.archived === null);
  return listed.length > 0 ? listed : matches;
}

function firstFilled<Item>(lists: readonly (readonly Item[])[]): readonly Item[] | null {
  return lists.find((list) => list.length > 0) ?? null;
}
