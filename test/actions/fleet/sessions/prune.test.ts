import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pruneSessions } from '../../../../src/actions/fleet/sessions/prune-sessions.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../../../src/domain/live.ts';
import { type PruneWish, planPrune } from '../../../../src/operations/prune/prune-plan.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import { aFailure, anEntry, answered, aPermission, aSession, DAY, NOW, SETTINGS } from '../../../support/builders.ts';
import { Desk, selecting, selectingHost } from './desk.ts';
import { FakeClient } from './fake-client.ts';

const old = (id: string, changes = {}) =>
  aSession({ id, title: id, created: NOW - 90 * DAY, updated: NOW - 60 * DAY, ...changes });

const wish = (changes: Partial<PruneWish> = {}): PruneWish => ({
  ...{ act: 'archive', olderThan: 30 * DAY, where: { kind: 'all' } },
  ...changes,
});

function plan(entries: readonly HostEntry[], changes: Partial<PruneWish> = {}, state = {}) {
  const inputs = {
    entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
    ...{ settings: SETTINGS, attached: new Map(), ...state },
  };
  const { targets, kept, leftOut } = planPrune(inputs, wish(changes), NOW);
  return {
    targets: targets.map(({ session }) => session.id),
    kept: kept.map(({ target, reason }) => `${target.session.id} ${reason}`),
    leftOut: leftOut.map(({ entry, reason }) => `${entry.host.alias} ${reason}`),
  };
}

describe('planPrune', () => {
  it('takes root sessions that are old enough, the oldest first', () => {
    const sessions = [
      old('old'),
      old('young', { updated: NOW - 29 * DAY }),
      old('oldest', { updated: NOW - 80 * DAY }),
      old('child', { parentId: 'old' }),
      old('orphan', { parentId: 'gone' }),
    ];
    expect(plan([answered('web1', sessions)]).targets).toEqual(['oldest', 'old']);
  });

  it("counts by the host's clock", () => {
    const entry = answered('web1', [old('a', { updated: NOW - 30 * DAY - 1000 })]);
    expect(plan([entry]).targets).toEqual(['a']);
    const behind = { ...entry, snapshot: { ...entry.snapshot!, clockOffset: -2000 } };
    expect(plan([behind]).targets).toEqual([]);
  });

  it('archives what is not archived, and deletes either', () => {
    const entry = answered('web1', [old('a'), old('b', { archived: NOW })]);
    expect(plan([entry]).targets).toEqual(['a']);
    expect(plan([entry], { act: 'delete' }).targets).toEqual(['a', 'b']);
  });

  it('looks at each session a few times only, however many there are', () => {
    let looks = 0;
    const sessions = Array.from({ length: 500 }, (_, index) => ({
      ...old(`s${index}`),
      get parentId() {
        looks += 1;
        return null;
      },
    }));
    expect(plan([answered('web1', sessions)]).targets).toHaveLength(500);
    expect(looks).toBeLessThan(20 * 500);
  });

  it('keeps to a project or a host', () => {
    const one = answered('web1', [old('a'), old('b', { project: '/srv/other' })]);
    const two = answered('web2', [old('c')]);
    const where = { kind: 'project', alias: 'web1', project: '/srv/shop' } as const;
    expect(plan([one, two], { where }).targets).toEqual(['a']);
    expect(plan([one, two], { where: { kind: 'host', alias: 'web1' } }).targets).toEqual(['a', 'b']);
    expect(plan([one, two]).targets).toEqual(['a', 'b', 'c']);
  });

  it('leaves hosts out that are read-only or away', () => {
    const entries = [answered('web1', [old('a')]), answered('web2', [old('b')])];
    const away = anEntry({ ...answered('web3', [old('c')]), failure: aFailure() });
    const settings = { ...SETTINGS, readonly: new Set(['web2']) };
    expect(plan([...entries, away], {}, { settings })).toEqual({
      targets: ['a'],
      kept: [],
      leftOut: ['web2 read-only', 'web3 not reachable now'],
    });
  });

  it('never takes what works, waits or is open here, nor that whose subagent does', () => {
    const ids = ['busy', 'retry', 'waits', 'open', 'parent', 'archived', 'fine'];
    const sessions = [
      ...ids.map((id) => old(id, id === 'archived' ? { archived: NOW } : {})),
      old('child', { parentId: 'parent' }),
      old('grandchild', { parentId: 'child' }),
      old('young turn', { turn: 'open', updated: NOW - 31 * DAY }),
    ];
    const facts = { server: 's', since: NOW, heardAt: NOW, todo: null };
    const retry = { kind: 'retry', attempt: 1, message: '', next: NOW } as const;
    const entry: HostEntry = {
      ...answered('web1', sessions),
      live: {
        ...NOTHING_LIVE,
        sessions: new Map([
          ['busy', { ...facts, status: { kind: 'busy' } }],
          ['retry', { ...facts, status: retry }],
          ['grandchild', { ...facts, status: { kind: 'busy' } }],
          ['archived', { ...facts, status: { kind: 'busy' } }],
        ]),
        requests: new Map([['per_1', { server: 's', request: aPermission({ sessionId: 'waits' }) }]]),
      },
    };
    const attached = new Map([[sessionKey('web1', 'open'), { alias: 'web1', id: 'open' }]]);
    const found = plan([entry], { act: 'delete' }, { attached });
    expect(found.targets).toEqual(['fine', 'young turn']);
    expect(found.kept.toSorted()).toEqual([
      'archived works',
      'busy works',
      'open open in a terminal here',
      'parent works',
      'retry works',
      'waits waits for you',
    ]);
  });
});

describe('prune', () => {
  const entry = answered('web1', [old('a'), old('b', { updated: NOW - 40 * DAY }), aSession({ id: 'new' })]);

  it('lists what it would touch, and touches nothing before the user agrees', async () => {
    const desk = new Desk([entry]);
    const done = pruneSessions(desk.ports, selectingHost(entry));
    desk.submit();
    await desk.waitForModal('confirm');
    expect(desk.refreshed).toEqual(['web1']);
    expect(desk.question).toEqual(['Archive 2 sessions?', 'web1: a (8w, /srv/shop)', 'web1: b (5w, /srv/shop)']);
    await desk.answer('esc');
    await expect.poll(() => desk.form.error?.text).toBe('nothing was done');
    desk.cancel();
    await done;
    expect(desk.modal).toBeNull();
  });

  it('asks nothing of a user who has left while it was looking for them', async () => {
    const desk = new Desk([entry]);
    const done = pruneSessions(desk.ports, selectingHost(entry));
    desk.submit();
    expect(desk.form.busy).toBe('looking for them');
    desk.cancel();
    await done;
    await setImmediate();
    expect(desk.refreshed).toEqual(['web1']);
    expect(desk.modal).toBeNull();
  });

  it('archives them, but what was used, archived or deleted meanwhile', async () => {
    const many = answered(
      'web1',
      ['a', 'b', 'c', 'd'].map((id) => old(id)),
    );
    const client = new FakeClient()
      .takingAll()
      .knowing(old('a'), old('b', { updated: NOW - DAY }), old('c', { archived: NOW }));
    const desk = new Desk([many], { clients: () => client });
    const done = pruneSessions(desk.ports, selectingHost(many));
    desk.submit();
    await desk.answer('y');
    await done;
    expect(client.calls).toEqual([`archive a ${NOW}`]);
    expect(desk.outcomes).toEqual([
      'ok web1: a',
      'skipped web1: b: it was used meanwhile',
      'skipped web1: c: it is archived already',
      'skipped web1: d: it is gone already',
    ]);
  });

  it('refuses an age that is none, and says when nothing is that old', async () => {
    const desk = new Desk([entry]);
    void pruneSessions(desk.ports, selecting(entry));
    expect(desk.field('where')).toMatchObject({ at: 0 });
    for (const age of ['soon', '30', '-1d', '0d', '']) {
      desk.fill('age', age);
      desk.submit();
      expect(desk.form.error?.field).toBe('age');
    }
    desk.fill('age', '365d');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('no session there is that old');
  });

  it('says before that deleting exports, and where to', async () => {
    const desk = new Desk([entry]);
    void pruneSessions(desk.ports, selectingHost(entry));
    desk.choose('act', 'delete');
    desk.submit();
    await desk.waitForModal('confirm');
    expect(desk.question[0]).toBe('Delete 2 sessions?');
    expect(desk.question.join('\n')).toContain(`Exports go to ${desk.ports.exportFolder};`);
    expect(desk.modal).toMatchObject({ confirm: { options: [{ key: 'y', danger: true }] } });
  });
});
