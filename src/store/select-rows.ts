import type { HostEntry } from '../domain/fleet.ts';
import { buildHostRows } from './host-rows.ts';
import { groupKey } from './keys.ts';
import type { Row } from './rows.ts';
import { type HostFinds, NO_KEYS, type OcrState } from './state.ts';

/** The inputs from which a host's rows were built. */
interface HostRows {
  readonly entry: HostEntry;
  readonly unfolded: ReadonlySet<string>;
  readonly finds: HostFinds | null | undefined;
  readonly rows: readonly Row[];
}

export type SelectRows = (state: OcrState) => readonly Row[];

/**
 * Creates the selector of the tree's rows. Rebuilds only the hosts that changed, and returns the same array if none
 * did.
 */
export function createRowSelector(): SelectRows {
  let hosts = new Map<string, HostRows>();
  let last: { state: OcrState; rows: readonly Row[] } | null = null;
  return (state) => {
    if (last !== null && sameInputs(last.state, state)) return last.rows;
    const next = new Map<string, HostRows>();
    for (const [alias, entry] of state.entries) {
      const finds = state.finds === null ? null : state.finds.get(alias);
      const unfolded = state.unfolded.get(alias) ?? NO_KEYS;
      const known = state.settings === last?.state.settings ? hosts.get(alias) : undefined;
      const same = known?.entry === entry && known.unfolded === unfolded && known.finds === finds;
      next.set(alias, same ? known : { entry, unfolded, finds, rows: rowsOfHost(entry, unfolded, finds, state) });
    }
    hosts = next;
    last = { state, rows: arrange(state, hosts) };
    return last.rows;
  };
}

function sameInputs(a: OcrState, b: OcrState): boolean {
  return (
    a.entries === b.entries &&
    a.unfolded === b.unfolded &&
    a.finds === b.finds &&
    a.foldedGroups === b.foldedGroups &&
    a.settings === b.settings
  );
}

function rowsOfHost(
  entry: HostEntry,
  unfolded: ReadonlySet<string>,
  finds: HostFinds | null | undefined,
  state: OcrState,
): Row[] {
  if (finds === undefined || (finds !== null && !finds.host && finds.sessions.size === 0)) return [];
  return buildHostRows(entry, unfolded, finds === null ? null : finds.sessions, state.settings);
}

/** Orders the hosts, under the headings of their groups if there are any. */
function arrange(state: OcrState, hosts: ReadonlyMap<string, HostRows>): readonly Row[] {
  const groups = Map.groupBy(ordered(state, hosts), ({ entry }) => entry.host.group);
  if (groups.size === 0 || (groups.size === 1 && groups.has(null))) {
    return [...groups.values()].flat().flatMap(({ rows }) => rows);
  }
  const rows: Row[] = [];
  const names = [...groups.keys()].sort((a, b) => Number(a === null) - Number(b === null));
  for (const group of names) {
    const members = groups.get(group)?.filter((member) => member.rows.length > 0) ?? [];
    if (members.length === 0) continue;
    const name = group ?? 'other hosts';
    const expanded = state.finds !== null || !state.foldedGroups.has(groupKey(group));
    rows.push({ kind: 'group', key: groupKey(group), name, hosts: members.length, expanded });
    if (expanded) for (const member of members) rows.push(...member.rows);
  }
  return rows;
}

function ordered(state: OcrState, hosts: ReadonlyMap<string, HostRows>): HostRows[] {
  const listed = [...hosts.values()];
  if (state.settings.sortBy !== 'name') return listed;
  return listed.sort(
    ({ entry: { host: a } }, { entry: { host: b } }) => a.priority - b.priority || a.label.localeCompare(b.label),
  );
}
