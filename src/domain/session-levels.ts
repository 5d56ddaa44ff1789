import type { Session } from './session.ts';
import { placesOf } from './session-places.ts';

/** Depth limit of subagents: a session further down counts as a root. */
export const MAX_LEVELS = 20;

/** Each session's parent, by id; `null` for a root. */
export type Parents = ReadonlyMap<string, string | null>;

const known = new WeakMap<readonly Session[], Parents>();

/**
 * Returns the parent of each session of a list. Going up always ends at a root within MAX_LEVELS steps, whatever a host says. An unlisted parent is
 * ignored, and of a cycle the session listed first is the root. Linear in the list; computed once per list.
 */
export function parentsOf(sessions: readonly Session[]): Parents {
  const parents = known.get(sessions) ?? findParents(sessions);
  known.set(sessions, parents);
  return parents;
}

/** Returns the root above a session; the session itself if it is not listed. */
export function rootOf(id: string, parents: Parents): string {
  let root = id;
  for (let parent = parents.get(root); parent; parent = parents.get(root)) root = parent;
  return root;
}

function findParents(sessions: readonly Session[]): Parents {
  const parents = new Map<string, string | null>(sessions.map(({ id }) => [id, null]));
  const children = sessions.filter(({ parentId }) => parentId !== null && parents.has(parentId));
  for (const { id, parentId } of children) parents.set(id, parentId);
  openCircles(children, parents);
  const levels = new Map<string, number>();
  for (const { id } of children) {
    for (const one of pathUp(id, parents, levels).reverse()) {
      const parent = parents.get(one);
      const level = parent ? (levels.get(parent) ?? 0) + 1 : 0;
      if (level > MAX_LEVELS) parents.set(one, null);
      levels.set(one, level > MAX_LEVELS ? 0 : level);
    }
  }
  return parents;
}

/** Makes the first session of each cycle a root. */
function openCircles(children: readonly Session[], parents: Map<string, string | null>): void {
  /** The session from which each one was reached. */
  const from = new Map<string, string>();
  for (const { id } of children) {
    let at: string | null = id;
    while (at !== null && !from.has(at)) {
      from.set(at, id);
      at = parents.get(at) ?? null;
    }
    if (at !== null && from.get(at) === id) parents.set(firstOfCircle(at, parents, children), null);
  }
}

function firstOfCircle(start: string, parents: Parents, children: readonly Session[]): string {
  const places = placesOf(children);
  const placeOf = (id: string) => places.get(id) ?? 0;
  let first = start;
  for (let at = parents.get(start) ?? start; at !== start; at = parents.get(at) ?? start) {
    if (placeOf(at) < placeOf(first)) first = at;
  }
  return first;
}

/** Returns the sessions from one upwards whose levels are not known yet. */
function pathUp(id: string, parents: Parents, levels: ReadonlyMap<string, number>): string[] {
  const path: string[] = [];
  for (let at: string | null = id; at !== null && !levels.has(at); at = parents.get(at) ?? null) path.push(at);
  return path;
}

/** Returns the roots, and the subagents' sessions by the id of their parent. A session whose parent is not listed counts as a root. */
export function splitSubagents(sessions: readonly Session[]): {
  roots: Session[];
  children: ReadonlyMap<string, readonly Session[]>;
} {
  const parents = parentsOf(sessions);
  const roots: Session[] = [];
  const children = new Map<string, Session[]>();
  for (const session of sessions) {
    const parent = parents.get(session.id) ?? null;
    const siblings = parent === null ? roots : (children.get(parent) ?? []);
    siblings.push(session);
    if (parent !== null) children.set(parent, siblings);
  }
  return { roots, children };
}
