import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { selectHostTree } from '../fleet/project-tree.ts';
import { type Selection, selectedSession } from './selection.ts';
import type { ViewSettings } from './settings.ts';

/**
 * Returns the selection after a host has changed: if the selected session is gone, the one that took its place, or the
 * one before it. `null` keeps the selection.
 */
export function selectionAfter(
  selected: Selection | null,
  before: HostEntry,
  after: HostEntry,
  settings: ViewSettings,
): Selection | null {
  const { alias } = before.host;
  const ref = selected?.session;
  if (ref?.alias !== alias) return null;
  if (before.snapshot === null || after.snapshot === null || before.snapshot.sessions === after.snapshot.sessions)
    return null;
  if (isListedAlike(before.snapshot.sessions, after.snapshot.sessions)) return null;
  const was = placeOf(before.snapshot.sessions, ref.id, settings);
  if (was === null || placeOf(after.snapshot.sessions, ref.id, settings) !== null) return null;
  const project = selectHostTree(after.snapshot.sessions, settings).projects.find(({ path }) => path === was.path);
  if (project === undefined) return null;
  const next = project.sessions[Math.min(was.index, project.sessions.length - 1)];
  return next === undefined ? null : selectedSession(alias, next.id);
}

/**
 * True if nothing that affects the list has changed. Events change a session several times a second, and building a
 * tree is slow.
 */
function isListedAlike(before: readonly Session[], after: readonly Session[]): boolean {
  return (
    before.length === after.length &&
    before.every((session, index) => {
      const now = after[index];
      if (now === session) return true;
      return (
        now?.id === session.id &&
        now.archived === session.archived &&
        now.project === session.project &&
        now.parentId === session.parentId
      );
    })
  );
}

function placeOf(
  sessions: readonly Session[],
  id: string,
  settings: ViewSettings,
): { readonly path: string; readonly index: number } | null {
  for (const { path, sessions: listed } of selectHostTree(sessions, settings).projects) {
    const index = listed.findIndex((session) => session.id === id);
    if (index >= 0) return { path, index };
  }
  return null;
}
