import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SshResolver } from '../../src/discovery/ssh-resolver.ts';
import type { Host } from '../../src/domain/host.ts';
import type { HostStatus, Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered, snapshotsRestored } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { ProbeError } from '../../src/probe/probe-error.ts';
import type { Prober } from '../../src/probe/prober.ts';
import type { SnapshotCache } from '../../src/probe/snapshot-cache.ts';
import { Refresher, type RefreshOptions, type RefreshParts } from '../../src/refresh/refresher.ts';
import { retryDelay } from '../../src/refresh/retry-delay.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { aHost, aSession, aSnapshot, NOW, SETTINGS, sshOptions } from '../support/builders.ts';

const INTERVAL = 30_000;
const unversioned = (changes: Partial<Snapshot> = {}) =>
  aSnapshot({ opencode: { path: '/usr/bin/opencode', identity: 'one', version: null }, ...changes });

/** Hosts that answer, fail or are silent as the test says. */
class FakeProber implements Pick<Prober, 'probe' | 'version' | 'askLogin' | 'confirmDatabase' | 'compareServers'> {
  askLogin = async () => false;
  confirmDatabase = async () => null;
  compareServers = async () => false;
  readonly asked: string[] = [];
  readonly versionsAsked: string[] = [];
  readonly answers = new Map<string, () => Promise<Snapshot>>();
  version = async (host: Host): Promise<string | null> => {
    this.versionsAsked.push(host.alias);
    return '1.18.0';
  };

  probe = (host: Host): Promise<Snapshot> => {
    this.asked.push(host.alias);
    const answer = this.answers.get(host.alias);
    if (answer === undefined) throw new Error(`unexpected probe of ${host.alias}`);
    return answer();
  };

  count(alias: string): number {
    return this.asked.filter((name) => name === alias).length;
  }
}

class FakeResolver implements Pick<SshResolver, 'resolve' | 'save' | 'volatile'> {
  readonly asked: string[] = [];
  saved = 0;
  volatile = false;
  async resolve(alias: string) {
    this.asked.push(alias);
    return { kind: 'ssh', options: sshOptions({ hostname: `${alias}.example.org` }) } as const;
  }
  async save() {
    this.saved += 1;
  }
}

class FakeCache implements SnapshotCache {
  readonly saved: [string, Snapshot][] = [];
  load(): never {
    throw new Error('unexpected load');
  }
  async save(alias: string, snapshot: Snapshot) {
    this.saved.push([alias, snapshot]);
  }
  async flush() {}
}

const silence = () => new Promise<Snapshot>(() => {});
const refuse = () => Promise.reject(new TransportError('refused', 'connection refused', { hint: 'start sshd' }));

class FakeLive implements NonNullable<RefreshParts['live']> {
  readonly left: string[] = [];
  settling: Promise<void> = Promise.resolve();
  follow = () => {};
  leave = (alias: string) => void this.left.push(alias);
  settled = () => this.settling;
  close = async () => {};
}

function start(hosts: readonly Host[], maxParallel = 10, turn?: RefreshOptions['turn']) {
  const live = new FakeLive();
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered(hosts));
  const [prober, resolver, cache] = [new FakeProber(), new FakeResolver(), new FakeCache()];
  for (const { alias } of hosts) prober.answers.set(alias, async () => aSnapshot());
  let connected = (_name: string) => {};
  const onConnected = (listener: (name: string) => void) => {
    connected = listener;
    return () => {};
  };
  const forgetFailures = vi.fn();
  const rhythm = { interval: INTERVAL };
  const refresher = new Refresher(
    {
      ...{
        fleet,
        live,
        prober,
        resolver,
        cache,
        onConnected,
        forgetFailures,
        logger: silentLogger,
      },
      ...{ clock: () => Date.now(), random: () => 0.5 },
    },
    {
      get interval() {
        return rhythm.interval;
      },
      maxParallel,
      enrich: true,
      timeoutOf: () => 10_000,
      mayStartOpencode: () => true,
      interactionOf: () => null,
      ...(turn && { turn }),
    },
  );
  const entry = (alias: string) => fleet.getState().entries.get(alias);
  return {
    rhythm,
    fleet,
    prober,
    resolver,
    cache,
    live,
    refresher,
    entry,
    forgetFailures,
    connect: (name: string) => connected(name),
  };
}
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

describe('the refresher', () => {
  it('asks every host at once and again in every interval', async () => {
    const { prober, refresher, fleet, entry } = start([aHost({ alias: 'a' }), aHost({ alias: 'b' })]);
    refresher.start();
    expect(fleet.getState().nextRefreshAt).toBe(NOW + INTERVAL);
    await pass(100);
    expect(prober.asked).toEqual(['a', 'b']);
    expect(entry('a')).toMatchObject({ fresh: true, refreshing: false, failure: null });
    await pass(2 * INTERVAL);
    expect(prober.asked).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    await refresher.close();
  });

  it('counts a changed interval from the change', async () => {
    const { prober, refresher, fleet, rhythm } = start([aHost({ alias: 'a' })]);
    refresher.reschedule();
    expect(fleet.getState().nextRefreshAt).toBeNull();
    refresher.start();
    await pass(INTERVAL / 2);
    rhythm.interval = INTERVAL / 4;
    refresher.reschedule();
    expect(fleet.getState().nextRefreshAt).toBe(NOW + (3 * INTERVAL) / 4);
    await pass(INTERVAL / 2);
    expect(prober.count('a')).toBe(3);
    await refresher.close();
    refresher.reschedule();
    await pass(INTERVAL);
    expect(prober.count('a')).toBe(3);
  });

  it('asks a host again after a probe in flight, which may have looked too early', async () => {
    const { prober, refresher, entry } = start([aHost({ alias: 'a' })]);
    const early = Promise.withResolvers<Snapshot>();
    prober.answers.set('a', () => early.promise);
    refresher.start();
    await pass(10);
    const again = Promise.all([refresher.askAgain('a'), refresher.askAgain('a')]);
    await pass(10);
    expect(prober.count('a')).toBe(1);
    prober.answers.set('a', async () => aSnapshot({ at: NOW + 20 }));
    early.resolve(aSnapshot({ at: NOW }));
    await again;
    expect(prober.count('a')).toBe(2);
    expect(entry('a')?.snapshot?.at).toBe(NOW + 20);
    await refresher.close();
    await refresher.askAgain('a');
    expect(prober.count('a')).toBe(2);
  });

  it('tries every hop again when the user asks, and not by itself', async () => {
    const { prober, refresher, forgetFailures } = start([aHost({ alias: 'a' }), aHost({ alias: 'down' })]);
    prober.answers.set('down', refuse);
    refresher.start();
    forgetFailures.mockClear();
    await pass(3 * INTERVAL);
    expect(prober.count('down')).toBeGreaterThan(1);
    expect(forgetFailures).not.toHaveBeenCalled();
    refresher.refreshAll();
    expect(forgetFailures).toHaveBeenCalledTimes(1);
    await refresher.refreshHost('a');
    expect(forgetFailures).toHaveBeenCalledTimes(2);
    await refresher.close();
  });

  it('connects to hosts in turn with other heavy work, and asks connected ones at once', async () => {
    const gate = Promise.withResolvers<void>();
    const turn = vi.fn(() => gate.promise);
    const { prober, refresher } = start([aHost({ alias: 'a' })], 10, turn);
    refresher.start();
    await pass(100);
    expect(prober.asked).toEqual([]);
    gate.resolve();
    await pass(100);
    expect(prober.asked).toEqual(['a']);
    turn.mockClear();
    await pass(INTERVAL);
    expect(prober.asked).toEqual(['a', 'a']);
    expect(turn).not.toHaveBeenCalled();
    await refresher.close();
  });

  it('never asks a host twice at a time', async () => {
    const { prober, refresher, entry } = start([aHost({ alias: 'a' })]);
    const answer = Promise.withResolvers<Snapshot>();
    prober.answers.set('a', () => answer.promise);
    refresher.start();
    const waiting = refresher.refreshHost('a');
    refresher.refreshAll();
    await pass(3 * INTERVAL);
    expect(prober.count('a')).toBe(1);
    expect(entry('a')?.refreshing).toBe(true);
    const snapshot = aSnapshot({ latency: 5 });
    answer.resolve(snapshot);
    expect(await waiting).toBe(snapshot);
    await pass(INTERVAL);
    expect(prober.count('a')).toBe(2);
    const closing = refresher.close();
    await closing;
  });

  it('is not held up by silent hosts', async () => {
    const silent = Array.from({ length: 3 }, (_, at) => aHost({ alias: `silent${at}` }));
    const { prober, refresher, entry } = start([...silent, aHost({ alias: 'quick' })], 3);
    for (const { alias } of silent) prober.answers.set(alias, silence);
    refresher.start();
    await pass(2500);
    expect(entry('quick')?.fresh).toBe(true);
    await pass(INTERVAL);
    expect(prober.count('quick')).toBe(2);
    for (const { alias } of silent) expect(prober.count(alias)).toBe(1);
  });

  it('asks a host that fails less and less often, and keeps what was known', async () => {
    const { prober, refresher, entry, fleet } = start([aHost({ alias: 'dead' }), aHost({ alias: 'well' })]);
    const known = aSnapshot({ sessions: [aSession()] });
    fleet.setState(snapshotsRestored(new Map([['dead', known]])));
    prober.answers.set('dead', refuse);
    refresher.start();
    await pass(100);
    expect(entry('dead')).toMatchObject({
      snapshot: known,
      fresh: false,
      failure: { status: 'offline', reason: 'connection refused', hint: 'start sshd', at: NOW },
    });
    await pass(20 * INTERVAL - 200);
    expect(prober.count('well')).toBe(20);
    expect(prober.count('dead')).toBe(7);
    await refresher.close();
  });

  it('asks a host that backs off at once when the user wants it, and forgets its failures when it answers', async () => {
    const { prober, refresher, entry } = start([aHost({ alias: 'a' })]);
    prober.answers.set('a', refuse);
    refresher.start();
    await pass(5 * INTERVAL);
    const before = prober.count('a');
    prober.answers.set('a', async () => aSnapshot());
    refresher.refreshAll();
    await pass(100);
    expect(prober.count('a')).toBe(before + 1);
    expect(entry('a')).toMatchObject({ fresh: true, failure: null });
    await pass(3 * INTERVAL);
    expect(prober.count('a')).toBe(before + 4);
    await refresher.close();
  });

  it('asks ssh for the way to a host once', async () => {
    const { resolver, refresher, entry } = start([aHost({ alias: 'a', route: { kind: 'unresolved', reason: null } })]);
    refresher.start();
    await pass(2 * INTERVAL);
    expect(resolver.asked).toEqual(['a']);
    expect(entry('a')?.host.route).toMatchObject({ kind: 'ssh', options: { hostname: 'a.example.org' } });
    await refresher.close();
    expect(resolver.saved).toBe(1);
  });

  it('asks for a version once for each program, after the sessions', async () => {
    const { prober, refresher, entry } = start([aHost({ alias: 'a' })]);
    prober.answers.set('a', async () => unversioned());
    refresher.start();
    await pass(100);
    expect(prober.versionsAsked).toEqual([]);
    await pass(5000);
    expect(prober.versionsAsked).toEqual(['a']);
    expect(entry('a')?.snapshot?.opencode.version).toBe('1.18.0');
    await pass(3 * INTERVAL);
    expect(prober.versionsAsked).toEqual(['a']);
    const other = { path: '/usr/bin/opencode', identity: 'two', version: null };
    prober.answers.set('a', async () => aSnapshot({ opencode: other }));
    await pass(2 * INTERVAL);
    expect(prober.versionsAsked).toEqual(['a', 'a']);
    await refresher.close();
  });

  it('writes to disk only what has changed', async () => {
    const { prober, refresher, cache } = start([aHost({ alias: 'a' })]);
    const same = aSnapshot({ sessions: [aSession()] });
    prober.answers.set('a', async () => ({ ...same, at: Date.now() }));
    refresher.start();
    await pass(3 * INTERVAL);
    expect(cache.saved).toHaveLength(1);
    prober.answers.set('a', async () => aSnapshot({ sessions: [] }));
    await pass(INTERVAL);
    expect(cache.saved).toHaveLength(2);
    await refresher.close();
  });

  it('asks once and waits for all, failures and versions too', async () => {
    const { prober, refresher, entry } = start([aHost({ alias: 'a' }), aHost({ alias: 'dead' })]);
    prober.answers.set('a', async () => unversioned());
    prober.answers.set('dead', refuse);
    const asked = refresher.askOnce(true);
    await pass(100);
    await asked;
    expect(entry('a')?.snapshot?.opencode.version).toBe('1.18.0');
    expect(entry('dead')?.failure?.reason).toBe('connection refused');
    await refresher.close();
  });

  it('leaves no timer behind when it is closed', async () => {
    const { prober, refresher } = start([aHost({ alias: 'a' }), aHost({ alias: 'dead' })]);
    prober.answers.set('a', async () => unversioned());
    prober.answers.set('dead', refuse);
    refresher.start();
    await pass(100);
    await refresher.close();
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
    const before = prober.asked.length;
    await pass(10 * INTERVAL);
    expect(prober.asked).toHaveLength(before);
  });

  it('has told the listeners of a refreshed host by the time its caller goes on', async () => {
    const { fleet, refresher } = start([aHost({ alias: 'a' })]);
    let heard = fleet.getState();
    fleet.subscribe((state) => {
      heard = state;
    });
    const snapshot = await refresher.refreshHost('a');
    expect(heard.entries.get('a')).toMatchObject({ snapshot, refreshing: false });
    await refresher.close();
  });

  it('tells the listeners of everything before it has closed, so that they can save it', async () => {
    const { fleet, live, refresher } = start([aHost({ alias: 'a' })]);
    const heard = vi.fn();
    fleet.subscribe(heard);
    live.close = async () => fleet.report({ kind: 'unlinked', alias: 'a', server: 'one' });
    fleet.report({ kind: 'answered', alias: 'a', snapshot: aSnapshot() });
    await refresher.close();
    expect(heard.mock.lastCall?.[0]).toBe(fleet.getState());
    expect(vi.getTimerCount()).toBe(0);
  });

  it('knows nothing of a host that is not listed', async () => {
    const { refresher } = start([]);
    expect(await refresher.refreshHost('nobody')).toBeNull();
  });
});

describe('a host behind another', () => {
  const blocked = () => Promise.reject(new TransportError('blocked', 'behind hop: timed out', { by: 'hop' }));

  it('is asked as soon as that one is connected', async () => {
    const { prober, refresher, entry, connect } = start([aHost({ alias: 'hop' }), aHost({ alias: 'behind' })]);
    prober.answers.set('hop', refuse);
    prober.answers.set('behind', blocked);
    refresher.start();
    await pass(100);
    expect(entry('behind')?.failure).toMatchObject({ status: 'blocked', blockedBy: 'hop' });
    for (const alias of ['hop', 'behind']) prober.answers.set(alias, async () => aSnapshot());
    connect('elsewhere');
    await pass(100);
    expect(prober.count('behind')).toBe(1);
    connect('hop');
    await pass(100);
    expect(entry('hop')?.failure).toBeNull();
    expect(entry('behind')?.failure).toBeNull();
    await refresher.close();
  });
});

describe('a host that fails in another way than before', () => {
  it('is asked again as soon as one that fails for the first time', async () => {
    const { prober, refresher } = start([aHost({ alias: 'a' })]);
    prober.answers.set('a', () => Promise.reject(new ProbeError('no-opencode', 'not found')));
    refresher.start();
    await pass(10 * INTERVAL);
    prober.answers.set('a', refuse);
    refresher.refreshAll();
    await pass(100);
    const before = prober.count('a');
    prober.answers.set('a', async () => aSnapshot());
    await pass(INTERVAL);
    expect(prober.count('a')).toBe(before + 1);
    await refresher.close();
  });
});

describe('a way that depends on the network', () => {
  it('is looked for again after a failure, and not without one', async () => {
    const { prober, resolver, refresher, entry } = start([
      aHost({ alias: 'a', route: { kind: 'unresolved', reason: null } }),
    ]);
    resolver.volatile = true;
    refresher.start();
    await pass(INTERVAL);
    expect(resolver.asked).toEqual(['a']);
    prober.answers.set('a', refuse);
    await pass(INTERVAL);
    prober.answers.set('a', async () => aSnapshot());
    await pass(2 * INTERVAL);
    expect(resolver.asked).toEqual(['a', 'a']);
    expect(entry('a')?.failure).toBeNull();
    await refresher.close();
  });
});

describe('backing off', () => {
  const middle = (failures: number, status: HostStatus = 'offline', interval = INTERVAL) =>
    retryDelay(failures, interval, status, () => 0.5);

  it('doubles up to two minutes, and spreads by a fifth', () => {
    expect([1, 2, 3, 4, 5, 1000].map((failures) => middle(failures))).toEqual([
      30_000, 60_000, 120_000, 120_000, 120_000, 120_000,
    ]);
    expect(retryDelay(1, INTERVAL, 'offline', () => 0)).toBe(24_000);
    expect(retryDelay(1, INTERVAL, 'offline', () => 1)).toBe(36_000);
  });

  it('knocks seldom where no key fits, and where there is no shell', () => {
    for (const status of ['auth-required', 'no-shell'] as const) {
      expect([1, 2, 3].map((failures) => middle(failures, status))).toEqual([240_000, 480_000, 600_000]);
    }
  });

  it('never asks more often than the interval, however long that is', () => {
    expect(middle(1, 'offline', 3_600_000)).toBe(3_600_000);
    expect(middle(5, 'auth-required', 3_600_000)).toBe(3_600_000);
  });
});

describe('a batch of events', () => {
  it('becomes one change of the fleet', async () => {
    const fleet = new FleetStore(SETTINGS);
    fleet.setState(hostsDiscovered([aHost({ alias: 'a' }), aHost({ alias: 'b' })]));
    const listener = vi.fn();
    fleet.subscribe(listener);
    fleet.report({ kind: 'asked', alias: 'a' });
    fleet.report({ kind: 'answered', alias: 'a', snapshot: aSnapshot() });
    fleet.report({ kind: 'asked', alias: 'b' });
    expect(listener).not.toHaveBeenCalled();
    await pass(1000);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(fleet.getState().entries.get('a')).toMatchObject({ refreshing: false, fresh: true });
    expect(fleet.getState().entries.get('b')).toMatchObject({ refreshing: true });
  });

  it('is in the state at once, before anybody is told', () => {
    const fleet = new FleetStore(SETTINGS);
    fleet.setState(hostsDiscovered([aHost({ alias: 'a' })]));
    fleet.report({ kind: 'asked', alias: 'a' });
    expect(fleet.getState().entries.get('a')?.refreshing).toBe(true);
  });
});

describe('the servers of a host', () => {
  const leftAfter = async (...errors: readonly Error[]) => {
    const { prober, refresher, live } = start([aHost({ alias: 'a' })]);
    for (const error of errors) {
      prober.answers.set('a', () => Promise.reject(error));
      await refresher.refreshHost('a');
    }
    await refresher.close();
    return live.left;
  };
  const timeout = new TransportError('timeout', 'silent');

  it('are left when no one is let in, or the host is not reached a second time', async () => {
    expect(await leftAfter(new TransportError('auth', 'denied'))).toEqual(['a']);
    expect(await leftAfter(timeout, timeout)).toEqual(['a']);
  });

  it('are followed further when the host only cannot be read, or was not reached once', async () => {
    expect(await leftAfter(new ProbeError('error', 'no rows'), new ProbeError('no-opencode', 'none'))).toEqual([]);
    expect(await leftAfter(timeout)).toEqual([]);
  });

  it('are waited for as long as a host may take, and no longer', async () => {
    const { refresher, live } = start([aHost({ alias: 'a' })]);
    live.settling = new Promise(() => {});
    let asked = false;
    void refresher.askOnce(false).then(() => (asked = true));
    await pass(9_900);
    expect(asked).toBe(false);
    await pass(200);
    expect(asked).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
