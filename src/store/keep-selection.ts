import type { HostEntry } from '../domain/fleet.ts';
import { selectHostTree } from './project-tree.ts';
import { sessionKey } from './rows.ts';
import type { ViewSettings } from './settings.ts';

/**
 * What is selected once a host has changed: when the selected session is listed no more, as after a deletion, the one that has taken its place, for the last one that
 * before it. `null` when the selection stays.
 */
export function selectionAfter(
  selected: string | null,
  before: HostEntry,
  after: HostEntry,
  settings: ViewSettings,
): string | null {
  const { alias } = before.host;
  if (selected === null || !selected.startsWith(sessionKey(alias, ''))) return null;
  if (before.snapshot === null || after.snapshot === null || before.snapshot.sessions === after.snapshot.sessions)
    return null;
  const id = selected.slice(sessionKey(alias, '').length);
  const was = placeOf(before.snapshot.sessions, id, settings);
  if (was === null || placeOf(after.snapshot.sessions, id, settings) !== null) return null;
  const project = selectHostTree(after.snapshot.sessions, settings).projects.find(({ path }) => path === was.path);
  if (project === undefined) return null;
  const next = project.sessions[Math.min(was.index, project.sessions.length - 1)];
  return next === undefined ? null : sessionKey(alias, next.id);
}

function placeOf(
  sessions: Parameters<typeof selectHostTree>[0],
  id: string,
  settings: ViewSettings,
): { readonly path: string; readonly index: number } | null {
  for (const { path, sessions: listed } of selectHostTree(sessions, settings).projects) {
    const index = listed.findIndex((session) => session.id === id);
    if (index >= 0) return { path, index };
  }
  return null;
}
