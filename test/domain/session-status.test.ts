import { describe, expect, it } from 'vitest';
import { sessionStatus } from '../../src/domain/session-status.ts';
import { aSession, DAY, HOUR, MINUTE, NOW } from '../support/builders.ts';

const young = NOW - 5 * MINUTE;
const older = NOW - HOUR;
const old = NOW - 2 * DAY;

describe('sessionStatus', () => {
  it.each([
    ['a young open turn where opencode runs', { turn: 'open', updated: young }, 1, 'working'],
    ['a young open turn where processes cannot be counted', { turn: 'open', updated: young }, null, 'working'],
    ['a young open turn where no opencode runs', { turn: 'open', updated: young }, 0, 'unknown'],
    ['an open turn that has been silent for long', { turn: 'open', updated: older }, 1, 'unknown'],
    ['an open turn from long ago', { turn: 'open', updated: old }, 1, 'unknown'],
    ['a turn that failed', { turn: 'failed', updated: young }, null, 'errored'],
    ['a turn that failed long ago', { turn: 'failed', updated: old }, null, 'errored'],
    ['a turn that has just ended', { turn: 'ended', updated: young }, null, 'active'],
    ['a turn that ended within the day', { turn: 'ended', updated: older }, null, 'idle'],
    ['a turn that ended long ago', { turn: 'ended', updated: old }, null, 'cold'],
    ['something young of which nothing is told', { turn: 'unknown', updated: young }, null, 'active'],
    ['something of which nothing is told', { turn: 'unknown', updated: older }, null, 'unknown'],
    ['something old of which nothing is told', { turn: 'unknown', updated: old }, null, 'cold'],
    ['an archived session that works', { turn: 'open', updated: young, archived: NOW }, 1, 'archived'],
    ['an archived session that failed', { turn: 'failed', archived: NOW }, null, 'archived'],
    ['a session of the future', { turn: 'ended', updated: NOW + DAY }, null, 'active'],
  ] as const)('takes %s as it should', (_name, session, processes, expected) => {
    const context = { now: NOW, activeThreshold: 10 * MINUTE, idleThreshold: DAY, processes };
    expect(sessionStatus(aSession(session), context)).toBe(expected);
  });

  it('counts the thresholds themselves as young and as not cold', () => {
    const context = { now: NOW, activeThreshold: 10 * MINUTE, idleThreshold: DAY, processes: null };
    expect(sessionStatus(aSession({ updated: NOW - 10 * MINUTE }), context)).toBe('active');
    expect(sessionStatus(aSession({ updated: NOW - DAY }), context)).toBe('idle');
  });
});
