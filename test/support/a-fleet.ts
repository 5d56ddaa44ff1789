import type { HostEntry } from '../../src/domain/fleet.ts';
import { type LiveSession, type LiveStatus, NOTHING_LIVE } from '../../src/domain/live.ts';
import { serverKey } from '../../src/domain/server.ts';
import type { Session } from '../../src/domain/session.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { UserRequest } from '../../src/domain/user-request.ts';
import { NOTHING_SEEN, type Seen, withBaseline, withSeen } from '../../src/fleet/seen.ts';
import { hostKey, projectKey, sessionKey } from '../../src/store/keys.ts';
import type { OcrState } from '../../src/store/state.ts';
import {
  aFailure,
  aHost,
  anEntry,
  aPermission,
  aQuestion,
  aServer,
  aSession,
  aSnapshot,
  DAY,
  HOUR,
  MINUTE,
  NOW,
} from './builders.ts';

const SERVER = aServer({ version: '1.18.33' });
const HOME = '/home/ada';
const DATABASE = `${HOME}/.local/share/opencode/opencode.db`;

/** What a made-up host is made of. Ids of sessions are their numbers on the host, from 1. */
interface Made {
  readonly sessions: readonly Session[];
  /** Numbers of the sessions whose turn runs, with what their server says. */
  readonly works?: Readonly<Record<string, LiveStatus>>;
  readonly asks?: readonly UserRequest[];
  readonly link?: 'live' | 'polled';
  readonly snapshot?: Partial<Snapshot>;
}

const BUSY: LiveStatus = { kind: 'busy' };

function host(alias: string, made: Made, changes: Partial<HostEntry> = {}): HostEntry {
  const { sessions, works = {}, asks = [], link = 'live' } = made;
  const key = serverKey(SERVER);
  const told = Object.entries(works).map(([id, status]): [string, LiveSession] => [
    id,
    {
      server: key,
      status,
      since: NOW - 9 * MINUTE,
      heardAt: NOW - 1000,
      todo: id === '2' ? { done: 2, total: 5 } : null,
    },
  ]);
  return anEntry({
    host: aHost({ alias }),
    snapshot: aSnapshot({
      ...{ sessions, databasePath: DATABASE, servers: [SERVER], processes: 1, latency: 31 },
      ...{ at: NOW - 20_000, opencode: { path: '/usr/bin/opencode', version: '1.18.33', identity: 'one' } },
      ...made.snapshot,
    }),
    live: {
      ...NOTHING_LIVE,
      servers: new Map([[key, { server: SERVER, state: link, reason: null, since: NOW - HOUR }]]),
      sessions: new Map(told),
      requests: new Map(asks.map((request) => [request.id, { server: key, request }])),
    },
    fresh: true,
    ...changes,
  });
}

/** Makes a session that was last used some milliseconds ago. */
function used(id: string, title: string, ago: number, changes: Partial<Session> = {}): Session {
  const directory = changes.project ?? `${HOME}/work/payments`;
  return {
    ...aSession({ id, title, updated: NOW - ago, created: NOW - ago - HOUR, directory, project: directory }),
    ...{ agent: 'build', model: 'anthropic/claude-opus-4.5', messages: 12, cost: 1.42 },
    ...{
      tokens: { input: 40_000, output: 2100, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
      additions: 12,
      deletions: 3,
      files: 2,
    },
    ...changes,
  };
}

const ENTRIES: readonly HostEntry[] = [
  host('prod-api', {
    sessions: [
      used('1', 'Fix webhook retries', 14 * MINUTE, { turn: 'open' }),
      used('2', 'Move ledger writes to pgx v5', 9 * MINUTE, { turn: 'open', cost: 3.1 }),
      used('2a', 'audit contrast', 9 * MINUTE, { turn: 'ended', parentId: '2' }),
      used('3', 'Add idempotency keys to /refunds', 7 * MINUTE, { cost: 0.64 }),
      used('4', 'Drop legacy invoice tables', 5 * HOUR, { cost: 2.07 }),
      used('5', 'Investigate double charge of order 48127', 3 * DAY, { cost: 0.31, agent: 'plan' }),
      used('6', 'Which retention do we want', 31 * MINUTE, { turn: 'open', project: `${HOME}/work/ledger` }),
    ],
    works: { 1: BUSY, 2: BUSY, 6: BUSY },
    asks: [
      aPermission({
        ...{ sessionId: '1', since: NOW - 14 * MINUTE, command: 'npm run migrate -- --env staging' },
        ...{ patterns: ['npm run migrate *'], directory: `${HOME}/work/payments` },
      }),
      aQuestion({ sessionId: '6', since: NOW - 31 * MINUTE }),
    ],
  }),
  host('prod-web', {
    sessions: [
      used('1', 'Port settings page to React 19', 4 * MINUTE, {
        project: `${HOME}/src/shop`,
        files: 12,
        additions: 340,
      }),
      used('2', 'Flaky checkout test', 31 * MINUTE, {
        turn: 'failed',
        error: '429 rate limit',
        project: `${HOME}/src/shop`,
      }),
      used('3', 'Bulk refund page', MINUTE, { turn: 'open', project: `${HOME}/src/apps/internal/admin-tools` }),
      used('4', 'Old spike', 40 * DAY, { archived: NOW - DAY, project: `${HOME}/src/shop` }),
    ],
    works: { 3: { kind: 'retry', attempt: 3, message: 'overloaded', next: NOW + 18_000 } },
  }),
  host('prod-db', { sessions: [used('1', 'Explain the vacuum settings', 2 * HOUR)], link: 'polled' }),
  host(
    'build-arm',
    { sessions: [used('1', 'Cross-compile the agent', 6 * HOUR)], link: 'polled', snapshot: { at: NOW - 6 * MINUTE } },
    { fresh: false },
  ),
  anEntry({ host: aHost({ alias: 'gpu-02' }), failure: aFailure({ reason: 'connection refused' }) }),
  anEntry({
    host: aHost({ alias: 'bastion' }),
    failure: aFailure({ status: 'auth-required', reason: 'accepts publickey' }),
  }),
];

/** Sessions whose end or failure the user has not seen. */
const NEWS: ReadonlySet<string> = new Set(['prod-web 1', 'prod-web 2']);

function seenOf(entries: readonly HostEntry[]): Seen {
  let seen = NOTHING_SEEN;
  for (const {
    host: { alias },
    snapshot,
  } of entries) {
    seen = withBaseline(seen, alias, aSnapshot({ at: NOW - 300 * DAY }));
    const known = (snapshot?.sessions ?? []).filter(({ id }) => !NEWS.has(`${alias} ${id}`));
    seen = withSeen(
      seen,
      alias,
      known.map(({ id }) => id),
      NOW,
    );
  }
  return seen;
}

/**
 * Returns the state of a small made-up fleet at `NOW`: hosts that are live, polled, stale, offline and in need of a login, with sessions in most
 * states. The first project of the first host is unfolded.
 */
export function aFleet() {
  const unfolded = new Map([
    ['prod-api', new Set([hostKey('prod-api'), projectKey('prod-api', `${HOME}/work/payments`)])],
  ]);
  return {
    ...{ discovered: true, nextRefreshAt: NOW + 18_000, unfolded },
    entries: new Map(ENTRIES.map((entry) => [entry.host.alias, entry])),
    seen: seenOf(ENTRIES),
    attached: new Map([[sessionKey('prod-api', '3'), { alias: 'prod-api', id: '3', throughServer: true }]]),
  } satisfies Partial<OcrState>;
}
