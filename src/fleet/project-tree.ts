import { lastUseOf, type Session } from '../domain/session.ts';
import { splitSubagents } from '../domain/session-levels.ts';

export interface ProjectNode {
  /** Worktree, or the folder itself outside repositories. */
  readonly path: string;
  /** Root sessions, sorted. */
  readonly sessions: readonly Session[];
  /** Time of the newest session, epoch milliseconds. */
  readonly updated: number;
}

export interface HostTree {
  readonly projects: readonly ProjectNode[];
  /** Subagents' sessions by the id of the session that started them, oldest first. */
  readonly children: ReadonlyMap<string, readonly Session[]>;
  /** Root sessions in all projects. */
  readonly total: number;
}

export interface TreeOrder {
  readonly sortBy: 'last_activity' | 'name' | 'host';
  readonly showArchived: boolean;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** Milliseconds within which sessions in work keep their places: their last use changes with every step. */
const STEADY_MS = 10 * 60_000;

function rankOf(session: Session): number {
  const used = lastUseOf(session);
  return session.turn === 'open' ? Math.ceil(used / STEADY_MS) * STEADY_MS : used;
}

const byUse = (a: Session, b: Session) => rankOf(b) - rankOf(a) || b.created - a.created || byText(a.id, b.id);
const rankOfProject = ({ sessions }: ProjectNode) =>
  sessions.reduce((latest, session) => Math.max(latest, rankOf(session)), 0);

const trees = new WeakMap<readonly Session[], { settings: TreeOrder; tree: HostTree }>();

/** Returns the projects of a host's sessions, sorted; computed once per reading of the host and settings object. */
export function selectHostTree(sessions: readonly Session[], settings: TreeOrder): HostTree {
  const known = trees.get(sessions);
  if (known?.settings === settings) return known.tree;
  const tree = buildHostTree(sessions, settings);
  trees.set(sessions, { settings, tree });
  return tree;
}

function buildHostTree(sessions: readonly Session[], { sortBy, showArchived }: TreeOrder): HostTree {
  const shown = showArchived ? sessions : sessions.filter((session) => session.archived === null);
  const { roots, children } = splitSubagents(shown);
  const byProject = Map.groupBy(roots, (session) => session.project);
  const byName = sortBy === 'name';
  const projects = [...byProject].map(([path, listed]) => ({
    path,
    sessions: listed.sort(byName ? (a, b) => byText(a.title, b.title) : byUse),
    updated: listed.reduce((latest, session) => Math.max(latest, lastUseOf(session)), 0),
  }));
  projects.sort(
    byName ? (a, b) => byText(a.path, b.path) : (a, b) => rankOfProject(b) - rankOfProject(a) || byText(a.path, b.path),
  );
  return { projects, children, total: roots.length };
}
