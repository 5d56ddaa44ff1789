import type { HostEntry } from '../../domain/fleet.ts';
import { formatAge, formatCount } from '../../domain/format.ts';
import { describeCuts } from '../../domain/host-bounds.ts';
import { isLive } from '../../domain/live.ts';
import { memoryShare } from '../../domain/machine.ts';
import { printable } from '../../domain/printable.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import type { HostTree } from '../../fleet/project-tree.ts';
import { hostUse } from '../../fleet/pulse/use-today.ts';
import { selectEntryAttention } from '../../fleet/select-attention.ts';
import { countStatuses } from '../../fleet/statistics.ts';
import { keyWarningOf } from '../../store/key-warnings.ts';
import { type Segment, segment } from '../paint/line.ts';
import { formatMoney } from '../pulse/figures.ts';
import { meter } from '../pulse/graphs.ts';
import type { Column } from './column.ts';
import { failureReason } from './failure-text.ts';
import type { RowView } from './row-view.ts';
import { HOST_LOOKS, hostState } from './status-signs.ts';
import { countUrgencies, type Urgencies, urgencySegments } from './urgencies.ts';

/** A host with its sessions, as its row shows it. */
export interface HostItem {
  readonly entry: HostEntry;
  readonly tree: HostTree | null;
}

export type HostColumn = Column<HostItem, RowView>;

/** Returns the word for a host's state, and its colour. */
export function hostWord(entry: HostEntry): readonly [word: string, colour: ThemeColour] {
  const { word, colour } = HOST_LOOKS[hostState(entry)];
  return [word, colour];
}

/** Counts the sessions of a host that need the user or work. */
export function hostUrgencies(entry: HostEntry, { attention, settings, now }: RowView): Urgencies {
  const { working, retry } = countStatuses(entry, settings, now);
  return countUrgencies(selectEntryAttention(attention, entry, now), { working, retrying: retry });
}

/** Returns why a host cannot be read, or what to know about its answer; printable. */
export function hostWhy(entry: HostEntry, { seenKeyWarnings }: Pick<RowView, 'seenKeyWarnings'>): Segment[] {
  const { failure, snapshot, live } = entry;
  if (failure !== null) return [segment(printable(failureReason(failure)), hostWord(entry)[1])];
  if (entry.waitsForLogin) return [segment('reading the login environment', 'dim')];
  if (keyWarningOf(entry, seenKeyWarnings) !== null) return [segment('host key changed, e shows why', 'bad')];
  const states = new Set([...live.servers.values()].map(({ state }) => state));
  if (states.has('unproven')) return [segment('server not proven to be yours', 'bad')];
  if (!isLive(live) && states.has('needs-password')) return [segment('server needs a password', 'warn')];
  const doubt = snapshot?.doubt ?? null;
  if (doubt !== null) return [segment(printable(doubt), 'warn')];
  const cuts = describeCuts(snapshot?.sessions.length ?? 0, live);
  return cuts === null ? [] : [segment(cuts, 'warn')];
}

/** Returns the age of the shown state of a host that does not report changes; empty for a live one. */
export function hostAge({ snapshot, fresh, live, failure }: HostEntry, now: number): string {
  if (snapshot === null || (fresh && isLive(live) && failure === null)) return '';
  return formatAge(now - snapshot.at);
}

/** Returns the round trip to a host that answers. */
export function roundTrip({ snapshot, fresh, failure }: HostEntry): string {
  return snapshot === null || !fresh || failure !== null ? '' : `${Math.max(1, Math.round(snapshot.latency))}ms`;
}

const dim = (text: string): Segment[] => (text === '' ? [] : [segment(text, 'dim')]);
/** Columns of the meter before the share of memory in use. */
const METER_COLUMNS = 5;

function memoryCell({ entry: { snapshot, fresh } }: HostItem, { painter }: RowView): Segment[] {
  const share = fresh && snapshot?.machine ? memoryShare(snapshot.machine) : null;
  if (share === null) return [];
  const bar = meter(share, METER_COLUMNS, painter.glyph('ellipsis') === '…');
  return [segment(bar, share > 0.9 ? 'warn' : 'dim'), segment(` ${Math.round(share * 100)}%`)];
}

const NEED: readonly (keyof Urgencies)[] = ['waiting', 'stalled', 'error', 'done'];

/** The columns of the host table, in their order, without the name. */
export const HOST_COLUMNS: readonly HostColumn[] = [
  {
    name: 'state',
    head: 'STATE',
    width: 11,
    from: 40,
    rank: 10,
    sort: 'state',
    cell: ({ entry }) => {
      const [word, colour] = hostWord(entry);
      return [segment(word, colour)];
    },
  },
  {
    name: 'age',
    head: 'AGE',
    width: 4,
    right: true,
    from: 60,
    rank: 4,
    sort: null,
    cell: ({ entry }, { now }) => dim(hostAge(entry, now)),
  },
  {
    name: 'rtt',
    head: 'RTT',
    width: 6,
    right: true,
    from: 80,
    rank: 5,
    sort: 'rtt',
    cell: ({ entry }) => dim(roundTrip(entry)),
  },
  {
    name: 'sessions',
    head: 'SESS',
    width: 5,
    right: true,
    from: 60,
    rank: 7,
    sort: 'sessions',
    cell: ({ tree }) => (tree === null ? [] : [segment(formatCount(tree.total))]),
  },
  {
    name: 'need',
    head: 'NEED',
    width: 8,
    from: 40,
    rank: 9,
    sort: 'need',
    cell: ({ entry }, view) => urgencySegments(hostUrgencies(entry, view), view.painter, view.frame, NEED),
  },
  {
    name: 'working',
    head: 'WORK',
    width: 4,
    right: true,
    from: 60,
    rank: 6,
    sort: 'working',
    cell: ({ entry }, view) => {
      const { working, retrying } = hostUrgencies(entry, view);
      return working + retrying === 0 ? [] : [segment(String(working + retrying), 'busy')];
    },
  },
  {
    name: 'today',
    head: 'TODAY',
    width: 6,
    right: true,
    from: 80,
    rank: 5,
    sort: 'today',
    cell: ({ entry }, { now }) => {
      const use = hostUse(entry, now).total;
      return use === null ? [] : [segment(formatMoney(use.cost))];
    },
  },
  {
    name: 'version',
    head: 'OPENCODE',
    width: 8,
    from: 120,
    rank: 2,
    sort: 'version',
    cell: ({ entry }) => dim(printable(entry.snapshot?.opencode.version ?? '')),
  },
  {
    name: 'servers',
    head: 'SRV',
    width: 3,
    right: true,
    from: 100,
    rank: 1,
    sort: null,
    cell: ({ entry: { snapshot } }) =>
      dim(snapshot === null || snapshot.servers.length === 0 ? '' : String(snapshot.servers.length)),
  },
  {
    name: 'load',
    head: 'LOAD',
    width: 5,
    right: true,
    from: 120,
    rank: 4,
    sort: 'load',
    cell: ({ entry: { snapshot, fresh } }) => dim(fresh ? (snapshot?.machine?.load?.toFixed(2) ?? '') : ''),
  },
  {
    name: 'memory',
    head: 'MEM',
    width: 10,
    from: 120,
    rank: 4,
    sort: 'memory',
    cell: memoryCell,
  },
  {
    name: 'transport',
    head: 'TRANSPORT',
    width: 9,
    from: 160,
    rank: 1,
    sort: null,
    cell: ({ entry }) => dim(entry.snapshot?.connection?.kind ?? ''),
  },
  {
    name: 'why',
    head: 'WHY',
    width: 12,
    max: 60,
    from: 80,
    rank: 3,
    sort: null,
    cell: ({ entry }, view) => hostWhy(entry, view),
  },
];
