import { type Activity, withActivity } from '../domain/activity.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { Host, Route } from '../domain/host.ts';
import { type LiveEvent, type LiveHost, type LiveReading, NOTHING_LIVE } from '../domain/live.ts';
import { mergeReading } from '../domain/live-merge.ts';
import { applyLiveEvents, applyLiveReading, type LiveView } from '../domain/live-reducer.ts';
import { applyLink, applyUnlink } from '../domain/live-servers.ts';
import type { ServerLink } from '../domain/server.ts';
import type { ProbeFailure, Snapshot } from '../domain/snapshot.ts';
import type { FleetState } from './fleet-state.ts';
import { withBaseline } from './seen.ts';

/** A change of the fleet, as the part of its state that is new. */
export type FleetTransition = (state: FleetState) => Partial<FleetState>;

/** Sets the discovered hosts, in order. Keeps the state of those that stay. */
export const hostsDiscovered =
  (hosts: readonly Host[]): FleetTransition =>
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
  return {
    host,
    snapshot: null,
    live: NOTHING_LIVE,
    failure: null,
    refreshing: false,
    waitsForLogin: false,
    fresh: false,
  };
}

/** Restores snapshots of an earlier run, shown as stale until the host answers. */
export const snapshotsRestored =
  (snapshots: ReadonlyMap<string, Snapshot>): FleetTransition =>
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
  /** Its answer waits for the user's login shell there, which may have a slow profile. */
  | { readonly kind: 'waits-for-login'; readonly alias: string }
  | { readonly kind: 'answered'; readonly alias: string; readonly snapshot: Snapshot }
  /** More of a host that had answered already. */
  | { readonly kind: 'learnt'; readonly alias: string; readonly snapshot: Snapshot }
  | { readonly kind: 'failed'; readonly alias: string; readonly failure: ProbeFailure }
  | { readonly kind: 'did'; readonly alias: string; readonly activity: Activity }
  | LiveHostEvent;

/** A server's event, or a change of the link to it; `server` is a `serverKey`, `at` epoch milliseconds. */
export type LiveHostEvent = { readonly alias: string; readonly server: string } & (
  | { readonly kind: 'linked'; readonly link: ServerLink }
  | { readonly kind: 'unlinked' }
  | { readonly kind: 'reported'; readonly events: readonly LiveEvent[]; readonly at: number }
  | { readonly kind: 'read'; readonly reading: LiveReading; readonly at: number }
);

/** Applies events in order, as one change. Drops events of hosts that are no longer listed. */
export const hostsChanged =
  (events: readonly HostEvent[]): FleetTransition =>
  (state) => {
    let entries: Map<string, HostEntry> | undefined;
    let { seen } = state;
    for (const event of events) {
      const entry = (entries ?? state.entries).get(event.alias);
      const changed = entry === undefined || event.kind === 'did' ? entry : applyEvent(entry, event);
      if (changed === undefined || changed === entry) continue;
      entries ??= new Map(state.entries);
      entries.set(event.alias, changed);
      if (event.kind === 'answered') seen = withBaseline(seen, event.alias, event.snapshot);
    }
    return {
      ...(entries && { entries }),
      ...(seen !== state.seen && { seen }),
      ...withActivities(state, events),
    };
  };

function withActivities({ activities }: FleetState, events: readonly HostEvent[]): Partial<FleetState> {
  const did = events.filter((event) => event.kind === 'did');
  if (did.length === 0) return {};
  const changed = new Map(activities);
  for (const { alias, activity } of did) changed.set(alias, withActivity(changed.get(alias) ?? [], activity));
  return { activities: changed };
}

function applyEvent(entry: HostEntry, event: Exclude<HostEvent, { kind: 'did' }>): HostEntry {
  switch (event.kind) {
    case 'resolved':
      return { ...entry, host: { ...entry.host, route: event.route } };
    case 'asked':
      return { ...entry, refreshing: true };
    case 'waits-for-login':
      return { ...entry, waitsForLogin: true };
    case 'answered':
      return {
        ...withAnswer(entry, event.snapshot),
        failure: null,
        refreshing: false,
        waitsForLogin: false,
        fresh: true,
      };
    case 'learnt':
      return { ...entry, snapshot: event.snapshot };
    case 'failed':
      return { ...entry, failure: event.failure, refreshing: false, waitsForLogin: false, fresh: false };
    case 'linked':
      return withLive(entry, applyLink(entry.live, event.server, event.link));
    case 'unlinked':
      return withLive(entry, applyUnlink(entry.live, event.server));
    case 'reported':
      return withView(entry, (view) => applyLiveEvents(view, event.server, event.events, event.at));
    case 'read':
      return withView(entry, (view) => applyLiveReading(view, event.server, event.reading, event.at));
  }
}

/**
 * Events that arrived while the answer was in flight are newer; the database must then be read again, changed or not.
 */
function withAnswer(entry: HostEntry, snapshot: Snapshot): HostEntry {
  if (entry.snapshot === null) return { ...entry, snapshot };
  const { view, mixed } = mergeReading(viewOf(entry, entry.snapshot), snapshot.sessions, snapshot.at);
  const { sessions, live } = view;
  if (mixed) return { ...entry, live, snapshot: { ...snapshot, sessions, fingerprint: null } };
  return { ...entry, live, snapshot: sessions === snapshot.sessions ? snapshot : { ...snapshot, sessions } };
}

function withLive(entry: HostEntry, live: LiveHost): HostEntry {
  return live === entry.live ? entry : { ...entry, live };
}

function withView(entry: HostEntry, change: (view: LiveView) => LiveView): HostEntry {
  const { snapshot } = entry;
  if (snapshot === null) return entry;
  const { sessions, live } = change(viewOf(entry, snapshot));
  const same = sessions === snapshot.sessions;
  return same && live === entry.live
    ? entry
    : { ...entry, live, snapshot: same ? snapshot : { ...snapshot, sessions } };
}

function viewOf({ live }: HostEntry, { sessions, clockOffset }: Snapshot): LiveView {
  return { sessions, live, clockOffset };
}
