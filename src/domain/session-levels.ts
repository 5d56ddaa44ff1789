import type { Session } from './session.ts';
import { placesOf } from './session-places.ts';

/** Subagents of subagents, at most: a session further down stands by itself. */
export const MAX_LEVELS = 20;

/** The session that each session works for, by id; `null` for a root. */
export type Parents = ReadonlyMap<string, string | null>;

const known = new WeakMap<readonly Session[], Parents>();

/**
 * Returns the parent of each session of a list, such that going up ends at a root within MAX_LEVELS steps, whatever a host says: a parent that is not listed
 * is none, of sessions whose parents form a circle the one that is listed first is the root. Takes time in proportion to the list; computed once for each.
 */
export function parentsOf(sessions: readonly Session[]): Parents {
  const parents = known.get(sessions) ?? findParents(sessions);
  known.set(sessions, parents);
  return parents;
}

/** Returns the root that a session works for in the end; itself when it is not listed. */
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

/** Makes a root of the first session of each circle. */
function openCircles(children: readonly Session[], parents: Map<string, string | null>): void {
  /** From which session each one was come to. */
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

/** The sessions from one upwards whose levels are not known yet. */
function pathUp(id: string, parents: Parents, levels: ReadonlyMap<string, number>): string[] {
  const path: string[] = [];
  for (let at: string | null = id; at !== null && !levels.has(at); at = parents.get(at) ?? null) path.push(at);
  return path;
}

/** Returns the roots, and for each id that has any the sessions that its subagents run. A session whose parent is not listed counts as a root. */
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
