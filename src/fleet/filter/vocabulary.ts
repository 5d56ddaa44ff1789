import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';

/** A known value, and the number of sessions that have it. */
export interface KnownValue {
  readonly value: string;
  readonly sessions: number;
}

/** Values of the fleet that a filter can be completed with, most used first. Text from hosts. */
export interface Vocabulary {
  readonly hosts: readonly KnownValue[];
  readonly groups: readonly KnownValue[];
  readonly projects: readonly KnownValue[];
  readonly models: readonly KnownValue[];
  readonly agents: readonly KnownValue[];
}

/** Most values of a kind that are kept, of each host and of all. */
const MAX_VALUES = 500;

type Counts = Map<string, number>;
interface SessionValues {
  readonly projects: Counts;
  readonly models: Counts;
  readonly agents: Counts;
}

const NO_SESSIONS: readonly Session[] = [];
const known = new WeakMap<readonly Session[], SessionValues>();

const ofFleets = new WeakMap<ReadonlyMap<string, HostEntry>, Vocabulary>();

/** Returns the values of a fleet. Reads each host's sessions once for each list of them. */
export function vocabularyOf(entries: ReadonlyMap<string, HostEntry>): Vocabulary {
  const found = ofFleets.get(entries) ?? mergeValues(entries);
  ofFleets.set(entries, found);
  return found;
}

function mergeValues(entries: ReadonlyMap<string, HostEntry>): Vocabulary {
  const hosts: Counts = new Map();
  const groups: Counts = new Map();
  const all: SessionValues = { projects: new Map(), models: new Map(), agents: new Map() };
  for (const { host, snapshot } of entries.values()) {
    const sessions = snapshot?.sessions ?? NO_SESSIONS;
    add(hosts, host.alias, sessions.length);
    add(groups, host.group, sessions.length);
    const values = valuesOf(sessions);
    for (const kind of ['projects', 'models', 'agents'] as const)
      for (const [value, count] of values[kind]) add(all[kind], value, count);
  }
  return {
    hosts: mostUsed(hosts),
    groups: mostUsed(groups),
    projects: mostUsed(all.projects),
    models: mostUsed(all.models),
    agents: mostUsed(all.agents),
  };
}

function valuesOf(sessions: readonly Session[]): SessionValues {
  const found = known.get(sessions);
  if (found !== undefined) return found;
  const values: SessionValues = { projects: new Map(), models: new Map(), agents: new Map() };
  for (const { project, model, agent } of sessions) {
    add(values.projects, project, 1);
    add(values.models, model, 1);
    add(values.agents, agent, 1);
  }
  known.set(sessions, values);
  return values;
}

function add(counts: Counts, value: string | null, count: number): void {
  if (value === null || value === '') return;
  const before = counts.get(value);
  if (before !== undefined || counts.size < MAX_VALUES) counts.set(value, (before ?? 0) + count);
}

function mostUsed(counts: Counts): readonly KnownValue[] {
  const values = [...counts].map(([value, sessions]) => ({ value, sessions }));
  return values.sort((a, b) => b.sessions - a.sessions);
}
