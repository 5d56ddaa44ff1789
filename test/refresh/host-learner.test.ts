import { describe, expect, it } from 'vitest';
import { loginKey } from '../../src/domain/login.ts';
import type { ConfirmedDatabase, Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsChanged, hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { HostLearner } from '../../src/refresh/host-learner.ts';
import { aHost, aLogin, aServer, aSnapshot, DAY, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

const host = aHost({ alias: 'web' });
const login = aLogin();
const databasePath = '/db/opencode.db';
const confirmed = { path: databasePath, identity: 'one', login: loginKey(login) };
const aged = aSnapshot({ login, databasePath });

/** A learner of one host that has answered; `named` is the database that its opencode names. */
function start(
  snapshot: Snapshot,
  { named = confirmed, mayStartOpencode = true, loginChanges = false, elsewhere = false, clock = () => NOW } = {},
) {
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([host]));
  fleet.setState(hostsChanged([{ kind: 'answered', alias: 'web', snapshot }]));
  const did: string[] = [];
  const note = <Result>(what: string, result: Result) => {
    did.push(what);
    return Promise.resolve(result);
  };
  const learner = new HostLearner({
    fleet,
    prober: {
      version: () => note('version', '1.18.0'),
      askLogin: () => note('login', loginChanges),
      confirmDatabase: () => note<ConfirmedDatabase | null>('confirm', named),
      compareServers: () => note('compare', elsewhere),
    },
    cache: null,
    clock,
    logger: silentLogger,
    limitsOf: () => ({
      ...{ signal: new AbortController().signal, timeout: 1000, enrich: true, interaction: null },
      mayStartOpencode,
    }),
    ask: () => note('ask', null),
  });
  const learn = async (before: Snapshot | null = null) => {
    learner.learn(host, snapshot, before, true);
    await learner.settled();
    return did.filter((what) => what !== 'compare');
  };
  return { learner, learn, known: () => fleet.getState().entries.get('web')?.snapshot };
}

describe('the facts learnt after an answer', () => {
  it('has opencode confirm the database once, and keeps that', async () => {
    const run = start(aged);
    expect(await run.learn()).toEqual(['confirm']);
    expect(run.known()?.confirmed).toEqual(confirmed);
    expect(await run.learn()).toEqual(['confirm']);
  });

  it('surveys the host again when opencode names another database', async () => {
    expect(await start(aged, { named: { ...confirmed, path: '/else.db' } }).learn()).toEqual(['confirm', 'ask']);
  });

  it.each([
    ['on a read-only host', aged, false],
    ['without a database', aSnapshot({ login, databasePath: null, rung: null }), true],
    ['for a database that is confirmed', aSnapshot({ login, databasePath, confirmed }), true],
  ])('starts no opencode %s', async (_name, snapshot, mayStartOpencode) => {
    expect(await start(snapshot, { mayStartOpencode }).learn()).toEqual([]);
  });

  it('confirms the database again for another program and another login', async () => {
    for (const changes of [{ identity: 'two' }, { login: 'other' }]) {
      const snapshot = aSnapshot({ login, databasePath, confirmed: { ...confirmed, ...changes } });
      expect(await start(snapshot).learn()).toEqual(['confirm']);
    }
  });

  it('asks the login shell when the user refreshes, after a day, and when opencode was replaced', async () => {
    const settled = aSnapshot({ login, databasePath, confirmed });
    const byUser = start(settled);
    byUser.learner.askLoginAgain('web');
    expect(await byUser.learn()).toEqual(['login']);
    expect(await start({ ...settled, login: aLogin({ readAt: NOW - 2 * DAY }) }).learn()).toEqual(['login']);
    const before = { ...settled, opencode: { ...settled.opencode, identity: 'zero' } };
    expect(await start(settled).learn(before)).toEqual(['login']);
  });

  it('does not ask an old login again at once where that gives no answer', async () => {
    let now = NOW;
    const old = { ...aSnapshot({ login, databasePath, confirmed }), login: aLogin({ readAt: NOW - 2 * DAY }) };
    const run = start(old, { clock: () => now });
    expect(await run.learn()).toEqual(['login']);
    now += MINUTE;
    expect(await run.learn()).toEqual(['login']);
    now += 2 * MINUTE;
    expect(await run.learn()).toEqual(['login', 'login']);
  });

  it('surveys the host again when its login environment changed, or a server has other sessions', async () => {
    const changed = start(aged, { loginChanges: true });
    changed.learner.askLoginAgain('web');
    expect(await changed.learn()).toEqual(['login', 'ask']);
    expect(await start({ ...aged, servers: [aServer()] }, { elsewhere: true }).learn()).toEqual(['ask']);
  });
});
