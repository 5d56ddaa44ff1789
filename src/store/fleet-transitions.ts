import type { HostEntry } from '../domain/fleet.ts';
import type { Host, Route } from '../domain/host.ts';
import type { ProbeFailure, Snapshot } from '../domain/snapshot.ts';
import type { OcrState } from './state.ts';

/** A change of the state, as the part of it that is new. */
export type Transition = (state: OcrState) => Partial<OcrState>;

/** The hosts that discovery found, in order. What was known of those that stay is kept. */
export const hostsDiscovered =
  (hosts: readonly Host[]): Transition =>
  (state) => ({
    discovered: true,
    entries: new Map(
      hosts.map((host) => {
        const known = state.entries.get(host.alias);
        return [host.alias, known ? { ...known, host } : newEntry(host)];
      }),
    ),
  });

function newEntry(host: Host): HostEntry {
  return { host, snapshot: null, failure: null, refreshing: false, fresh: false };
}

/** What an earlier run knew: shown as stale until the host answers. */
export const snapshotsRestored =
  (snapshots: ReadonlyMap<string, Snapshot>): Transition =>
  (state) => ({
    entries: new Map(
      [...state.entries].map(([alias, entry]) => {
        const snapshot = snapshots.get(alias);
        return [alias, snapshot === undefined || entry.snapshot !== null ? entry : { ...entry, snapshot }];
      }),
    ),
  });

/** Something that happened to one host. */
export type HostEvent =
  | { readonly kind: 'resolved'; readonly alias: string; readonly route: Route }
  | { readonly kind: 'asked'; readonly alias: string }
  | { readonly kind: 'answered'; readonly alias: string; readonly snapshot: Snapshot }
  /** More of a host that had answered already. */
  | { readonly kind: 'learnt'; readonly alias: string; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly alias: string; readonly failure: ProbeFailure };

/** Applies events in their order, as one change. Events of hosts that are not listed any more are dropped. */
export const hostsChanged =
  (events: readonly HostEvent[]): Transition =>
  (state) => {
    const entries = new Map(state.entries);
    for (const event of events) {
      const entry = entries.get(event.alias);
      if (entry !== undefined) entries.set(event.alias, applyEvent(entry, event));
    }
    return { entries };
  };

function applyEvent(entry: HostEntry, event: HostEvent): HostEntry {
  switch (event.kind) {
    case 'resolved':
      return { ...entry, host: { ...entry.host, route: event.route } };
    case 'asked':
      return { ...entry, refreshing: true };
    case 'answered':
      return { ...entry, snapshot: event.snapshot, failure: null, refreshing: false, fresh: true };
    case 'learnt':
      return { ...entry, snapshot: event.snapshot };
    case 'failed':
      return { ...entry, failure: event.failure, refreshing: false, fresh: false };
  }
}
