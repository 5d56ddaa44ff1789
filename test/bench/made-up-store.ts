import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered, snapshotsRestored } from '../../src/fleet/fleet-transitions.ts';
import { createOcrStore, type OcrStore } from '../../src/store/store.ts';
import { makeSnapshot } from './made-up-fleet.ts';

const settings = {
  sortBy: 'last_activity',
  showArchived: false,
  maxDisplay: 50,
  activeThreshold: 600_000,
  idleThreshold: 86_400_000,
  stalledAfter: 300_000,
  snooze: 3_600_000,
  readonly: false,
  groups: true,
  animation: false,
  enterAnswers: true,
  columns: { fleet: null, sessions: null, hosts: null },
  demo: false,
} as const;

/** A dashboard that knows so many sessions, on so many hosts. */
export function createMadeUpStore(sessions: number, hosts: number): OcrStore {
  const fleet = new FleetStore(settings);
  const store = createOcrStore(fleet, settings, false);
  const aliases = Array.from({ length: hosts }, (_, index) => `host-${String(index).padStart(3, '0')}`);
  const described = {
    group: null,
    priority: 1000,
    opencodePath: null,
    route: { kind: 'unresolved', reason: null },
  } as const;
  fleet.setState(hostsDiscovered(aliases.map((alias) => ({ alias, label: alias, ...described }))));
  const snapshots = aliases.map((alias, index) => [alias, makeSnapshot(index, sessions / hosts, Date.now())] as const);
  fleet.setState(snapshotsRestored(new Map(snapshots)));
  return store;
}
