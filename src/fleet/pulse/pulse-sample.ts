import type { HostEntry } from '../../domain/fleet.ts';
import type { FleetState } from '../fleet-state.ts';
import { type AttentionInputs, selectEntryAttention } from '../select-attention.ts';
import { serverReport, sessionStatus, statusContext } from '../session-state.ts';
import { addUse, hostUse, NO_USE, type UseTotals } from './use-today.ts';

/** Numbers of sessions by state. Subagents and archived sessions do not count; snoozed ones do not wait. */
export interface StateCounts {
  readonly waiting: number;
  readonly working: number;
  readonly error: number;
  readonly done: number;
  readonly active: number;
}

/** The fleet at one moment. */
export interface FleetSample extends StateCounts, UseTotals {
  /** Epoch milliseconds. */
  readonly at: number;
  /**
   * Hosts that answered and told their use. Where the number differs, sums are not compared: a host that comes back tells at once all that it used
   * meanwhile.
   */
  readonly hosts: number;
}

/** A host at one moment; `null` where it did not tell. */
export interface HostPulse {
  /** Round trip, milliseconds. */
  readonly rtt: number | null;
  readonly load: number | null;
}

/** The hosts that answered at one moment, by alias. */
export interface HostSample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly hosts: ReadonlyMap<string, HostPulse>;
}

export interface PulseSample {
  readonly fleet: FleetSample;
  readonly hosts: HostSample;
}

/** The part of the fleet's state that is sampled. */
export type PulseState = AttentionInputs & Pick<FleetState, 'entries'>;

/** Returns the fleet's numbers at a time (epoch milliseconds). */
export function samplePulse(state: PulseState, now: number): PulseSample {
  const hosts = new Map<string, HostPulse>();
  for (const [alias, { snapshot, fresh }] of state.entries) {
    if (snapshot !== null && fresh) hosts.set(alias, { rtt: snapshot.latency, load: snapshot.machine?.load ?? null });
  }
  return { fleet: sampleFleet(state, now), hosts: { at: now, hosts } };
}

/** Returns the numbers of the fleet without those of single hosts. */
export function sampleFleet(state: PulseState, now: number): FleetSample {
  const counts = { waiting: 0, working: 0, error: 0, done: 0, active: 0 };
  let use = NO_USE;
  let hosts = 0;
  for (const entry of state.entries.values()) {
    const ofHost = countStates(state, entry, now);
    for (const name of STATES) counts[name] += ofHost[name];
    const { total } = hostUse(entry, now);
    if (total === null) continue;
    use = addUse(use, total);
    if (entry.fresh) hosts += 1;
  }
  return { at: now, ...counts, ...use, hosts };
}

const STATES = ['waiting', 'working', 'error', 'done', 'active'] as const satisfies readonly (keyof StateCounts)[];

/** Milliseconds for which counts are kept: a session stops being active no faster than users look. */
const KEPT_MS = 10_000;

interface Counted extends Omit<AttentionInputs, 'entries'> {
  readonly step: number;
  readonly counts: StateCounts;
}
const counted = new WeakMap<HostEntry, Counted>();

/** Counts the states of a host's root sessions. */
export function countStates(state: PulseState, entry: HostEntry, now: number): StateCounts {
  const { seen, settings, snoozed } = state;
  const step = Math.floor(now / KEPT_MS);
  const known = counted.get(entry);
  const isSame = known?.seen === seen && known.settings === settings && known.snoozed === snoozed;
  if (isSame && known.step === step) return known.counts;
  const counts = { waiting: 0, working: 0, error: 0, done: 0, active: 0 };
  for (const { attention } of selectEntryAttention(state, entry, now)) {
    if (attention.kind === 'permission' || attention.kind === 'question') counts.waiting += 1;
    else if (attention.kind === 'error') counts.error += 1;
    else if (attention.kind === 'ended') counts.done += 1;
  }
  const context = statusContext(entry, settings, now);
  for (const session of entry.snapshot?.sessions ?? []) {
    if (session.parentId !== null || session.archived !== null) continue;
    const status = sessionStatus(session, context, serverReport(entry, session));
    if (status === 'working' || status === 'active') counts[status] += 1;
  }
  counted.set(entry, { seen, settings, snoozed, step, counts });
  return counts;
}
