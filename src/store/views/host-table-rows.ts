import { type HostEntry, hostStatus } from '../../domain/fleet.ts';
import { memoryShare } from '../../domain/machine.ts';
import { HOST_STATUSES } from '../../domain/snapshot.ts';
import { selectHostTree } from '../../fleet/project-tree.ts';
import { hostUse } from '../../fleet/pulse/use-today.ts';
import { selectEntryAttention } from '../../fleet/select-attention.ts';
import { countStatuses } from '../../fleet/statistics.ts';
import { hostKey } from '../keys.ts';
import type { Row } from '../rows.ts';
import type { HostSort } from '../sort.ts';
import type { OcrState } from '../state.ts';

type HostRow = Row & { kind: 'host' };

/** Creates the selector of the host table's rows. */
export function createHostRows(): (state: OcrState, now: number) => readonly Row[] {
  let last: { state: OcrState; rows: readonly Row[] } | null = null;
  return (state, now) => {
    if (last !== null && isSame(last.state, state)) return last.rows;
    const rows: HostRow[] = [];
    for (const [alias, entry] of state.entries) {
      const finds = state.finds === null ? null : state.finds.get(alias);
      if (finds === undefined || (finds !== null && !finds.host && finds.sessions.size === 0)) continue;
      const tree = entry.snapshot === null ? null : selectHostTree(entry.snapshot.sessions, state.settings);
      rows.push({ kind: 'host', key: hostKey(alias), entry, tree, expanded: false });
    }
    last = { state, rows: sorted(rows, state, now) };
    return last.rows;
  };
}

function isSame(a: OcrState, b: OcrState): boolean {
  const same = a.entries === b.entries && a.finds === b.finds && a.seen === b.seen && a.snoozed === b.snoozed;
  return same && a.sorts.hosts === b.sorts.hosts && a.settings === b.settings;
}

function sorted(rows: HostRow[], state: OcrState, now: number): HostRow[] {
  const { by, reversed } = state.sorts.hosts;
  // Hosts that cannot be read come last, whatever the order.
  const keyed = rows.map((row, index) => ({
    row,
    away: Number(row.entry.failure !== null),
    value: hostValue(by as HostSort, row, index, state, now),
  }));
  const sign = reversed ? -1 : 1;
  keyed.sort((a, b) => a.away - b.away || sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return keyed.map(({ row }) => row);
}

/** Returns the value that a host is sorted by; counts and measures descend, and absent ones come last. */
function hostValue(
  by: HostSort,
  { entry, tree }: HostRow,
  index: number,
  state: OcrState,
  now: number,
): string | number {
  switch (by) {
    case 'host':
      return index;
    case 'state':
      return rankOf(entry);
    case 'rtt':
      return entry.fresh && entry.snapshot !== null ? entry.snapshot.latency : Number.POSITIVE_INFINITY;
    case 'sessions':
      return -(tree?.total ?? -1);
    case 'need':
      return -selectEntryAttention(state, entry, now).length;
    case 'working':
      return -countStatuses(entry, state.settings, now).working;
    case 'version':
      return entry.snapshot?.opencode.version ?? '\uffff';
    case 'load':
      return -(entry.snapshot?.machine?.load ?? -1);
    case 'memory':
      return -(entry.snapshot?.machine ? (memoryShare(entry.snapshot.machine) ?? -1) : -1);
    case 'today':
      return -(hostUse(entry, now).total?.cost ?? -1);
  }
}

function rankOf(entry: HostEntry): number {
  const status = hostStatus(entry);
  return status === 'unknown' ? HOST_STATUSES.length : HOST_STATUSES.indexOf(status);
}
