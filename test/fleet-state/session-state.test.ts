import { describe, expect, it } from 'vitest';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { serverKey } from '../../src/domain/server.ts';
import type { Session } from '../../src/domain/session.ts';
import { ongoingWork, type StatusContext, sessionStatus, workOf } from '../../src/fleet/session-state.ts';
import {
  anEntry,
  aPermission,
  aServer,
  aSession,
  aSnapshot,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SETTINGS,
} from '../support/builders.ts';

const young = NOW - 5 * MINUTE;
const older = NOW - HOUR;
const old = NOW - 2 * DAY;

/** Process counts for a status: `processes` defaults to `unseen` + 1, `unseen` to `processes`; both are unknown if neither is given. */
function contextOf(processes: { readonly unseen?: number; readonly processes?: number }): StatusContext {
  const { unseen = processes.processes ?? null } = processes;
  const all = processes.processes ?? (unseen === null ? null : unseen + 1);
  return { now: NOW, activeThreshold: 10 * MINUTE, idleThreshold: DAY, processes: all, unseen };
}

describe('sessionStatus', () => {
  it.each([
    ['a young open turn where opencode runs unseen', { turn: 'open', updated: young }, { unseen: 1 }, 'working'],
    ['a young open turn where processes cannot be counted', { turn: 'open', updated: young }, {}, 'unknown'],
    ['a young open turn where no opencode runs', { turn: 'open', updated: young }, { processes: 0 }, 'interrupted'],
    [
      'a young open turn where only what we follow runs',
      { turn: 'open', updated: young },
      { unseen: 0 },
      'interrupted',
    ],
    ['a turn that its server may be about to tell of', { turn: 'open', updated: NOW - 2000 }, { unseen: 0 }, 'working'],
    ['a turn as young as that without any opencode', { turn: 'open', updated: NOW }, { processes: 0 }, 'interrupted'],
    ['an open turn that has been silent for long', { turn: 'open', updated: older }, { unseen: 1 }, 'unknown'],
    ['an open turn from long ago', { turn: 'open', updated: old }, { unseen: 1 }, 'unknown'],
    ['an open turn from long ago that nothing works on', { turn: 'open', updated: old }, { unseen: 0 }, 'interrupted'],
    ['a young message that only waits', { turn: 'queued', updated: young }, { unseen: 1 }, 'active'],
    ['a message that only waits', { turn: 'queued', updated: older }, { unseen: 1 }, 'idle'],
    ['an old message that only waits', { turn: 'queued', updated: old }, { processes: 0 }, 'cold'],
    ['a turn that failed', { turn: 'failed', updated: young }, {}, 'errored'],
    ['a turn that failed long ago', { turn: 'failed', updated: old }, {}, 'errored'],
    ['a turn that has just ended', { turn: 'ended', updated: young }, {}, 'active'],
    ['a turn that ended within the day', { turn: 'ended', updated: older }, {}, 'idle'],
    ['a turn that ended long ago', { turn: 'ended', updated: old }, {}, 'cold'],
    ['something young of which nothing is told', { turn: 'unknown', updated: young }, {}, 'active'],
    ['something of which nothing is told', { turn: 'unknown', updated: older }, {}, 'unknown'],
    ['something old of which nothing is told', { turn: 'unknown', updated: old }, {}, 'cold'],
    ['an archived session that works', { turn: 'open', updated: young, archived: NOW }, { unseen: 1 }, 'archived'],
    ['an archived session that failed', { turn: 'failed', archived: NOW }, {}, 'archived'],
    ['a session of the future', { turn: 'ended', updated: NOW + DAY }, {}, 'active'],
  ] as const)('takes %s as it should', (_name, session, processes, expected) => {
    const context = contextOf(processes);
    expect(sessionStatus(aSession(session), context)).toBe(expected);
  });

  it('takes no session for active that was only renamed, archived or restored', () => {
    const session = aSession({ turn: 'ended', updated: NOW, endedAt: NOW - 2 * HOUR });
    expect(sessionStatus(session, contextOf({}))).toBe('idle');
  });

  it('counts the thresholds themselves as young and as not cold', () => {
    const context = contextOf({});
    expect(sessionStatus(aSession({ updated: NOW - 10 * MINUTE }), context)).toBe('active');
    expect(sessionStatus(aSession({ updated: NOW - DAY }), context)).toBe('idle');
  });
});

describe('ongoing work', () => {
  const server = aServer();
  const status = (kind: 'busy' | 'idle') => ({
    server: serverKey(server),
    status: { kind },
    since: NOW,
    heardAt: NOW,
    todo: null,
  });
  const entryOf = (sessions: readonly Session[], told: Readonly<Record<string, 'busy' | 'idle'>>) =>
    anEntry({
      snapshot: aSnapshot({ sessions, processes: 0 }),
      fresh: true,
      live: { ...NOTHING_LIVE, sessions: new Map(Object.entries(told).map(([id, kind]) => [id, status(kind)])) },
    });

  it('is what a server reports, whatever the database says', () => {
    const session = aSession({ id: 'one', turn: 'open' });
    expect(workOf(entryOf([session], { one: 'busy' }), session)).toBe('working');
    expect(workOf(entryOf([session], { one: 'idle' }), session)).toBe('resting');
  });

  it('is unsure where no server reports and the turn has not ended', () => {
    const workOfTurn = (turn: Session['turn']) => workOf(entryOf([], {}), aSession({ turn }));
    expect(workOfTurn('open')).toBe('unsure');
    expect(workOfTurn('unknown')).toBe('unsure');
    expect(workOfTurn('ended')).toBe('resting');
  });

  it('of a session includes that of its subagents at any depth, and of archived ones', () => {
    const root = aSession({ id: 'root', turn: 'ended', archived: NOW });
    const child = aSession({ id: 'child', parentId: 'root', turn: 'ended' });
    const grandchild = aSession({ id: 'grandchild', parentId: 'child', turn: 'ended', archived: NOW });
    const sessions = [root, child, grandchild];
    expect(ongoingWork(entryOf(sessions, {}), root, SETTINGS, NOW)).toBeNull();
    expect(ongoingWork(entryOf(sessions, { grandchild: 'busy' }), root, SETTINGS, NOW)).toBe('working');
    expect(ongoingWork(entryOf(sessions, { grandchild: 'busy' }), aSession({ id: 'other' }), SETTINGS, NOW)).toBeNull();
  });

  it('includes a request that waits for the user', () => {
    const root = aSession({ id: 'root', turn: 'open' });
    const entry = entryOf([root], { root: 'busy' });
    const requests = new Map([['per_1', { server: serverKey(server), request: aPermission({ sessionId: 'root' }) }]]);
    const asking = { ...entry, live: { ...entry.live, requests } };
    expect(ongoingWork(asking, root, SETTINGS, NOW)).toBe('waiting');
    expect(workOf(asking, root)).toBe('working');
  });
});
