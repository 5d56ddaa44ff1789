import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import { type HostTree, type ProjectNode, selectHostTree } from '../../fleet/project-tree.ts';
import { hostKey, moreKey, projectKey, sessionKey } from '../keys.ts';
import type { Row } from '../rows.ts';
import type { ViewSettings } from '../settings.ts';

/** Sessions of a host that match the search; `null` if there is no search. */
export type FoundSessions = ReadonlySet<string> | null;

/**
 * Builds the rows of one host and its unfolded children. During a search, shows all parents of matches and leaves
 * nothing out.
 */
export function buildHostRows(
  entry: HostEntry,
  unfolded: ReadonlySet<string>,
  found: FoundSessions,
  settings: ViewSettings,
): Row[] {
  const alias = entry.host.alias;
  const tree = entry.snapshot === null ? null : selectHostTree(entry.snapshot.sessions, settings);
  const key = hostKey(alias);
  const expanded = tree !== null && (found === null ? unfolded.has(key) : found.size > 0);
  const rows: Row[] = [{ kind: 'host', key, entry, tree, expanded }];
  if (!expanded) return rows;
  const context: Context = { entry, tree, unfolded, found, settings, rows };
  for (const project of tree.projects) addProject(context, project);
  return rows;
}

interface Context {
  readonly entry: HostEntry;
  readonly tree: HostTree;
  readonly unfolded: ReadonlySet<string>;
  readonly found: FoundSessions;
  readonly settings: ViewSettings;
  readonly rows: Row[];
}

function addProject(context: Context, project: ProjectNode): void {
  const { entry, unfolded, found, settings, rows } = context;
  const alias = entry.host.alias;
  const key = projectKey(alias, project.path);
  if (found !== null) {
    const sessions = project.sessions.filter((session) => leadsToFind(context.tree, session, found));
    if (sessions.length === 0) return;
    rows.push({ kind: 'project', key, entry, project, expanded: true });
    for (const session of sessions) addSession(context, session, 0);
    return;
  }
  const expanded = unfolded.has(key);
  rows.push({ kind: 'project', key, entry, project, expanded });
  if (!expanded) return;
  const more = moreKey(alias, project.path);
  const shown = unfolded.has(more) ? project.sessions.length : settings.maxDisplay;
  for (const session of project.sessions.slice(0, shown)) addSession(context, session, 0);
  const hidden = project.sessions.length - shown;
  if (hidden > 0) rows.push({ kind: 'more', key: more, entry, project, hidden });
}

function addSession(context: Context, session: Session, level: number): void {
  const { entry, tree, unfolded, found, rows } = context;
  const key = sessionKey(entry.host.alias, session.id);
  const all = tree.children.get(session.id) ?? [];
  const children = found === null ? all : all.filter((child) => leadsToFind(tree, child, found));
  const expanded = children.length > 0 && (found !== null || unfolded.has(key));
  rows.push({ kind: 'session', key, entry, session, level, children: all.length, expanded });
  if (expanded) for (const child of children) addSession(context, child, level + 1);
}

/** True if a session matches, or one that its subagents run. */
export function leadsToFind(tree: HostTree, session: Session, found: ReadonlySet<string>): boolean {
  if (found.has(session.id)) return true;
  return tree.children.get(session.id)?.some((child) => leadsToFind(tree, child, found)) ?? false;
}
