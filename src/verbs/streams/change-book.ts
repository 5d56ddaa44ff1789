import type { HostEntry } from '../../domain/fleet.ts';
import type { SessionReport } from '../../report/session-schema.ts';
import type { WatchLine } from './watch-line.ts';

interface Told {
  readonly key: string;
  readonly report: SessionReport;
}

/** Remembers what was told last, and tells the differences. */
export class ChangeBook {
  readonly #sessions = new Map<string, ReadonlyMap<string, Told>>();
  readonly #hosts = new Map<string, string>();

  /** Yields the changes of a host and of its sessions since the last turn. @param at ISO 8601 */
  *turn(entry: HostEntry, reports: readonly SessionReport[], at: string): Generator<WatchLine> {
    const { alias } = entry.host;
    yield* this.#turnHost(entry, at);
    const before = this.#sessions.get(alias);
    const now = new Map(reports.map((report): [string, Told] => [report.id, { key: keyOf(report), report }]));
    this.#sessions.set(alias, now);
    for (const [id, { key, report }] of now) {
      const known = before?.get(id);
      if (known?.key === key) continue;
      const change = before === undefined ? 'now' : known === undefined ? 'added' : 'changed';
      yield { kind: 'session', at, change, session: report };
    }
    for (const [id, { report }] of before ?? []) {
      if (!now.has(id)) yield { kind: 'session', at, change: 'gone', session: report };
    }
  }

  *#turnHost({ host: { alias }, snapshot, failure }: HostEntry, at: string): Generator<WatchLine> {
    const status = failure?.status ?? (snapshot === null ? 'unknown' : 'online');
    const reason = failure?.reason ?? null;
    const key = JSON.stringify([status, reason]);
    if (this.#hosts.get(alias) === key) return;
    this.#hosts.set(alias, key);
    const unknownSince = failure === null ? null : new Date(snapshot?.at ?? failure.at).toISOString();
    yield { kind: 'host', at, host: alias, status, reason, unknownSince };
  }
}

/** The part of a session whose change is told: not its counters, which change with every step of a model. */
function keyOf({ status, attention, title, archived, directory }: SessionReport): string {
  return JSON.stringify([status, attention?.kind, attention?.requestId, attention?.since, title, archived, directory]);
}
