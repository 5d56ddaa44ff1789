import { type HostEntry, hostStatus } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import type { FleetState } from '../../fleet/fleet-state.ts';
import { isReadOnly } from '../../fleet/read-only.ts';
import { ongoingWork } from '../../fleet/session-state.ts';
import type { TargetSession } from '../target.ts';

/** The criteria of a clean-up. */
export interface PruneWish {
  readonly act: 'archive' | 'delete';
  /** Milliseconds since a session was last used. */
  readonly olderThan: number;
  readonly where:
    | { readonly kind: 'project'; readonly alias: string; readonly project: string }
    | { readonly kind: 'host'; readonly alias: string }
    | { readonly kind: 'all' };
}

export interface PrunePlan {
  /** The affected ones, by host, oldest first. */
  readonly targets: readonly TargetSession[];
  /** Those that are old enough but left alone, with the reason. */
  readonly kept: readonly { readonly target: TargetSession; readonly reason: string }[];
  /** Hosts that are left out, with the reason. */
  readonly leftOut: readonly { readonly entry: HostEntry; readonly reason: string }[];
}

interface KeepInputs extends Pick<FleetState, 'settings'> {
  /** Sessions that are open in a terminal here, by any key. */
  readonly attached: ReadonlyMap<string, SessionRef>;
}

type PruneInputs = KeepInputs & Pick<FleetState, 'entries'>;

/** Plans a clean-up at a time (epoch milliseconds, this machine's clock). Subagents' sessions follow their roots. */
export function planPrune(state: PruneInputs, wish: PruneWish, now: number): PrunePlan {
  const targets: TargetSession[] = [];
  const kept: { target: TargetSession; reason: string }[] = [];
  const leftOut: { entry: HostEntry; reason: string }[] = [];
  for (const entry of hostsOf(state, wish)) {
    const reason = whyLeftOut(state, entry);
    if (reason !== null) {
      leftOut.push({ entry, reason });
      continue;
    }
    const sessions = [...(entry.snapshot?.sessions ?? [])].sort((a, b) => a.updated - b.updated);
    for (const session of sessions) {
      if (!isWanted(entry, session, wish, now)) continue;
      const why = whyKept(state, entry, session, now);
      if (why === null) targets.push({ entry, session });
      else kept.push({ target: { entry, session }, reason: why });
    }
  }
  return { targets, kept, leftOut };
}

/** The time (epoch milliseconds, the host's clock) before which a session must have been used last. */
export function cutoffOf({ snapshot }: HostEntry, { olderThan }: PruneWish, now: number): number {
  return now + (snapshot?.clockOffset ?? 0) - olderThan;
}

function hostsOf({ entries }: PruneInputs, { where }: PruneWish): readonly HostEntry[] {
  if (where.kind === 'all') return [...entries.values()];
  const entry = entries.get(where.alias);
  return entry === undefined ? [] : [entry];
}

function whyLeftOut(state: PruneInputs, entry: HostEntry): string | null {
  if (isReadOnly(state.settings, entry.host.alias)) return 'read-only';
  const status = hostStatus(entry);
  if (status === 'no-opencode') return 'without opencode';
  return status === 'online' ? null : 'not reachable now';
}

function isWanted(entry: HostEntry, session: Session, wish: PruneWish, now: number): boolean {
  if (session.parentId !== null || session.updated >= cutoffOf(entry, wish, now)) return false;
  if (wish.act === 'archive' && session.archived !== null) return false;
  return wish.where.kind !== 'project' || session.project === wish.where.project;
}

/** Returns why an old enough session is left alone; `null` if it is not. */
export function whyKept(state: KeepInputs, entry: HostEntry, session: Session, now: number): string | null {
  const { alias } = entry.host;
  if ([...state.attached.values()].some((ref) => ref.alias === alias && ref.id === session.id))
    return 'open in a terminal here';
  const work = ongoingWork(entry, session, state.settings, now);
  if (work === null) return null;
  return work === 'waiting' ? 'waits for you' : 'works';
}
