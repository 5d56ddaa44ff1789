import { type HostEntry, hostStatus } from '../domain/fleet.ts';
import type { LiveHost } from '../domain/live.ts';
import type { Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { selectHostTree, type TreeOrder } from './project-tree.ts';
import { serverReport, sessionStatus, statusContext } from './session-state.ts';
import { SESSION_STATUSES, type SessionStatus } from './session-status.ts';
import type { FleetSettings } from './settings.ts';

/** Settings that decide which sessions are counted, and as what. */
export type CountSettings = FleetSettings & TreeOrder;

export interface FleetCounts {
  readonly hosts: number;
  readonly online: number;
  readonly refreshing: number;
  /** Hosts that were asked and could not be read. */
  readonly failed: number;
  /** Hosts that let the user in but run no commands; not an error. */
  readonly noShell: number;
  /** Hosts without opencode; not an error either. */
  readonly noOpencode: number;
  /** Visible root sessions. */
  readonly sessions: number;
  readonly byStatus: Readonly<Record<SessionStatus, number>>;
}

type StatusCounts = Record<SessionStatus, number>;
const noCounts = (): StatusCounts => Object.fromEntries(SESSION_STATUSES.map((status) => [status, 0])) as StatusCounts;

const NO_COUNTS: Readonly<StatusCounts> = noCounts();

/** Root sessions of a project that work now. */
export interface WorkCounts {
  readonly working: number;
  readonly retry: number;
}

const NO_WORK: WorkCounts = { working: 0, retry: 0 };

interface Counted {
  /** Epoch milliseconds between which it holds. */
  readonly from: number;
  readonly until: number;
  readonly settings: CountSettings;
  readonly live: LiveHost;
  readonly fresh: boolean;
  readonly counts: StatusCounts;
  /** By path; without projects where nothing works. */
  readonly byProject: ReadonlyMap<string, WorkCounts>;
}

/** Recent sessions stop being active no faster than users look. */
const KEPT_MS = 60_000;
/** An open turn that a followed server has not reported yet counts as work for seconds only, and its row says so at once. */
const KEPT_WITH_GUESSES_MS = 1000;

/** Counts by snapshot, cached for a while. */
const counted = new WeakMap<Snapshot, Counted>();

/** Counts a host's visible root sessions by state, the same ones as its row. */
export function countStatuses(entry: HostEntry, settings: CountSettings, now: number): Readonly<StatusCounts> {
  return entry.snapshot === null ? NO_COUNTS : count(entry, entry.snapshot, settings, now).counts;
}

/** Counts the root sessions of a project that work now. */
export function countWork(entry: HostEntry, path: string, settings: CountSettings, now: number): WorkCounts {
  if (entry.snapshot === null) return NO_WORK;
  return count(entry, entry.snapshot, settings, now).byProject.get(path) ?? NO_WORK;
}

function count(entry: HostEntry, snapshot: Snapshot, settings: CountSettings, now: number): Counted {
  const known = counted.get(snapshot);
  const { live, fresh } = entry;
  const holds = known !== undefined && known.from <= now && now < known.until;
  if (holds && known.settings === settings && known.live === live && known.fresh === fresh) return known;
  const context = statusContext(entry, settings, now);
  const counts = noCounts();
  const byProject = new Map<string, WorkCounts>();
  let isGuess = false;
  for (const { path, sessions } of selectHostTree(snapshot.sessions, settings).projects) {
    const work = { working: 0, retry: 0 };
    for (const session of sessions) {
      const report = serverReport(entry, session);
      const status = sessionStatus(session, context, report);
      counts[status] += 1;
      if (status === 'working' || status === 'retry') work[status] += 1;
      if (status === 'working' && report?.status.kind !== 'busy' && context.unseen === 0) isGuess = true;
    }
    if (work.working + work.retry > 0) byProject.set(path, work);
  }
  if (!settings.showArchived) counts.archived = countArchived(snapshot.sessions);
  const until = now + (isGuess ? KEPT_WITH_GUESSES_MS : KEPT_MS);
  const result = { from: now, until, settings, live, fresh, counts, byProject };
  counted.set(snapshot, result);
  return result;
}

function countArchived(sessions: readonly Session[]): number {
  let count = 0;
  for (const { parentId, archived } of sessions) if (parentId === null && archived !== null) count += 1;
  return count;
}

/** Counts for the header. */
export function countFleet(entries: ReadonlyMap<string, HostEntry>, settings: CountSettings, now: number): FleetCounts {
  const byStatus = noCounts();
  const total = { hosts: 0, online: 0, refreshing: 0, failed: 0, noShell: 0, noOpencode: 0, sessions: 0 };
  for (const entry of entries.values()) {
    total.hosts += 1;
    if (entry.refreshing) total.refreshing += 1;
    if (hostStatus(entry) === 'online' && entry.fresh) total.online += 1;
    if (entry.failure?.status === 'no-shell') total.noShell += 1;
    else if (entry.failure?.status === 'no-opencode') total.noOpencode += 1;
    else if (entry.failure !== null) total.failed += 1;
    const counts = countStatuses(entry, settings, now);
    for (const status of SESSION_STATUSES) {
      byStatus[status] += counts[status];
      if (status !== 'archived' || settings.showArchived) total.sessions += counts[status];
    }
  }
  return { ...total, byStatus };
}
