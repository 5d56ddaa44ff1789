import type { HostEntry } from '../../domain/fleet.ts';
import { groupKey, UNREACHABLE_KEY } from '../keys.ts';
import type { Row } from '../rows.ts';
import { type HostFinds, NO_KEYS, type OcrState } from '../state.ts';
import { buildHostRows } from './host-tree-rows.ts';

/** The inputs from which a host's rows were built. */
interface HostRows {
  readonly entry: HostEntry;
  readonly unfolded: ReadonlySet<string>;
  readonly finds: HostFinds | null | undefined;
  readonly rows: readonly Row[];
}

/**
 * Creates the selector of the tree's rows. Rebuilds only the hosts that changed, and returns the same array if none
 * did.
 */
export function createFleetRows(): (state: OcrState) => readonly Row[] {
  let hosts = new Map<string, HostRows>();
  let last: { state: OcrState; rows: readonly Row[] } | null = null;
  /** Aliases of the hosts that are listed last. */
  let away: ReadonlySet<string> = new Set();
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
    if (last?.state.entries !== state.entries) away = awayHosts(state, away);
    last = { state, rows: arrange(state, hosts, away) };
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

/** Returns the hosts that cannot be read. The host under the cursor stays where it was. */
function awayHosts({ entries, selected }: OcrState, before: ReadonlySet<string>): ReadonlySet<string> {
  const away = new Set<string>();
  for (const [alias, entry] of entries) {
    const isKept = alias === selected?.alias && (before.has(alias) || entry.snapshot !== null);
    if (isKept ? before.has(alias) : isAway(entry)) away.add(alias);
  }
  return away;
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

/** True if the host cannot be read, for another reason than that opencode is missing. */
function isAway({ failure }: HostEntry): boolean {
  return failure !== null && failure.status !== 'no-opencode';
}

/** A heading and its hosts. */
interface Section {
  readonly key: string;
  readonly name: string;
  readonly hosts: readonly HostRows[];
}

/** Orders the hosts: by group, then those that cannot be read, each under a heading. */
function arrange(
  state: OcrState,
  hosts: ReadonlyMap<string, HostRows>,
  awayAliases: ReadonlySet<string>,
): readonly Row[] {
  const isLast = ({ host }: HostEntry) => awayAliases.has(host.alias);
  const listed = ordered(state, hosts).filter(({ rows }) => rows.length > 0);
  const away = listed.filter(({ entry }) => isLast(entry));
  const here = listed.filter(({ entry }) => !isLast(entry));
  if (!state.settings.groups) return [...here, ...away].flatMap(({ rows }) => rows);
  const rows: Row[] = [];
  for (const section of sectionsOf(here, away)) {
    const expanded = state.finds !== null || !state.foldedGroups.has(section.key);
    if (section.name !== '') {
      const entries = section.hosts.map(({ entry }) => entry);
      rows.push({ kind: 'group', key: section.key, name: section.name, entries, expanded });
    }
    if (!expanded && section.name !== '') continue;
    for (const host of section.hosts) for (const row of host.rows) rows.push(row);
  }
  return rows;
}

/** Hosts without a group come first, under no heading. */
function sectionsOf(here: readonly HostRows[], away: readonly HostRows[]): Section[] {
  const groups = Map.groupBy(here, ({ entry }) => entry.host.group);
  const names = [...groups.keys()].sort((a, b) => Number(a !== null) - Number(b !== null));
  const sections = names.map((name) => ({ key: groupKey(name), name: name ?? '', hosts: groups.get(name) ?? [] }));
  return away.length === 0 ? sections : [...sections, { key: UNREACHABLE_KEY, name: 'not reachable', hosts: away }];
}

function ordered(state: OcrState, hosts: ReadonlyMap<string, HostRows>): HostRows[] {
  const listed = [...hosts.values()];
  if (state.settings.sortBy !== 'name') return listed;
  return listed.sort(
    ({ entry: { host: a } }, { entry: { host: b } }) => a.priority - b.priority || a.label.localeCompare(b.label),
  );
}
