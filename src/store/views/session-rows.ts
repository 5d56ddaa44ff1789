import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import { selectHostTree } from '../../fleet/project-tree.ts';
import { sessionKey } from '../keys.ts';
import type { Row } from '../rows.ts';
import type { SessionSort } from '../sort.ts';
import type { HostFinds, OcrState } from '../state.ts';
import { leadsToFind } from './host-tree-rows.ts';
import { type SortValue, sessionValue } from './session-values.ts';

type SessionRow = Row & { kind: 'session' };

/** Milliseconds without a key after which the table may be sorted anew. */
const QUIET_MS = 2000;
/** Milliseconds after which the order is stale by time alone: sessions become idle, waits grow. */
const ORDER_MS = 60_000;
/** Between two sorts pass at least these milliseconds, and as many times the length of the last one. */
const MIN_REST_MS = 3000;
const REST_FACTOR = 40;

interface Listed {
  readonly state: OcrState;
  /** When the rows were sorted, and how long that took. */
  readonly at: number;
  readonly took: number;
  readonly rows: readonly SessionRow[];
}

/**
 * Creates the selector of the session table's rows: the root sessions of all hosts, sorted. While the user is at work,
 * changed sessions keep their place, new ones come last, and the order waits until no key was pressed for two seconds.
 */
export function createSessionRows(): (state: OcrState, now: number) => readonly Row[] {
  let last: Listed | null = null;
  return (state, now) => {
    if (last !== null && isSame(last, state, now)) return last.rows;
    const patched = last !== null && isSameQuestion(last.state, state) ? patch(last, state, now) : null;
    if (patched !== null) {
      last = patched;
      return last.rows;
    }
    const began = performance.now();
    const rows = listAll(state);
    const keepsOrder = last !== null && isSameQuestion(last.state, state) && now - state.keyAt < QUIET_MS;
    const ordered = keepsOrder && last !== null ? inOrderOf(last.rows, rows) : sorted(rows, state, now);
    const took = keepsOrder && last !== null ? last.took : performance.now() - began;
    last = { state, at: keepsOrder && last !== null ? last.at : now, took, rows: ordered };
    return last.rows;
  };
}

/**
 * Takes over changed facts of the same sessions in the same order; `null` where sessions came or went, or the order may change. Events change a session several
 * times a second, and listing all of them takes as long as a frame.
 */
function patch({ state: before, at, took, rows }: Listed, state: OcrState, now: number): Listed | null {
  const isDue = now - state.keyAt >= QUIET_MS && now - at >= Math.max(MIN_REST_MS, REST_FACTOR * took);
  if (isDue || before.finds !== state.finds || before.entries.size !== state.entries.size) return null;
  const changed = new Map<string, Map<string, Session>>();
  for (const [alias, entry] of state.entries) {
    const known = before.entries.get(alias);
    if (known === entry) continue;
    const sessions = rootsOf(entry, state);
    if (known === undefined || rootsOf(known, before).length !== sessions.length) return null;
    changed.set(alias, new Map(sessions.map((session) => [session.id, session])));
  }
  const patched: SessionRow[] = [];
  for (const row of rows) {
    const { alias } = row.entry.host;
    const sessions = changed.get(alias);
    const entry = state.entries.get(alias);
    const session = sessions?.get(row.session.id);
    if (sessions === undefined || entry === undefined) patched.push(row);
    else if (session === undefined) return null;
    else patched.push(rowOf(entry, session, childrenOf(entry, session.id, state)));
  }
  return { state, at, took, rows: patched };
}

function childrenOf({ snapshot }: HostEntry, id: string, { settings }: OcrState): number {
  return snapshot === null ? 0 : (selectHostTree(snapshot.sessions, settings).children.get(id)?.length ?? 0);
}

function rootsOf({ snapshot }: HostEntry, { settings }: OcrState): readonly Session[] {
  return snapshot === null
    ? []
    : selectHostTree(snapshot.sessions, settings).projects.flatMap(({ sessions }) => sessions);
}

function isSameQuestion(a: OcrState, b: OcrState): boolean {
  return a.sorts.sessions === b.sorts.sessions && a.query === b.query && a.settings === b.settings;
}

function isSame({ state: a, at }: Listed, b: OcrState, now: number): boolean {
  const isQuiet = now - b.keyAt >= QUIET_MS;
  const same = a.entries === b.entries && a.finds === b.finds && a.seen === b.seen && a.snoozed === b.snoozed;
  return same && isSameQuestion(a, b) && !(isQuiet && now - at > ORDER_MS);
}

function listAll(state: OcrState): SessionRow[] {
  const rows: SessionRow[] = [];
  for (const [alias, entry] of state.entries) {
    const finds = state.finds === null ? null : (state.finds.get(alias) ?? undefined);
    if (finds !== undefined) addRows(rows, entry, finds, state);
  }
  return rows;
}

function addRows(rows: SessionRow[], entry: HostEntry, finds: HostFinds | null, { settings }: OcrState): void {
  if (entry.snapshot === null) return;
  const tree = selectHostTree(entry.snapshot.sessions, settings);
  for (const project of tree.projects) {
    for (const session of project.sessions) {
      if (finds !== null && !leadsToFind(tree, session, finds.sessions)) continue;
      rows.push(rowOf(entry, session, tree.children.get(session.id)?.length ?? 0));
    }
  }
}

const made = new WeakMap<HostEntry, Map<string, SessionRow>>();

/** Returns the same row for the same facts, so that a change of one host leaves the rows of the others. */
function rowOf(entry: HostEntry, session: Session, children: number): SessionRow {
  const ofEntry = made.get(entry) ?? new Map<string, SessionRow>();
  made.set(entry, ofEntry);
  const known = ofEntry.get(session.id);
  if (known !== undefined) return known;
  const key = sessionKey(entry.host.alias, session.id);
  const row: SessionRow = { kind: 'session', key, entry, session, level: 0, children, expanded: false };
  ofEntry.set(session.id, row);
  return row;
}

function inOrderOf(before: readonly SessionRow[], rows: readonly SessionRow[]): SessionRow[] {
  const left = new Map(rows.map((row) => [row.key, row]));
  const ordered: SessionRow[] = [];
  for (const { key } of before) {
    const row = left.get(key);
    if (row === undefined) continue;
    left.delete(key);
    ordered.push(row);
  }
  return [...ordered, ...left.values()];
}

function sorted(rows: SessionRow[], state: OcrState, now: number): SessionRow[] {
  const { by, reversed } = state.sorts.sessions;
  const keyed = rows.map((row) => ({
    row,
    value: sessionValue(by as SessionSort, row.entry, row.session, state, now),
  }));
  keyed.sort((a, b) => compare(a.value, b.value));
  const ordered = keyed.map(({ row }) => row);
  return reversed ? ordered.reverse() : ordered;
}

function compare(a: SortValue, b: SortValue): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
