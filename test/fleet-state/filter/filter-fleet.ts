import type { HostEntry } from '../../../src/domain/fleet.ts';
import { type LiveHost, type LiveSession, NOTHING_LIVE } from '../../../src/domain/live.ts';
import { applyLink } from '../../../src/domain/live-servers.ts';
import { serverKey } from '../../../src/domain/server.ts';
import type { Session } from '../../../src/domain/session.ts';
import { matchesSession, matchesWords } from '../../../src/fleet/filter/match-session.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';
import { NOTHING_SEEN, withBaseline, withSeen } from '../../../src/fleet/seen.ts';
import { type AttentionInputs, selectHostAttention } from '../../../src/fleet/select-attention.ts';
import {
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
  SETTINGS,
  sshOptions,
} from '../../support/builders.ts';

const server = aServer();
const LIVE = applyLink(NOTHING_LIVE, serverKey(server), { server, state: 'live', reason: null, since: NOW - HOUR });

function told(changes: Partial<LiveSession> = {}): LiveSession {
  return {
    ...{ server: serverKey(server), status: { kind: 'busy' }, since: NOW - 9 * MINUTE, heardAt: NOW, todo: null },
    ...changes,
  };
}

const payments = { directory: '/home/me/work/payments', project: '/home/me/work/payments' };
const shop = { directory: '/src/shop/cart', project: '/src/shop' };
const opus = { model: 'anthropic/claude-opus-4.5', agent: 'build' };
const tokens = (input: number) => ({ input, output: 0, reasoning: 0, cacheRead: 5_000_000, cacheWrite: 0 });

const API: readonly Session[] = [
  aSession({
    ...{ id: 'perm', title: 'Fix webhook retries', ...payments, ...opus, turn: 'open', cost: 1.42, messages: 40 },
    ...{ tokens: tokens(120_000), additions: 12, deletions: 3, files: 2 },
  }),
  aSession({ id: 'ques', title: 'Move ledger writes to pgx v5', ...payments, ...opus, turn: 'open', cost: 3.1 }),
  aSession({ id: 'sub', parentId: 'ques', title: 'Audit contrast', ...payments, agent: 'general' }),
  aSession({ id: 'work', title: 'Reconcile Stripe payouts', ...payments, turn: 'open', cost: 0.88, messages: 8 }),
  aSession({ id: 'stall', title: 'Stuck in a loop', ...shop, turn: 'open' }),
  aSession({ id: 'retry', title: 'Rate limited', ...shop, turn: 'open' }),
];
const DB: readonly Session[] = [
  aSession({ id: 'fail', title: 'Flaky checkout test', ...shop, turn: 'failed', error: 'rate limit', cost: 5.16 }),
  aSession({ id: 'done', title: 'Port settings page', ...shop, updated: NOW - 4 * MINUTE, agent: 'plan', cost: 0 }),
  aSession({ id: 'nap', title: 'Nightly import', ...shop, turn: 'failed', updated: NOW - 2 * HOUR }),
  aSession({ id: 'old-fail', title: 'Old failure', ...shop, turn: 'failed', updated: NOW - 2 * DAY }),
  aSession({ id: 'cut', title: 'Cut off', ...shop, turn: 'open' }),
];
const DEV: readonly Session[] = [
  aSession({
    id: 'act',
    title: 'Guest checkout',
    updated: NOW - 5 * MINUTE,
    model: 'openai/gpt-5',
    tokens: tokens(900),
  }),
  aSession({ id: 'idle', title: 'Dark mode tokens', updated: NOW - 5 * HOUR, model: 'openai/gpt-5' }),
  aSession({ id: 'cold', title: 'Café menu', updated: NOW - 3 * DAY }),
  aSession({ id: 'arch', title: 'Archived thoughts', archived: NOW - DAY, updated: NOW - DAY }),
  aSession({ id: 'unk', title: 'Seed data', turn: 'open', updated: NOW - 2 * HOUR }),
];

const apiLive: LiveHost = {
  ...LIVE,
  sessions: new Map([
    ['work', told({ todo: { done: 1, total: 3 } })],
    ['stall', told({ heardAt: NOW - 10 * MINUTE })],
    ['retry', told({ status: { kind: 'retry', attempt: 2, message: '429', next: NOW + MINUTE } })],
  ]),
  requests: new Map([
    ['per_1', { server: 'one', request: aPermission({ sessionId: 'perm', since: NOW - 14 * MINUTE }) }],
    ['que_1', { server: 'one', request: aQuestion({ sessionId: 'sub', since: NOW - 6 * MINUTE }) }],
  ]),
};

function entryOf(alias: string, sessions: readonly Session[], changes: Partial<HostEntry>): HostEntry {
  const route = { kind: 'ssh', options: sshOptions({ hostname: `${alias}.example.net` }) } as const;
  const snapshot = aSnapshot({ sessions, at: NOW - DAY, processes: 0 });
  return { ...anEntry({ host: aHost({ alias, route }), snapshot, fresh: true }), ...changes };
}

const api = entryOf('prod-api', API, { live: apiLive });
const entries = [
  { ...api, host: { ...api.host, label: 'Billing', group: 'work' } },
  entryOf('prod-db', DB, {}),
  entryOf('dev-anna', DEV, { fresh: false }),
];

function createInputs(): AttentionInputs {
  const start = aSnapshot({ at: NOW - DAY });
  const baselines = entries.reduce((all, { host }) => withBaseline(all, host.alias, start), NOTHING_SEEN);
  const seen = withSeen(baselines, 'dev-anna', ['act', 'idle'], NOW);
  const nap = selectHostAttention(entries[1] ?? api, seen, SETTINGS, NOW).get('nap');
  const snoozed = new Map([[nap?.key ?? '', NOW + HOUR]]);
  return { entries: new Map(entries.map((entry) => [entry.host.alias, entry])), seen, settings: SETTINGS, snoozed };
}

/** Three hosts with a session in every state; each session's id tells which. */
export const INPUTS = createInputs();

/** Returns the ids of the sessions that a filter finds, in order. */
export function find(text: string): string[] {
  const filter = parseFilter(text);
  return [...INPUTS.entries.values()].flatMap((entry) =>
    (entry.snapshot?.sessions ?? [])
      .filter((session) => matchesSession(filter, entry, session, INPUTS, NOW))
      .filter((session) => matchesWords(filter, entry, session))
      .map(({ id }) => id),
  );
}

export const ALL = find('');
