import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { parentsOf, rootOf } from '../domain/session-levels.ts';
import { selectHostTree } from '../fleet/project-tree.ts';
import type { ViewSettings } from './settings.ts';
import type { HostFinds, OcrState } from './state.ts';
import { leadsToFind } from './views/host-tree-rows.ts';

const counted = new WeakMap<HostFinds, { sessions: readonly Session[]; settings: ViewSettings; count: number }>();

/** Counts the matches of a search as hosts and the header do: root sessions that match or lead to a match. `null` without a search. */
export function countFinds({
  finds,
  entries,
  settings,
}: Pick<OcrState, 'finds' | 'entries' | 'settings'>): { sessions: number; hosts: number } | null {
  if (finds === null) return null;
  const count = { sessions: 0, hosts: 0 };
  for (const [alias, found] of finds) {
    const entry = entries.get(alias);
    if (entry === undefined || (!found.host && found.sessions.size === 0)) continue;
    count.hosts += 1;
    count.sessions += countRoots(entry, found, settings);
  }
  return count;
}

function countRoots({ snapshot }: HostEntry, found: HostFinds, settings: ViewSettings): number {
  if (snapshot === null || found.sessions.size === 0) return 0;
  const { sessions } = snapshot;
  const known = counted.get(found);
  if (known?.sessions === sessions && known.settings === settings) return known.count;
  const tree = selectHostTree(sessions, settings);
  let count = 0;
  for (const project of tree.projects) {
    for (const session of project.sessions) if (leadsToFind(tree, session, found.sessions)) count += 1;
  }
  counted.set(found, { sessions, settings, count });
  return count;
}

/** Sessions counted between two yields. */
const STEP = 1024;

/** Counts the matches of a search as `countFinds` does, but yields wherever the count may pause. Counts hosts if no session matches. */
export function* countFindsInSteps(
  entries: OcrState['entries'],
  finds: ReadonlyMap<string, HostFinds>,
): Generator<undefined, number> {
  const count = { sessions: 0, hosts: 0 };
  for (const [alias, found] of finds) {
    const sessions = entries.get(alias)?.snapshot?.sessions ?? [];
    const roots = new Set<string>();
    for (const [index, { id, parentId }] of sessions.entries()) {
      if (index % STEP === 0) yield;
      if (!found.sessions.has(id)) continue;
      if (parentId === null) count.sessions += 1;
      else roots.add(rootOf(id, parentsOf(sessions)));
    }
    for (const id of roots) if (!found.sessions.has(id)) count.sessions += 1;
    if (found.host) count.hosts += 1;
  }
  return count.sessions > 0 ? count.sessions : count.hosts;
}
