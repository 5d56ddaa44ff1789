import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LiveEvent } from '../../src/domain/live.ts';
import { type Server, serverKey } from '../../src/domain/server.ts';
import type { Session } from '../../src/domain/session.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { type HostEvent, hostsChanged, hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { LiveHub } from '../../src/refresh/live-hub.ts';
import {
  aHost,
  anEntry,
  aPermission,
  aServer,
  aSession,
  aSnapshot,
  DAY,
  HOUR,
  NOW,
  SETTINGS,
} from '../support/builders.ts';
import { FakeSource, pass } from './fake-source.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const one = aServer({ pid: 1, port: 4001 });
const two = aServer({ pid: 2, port: 4002 });
const working = (id: string, directory = `/srv/${id}`) => aSession({ id, directory, turn: 'open' });
const busy = (sessionId: string): LiveEvent => ({ kind: 'status', sessionId, status: { kind: 'busy' } });

/** A hub over a real fleet. */
function start(...aliases: string[]) {
  const hosts = new Map(aliases.map((alias) => [alias, aHost({ alias })]));
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([...hosts.values()]));
  const sources = new Map<string, FakeSource>();
  const connected: Server[] = [];
  const lost: string[] = [];
  const hub = new LiveHub<FakeSource>({
    borrow: async ({ alias }, server) => {
      connected.push(server);
      const source = new FakeSource();
      sources.set(`${alias} ${server.port}`, source);
      return source;
    },
    discard: (source) => source.close(),
    forget: () => {},
    isUnauthorized: () => false,
    isUnproven: () => false,
    report: (event: HostEvent) => fleet.setState(hostsChanged([event])),
    askAgain: (alias) => void lost.push(alias),
    entryOf: (alias) => fleet.getState().entries.get(alias),
    clock: Date.now,
    random: () => 0.5,
    logger: silentLogger,
  });
  onTestFinished(() => hub.close());
  /** A host answers. */
  const answer = async (
    alias: string,
    servers: readonly Server[],
    sessions: readonly Session[] = [],
    changes: Partial<Snapshot> = {},
  ) => {
    const snapshot: Snapshot = aSnapshot({ at: Date.now(), servers, sessions, ...changes });
    fleet.setState(hostsChanged([{ kind: 'answered', alias, snapshot }]));
    hub.follow(hosts.get(alias)!, snapshot);
    await pass(0);
  };
  const live = (alias: string) => fleet.getState().entries.get(alias)!.live;
  const source = (alias: string, { port }: Server) => sources.get(`${alias} ${port}`)!;
  /** Makes a server start to send events. */
  const begin = async (alias: string, server: Server) => {
    await source(alias, server).send();
    await source(alias, server).answer();
  };
  const states = (alias: string) =>
    [...live(alias).servers.values()].map(({ server, state }) => `${server.port} ${state}`);
  return { hub, fleet, sources, connected, lost, answer, begin, live, source, states };
}

describe('a stream that is lost', () => {
  it('has its host asked what became of the server, and one that never told does not', async () => {
    const { answer, begin, source, lost } = start('a', 'b');
    await answer('a', [one]);
    await answer('b', [one]);
    await begin('a', one);
    await source('a', one).endStream(new Error('gone'));
    // It answers no more either, and is not polled instead.
    source('a', one).readings.at(-1)?.fail('gone');
    await pass(0);
    await source('b', one).endStream(new Error('gone'));
    expect(lost).toEqual(['a']);
  });
});

describe('a turn that was open when the database was read', () => {
  it('is read again when a server says nothing of it that was not followed by then, and only once', async () => {
    const { answer, begin, lost, source } = start('a');
    await answer('a', [one], [working('ses_1')]);
    await pass(1000);
    await begin('a', one);
    expect(lost).toEqual(['a']);
    await pass(1000);
    await answer('a', [one], [working('ses_1')]);
    await source('a', one).answer();
    await pass(20_000);
    expect(lost).toEqual(['a']);
  });

  it('is not read again when the server works on it', async () => {
    const { answer, source, lost } = start('a');
    await answer('a', [one], [working('ses_1')]);
    await pass(1000);
    await source('a', one).send();
    await source('a', one).answer({ statuses: new Map([['ses_1', { kind: 'busy' }]]) });
    await pass(4000);
    expect(lost).toEqual([]);
  });

  it('is read again for the second server too, a little later', async () => {
    const { answer, begin, lost } = start('a');
    await answer('a', [one, two], [working('ses_1')]);
    await pass(1000);
    await begin('a', one);
    await begin('a', two);
    expect(lost).toEqual(['a']);
    await pass(5000);
    expect(lost).toEqual(['a', 'a']);
  });
});

describe('a session at work', () => {
  it('is asked about again by itself, and one that the server never said to work on too once it stirs', async () => {
    const { answer, begin, source, live } = start('a');
    await answer('a', [one], [working('ses_1'), working('ses_2'), aSession({ id: 'ses_3' })]);
    await begin('a', one);
    await source('a', one).send(busy('ses_1'));
    await pass(2000);
    await source('a', one).send({ kind: 'activity', sessionId: 'ses_2' });
    await pass(3000);
    expect(source('a', one).readings.at(-1)?.directories).toEqual(['/srv/ses_1', '/srv/ses_2']);
    await source('a', one).answer();
    expect(live('a').sessions.get('ses_1')?.status.kind).toBe('idle');
    const { length } = source('a', one).readings;
    await pass(20_000);
    expect(source('a', one).readings).toHaveLength(length);
  });
});

describe('the servers of the hosts', () => {
  it('are followed each by itself, several on one host too', async () => {
    const { answer, begin, states, live, source } = start('a', 'b');
    await answer('a', [one, two], [working('ses_1')]);
    await answer('b', [one]);
    await begin('a', two);
    expect(states('a')).toEqual(['4001 connecting', '4002 live']);
    expect(states('b')).toEqual(['4001 connecting']);
    await begin('a', one);
    await begin('b', one);
    await source('a', one).send(busy('ses_1'));
    expect(live('a').sessions.get('ses_1')).toMatchObject({ server: serverKey(one), status: { kind: 'busy' } });
    expect(live('b').sessions.size).toBe(0);
  });

  it('that are gone are followed no more, and take along what they told', async () => {
    const { answer, begin, states, live, source } = start('a');
    await answer('a', [one, two], [working('ses_1'), working('ses_2')]);
    await begin('a', one);
    await begin('a', two);
    await source('a', one).send(busy('ses_1'));
    await source('a', two).send(busy('ses_2'), { kind: 'asked', request: aPermission({ sessionId: 'ses_2' }) });
    const gone = source('a', two);
    await answer('a', [one]);
    expect(states('a')).toEqual(['4001 live']);
    expect([...live('a').sessions.keys()]).toEqual(['ses_1']);
    expect(live('a').requests.size).toBe(0);
    expect(gone).toMatchObject({ closed: 1, streaming: false });
  });

  it('that were restarted on the same port are others', async () => {
    const { answer, begin, states, source } = start('a');
    await answer('a', [one]);
    await begin('a', one);
    const before = source('a', one);
    await answer('a', [{ ...one, pid: 9 }]);
    expect(states('a')).toEqual(['4001 connecting']);
    expect(before.closed).toBe(1);
    expect(source('a', one)).not.toBe(before);
  });

  it('are let in to again when it turns out that one is our own', async () => {
    const { answer, connected } = start('a');
    await answer('a', [one]);
    await answer('a', [{ ...one, own: true }]);
    await answer('a', [{ ...one, own: true, version: '2', directory: null }]);
    expect(connected.map(({ own }) => own)).toEqual([false, true]);
  });

  it('of a host that cannot be reached are not known of any more, and are found again', async () => {
    const { hub, answer, begin, states, live, source } = start('a');
    await answer('a', [one], [working('ses_1')]);
    await begin('a', one);
    await source('a', one).send(busy('ses_1'));
    hub.leave('a');
    hub.leave('never heard of');
    await pass(0);
    expect(live('a')).toMatchObject({ servers: new Map(), sessions: new Map() });
    await answer('a', [one]);
    await begin('a', one);
    expect(states('a')).toEqual(['4001 live']);
  });

  it('are all known of once each can be followed or cannot', async () => {
    const { hub, answer, begin, source } = start('a');
    await answer('a', [one, two]);
    let settled = false;
    void hub.settled().then(() => (settled = true));
    await begin('a', one);
    expect(settled).toBe(false);
    source('a', two).healthError = new Error('no');
    await source('a', two).endStream(new Error('no'));
    expect(settled).toBe(true);
  });
});

describe('what is asked for', () => {
  it('at first is all that may go on: young open turns and what waits for the user', async () => {
    const { answer, source } = start('a');
    const sessions = [
      working('ses_1', '/srv/open'),
      aSession({ id: 'ses_2', directory: '/srv/ended' }),
      aSession({ id: 'ses_3', directory: '/srv/left', turn: 'open', updated: NOW - 2 * DAY }),
      aSession({ id: 'ses_4', directory: '/srv/archived', turn: 'open', archived: NOW - HOUR }),
      working('ses_5', '/srv/open'),
    ];
    await answer('a', [one], sessions);
    await source('a', one).send();
    expect(source('a', one).readings.map(({ directories }) => directories)).toEqual([['/srv/open']]);
  });

  it('from a live server is what its events have not told: turns that it says nothing of, and requests', async () => {
    const { answer, begin, source } = start('a');
    const sessions = [working('ses_1'), working('ses_2'), aSession({ id: 'ses_3', directory: '/srv/asks' })];
    await answer('a', [one], sessions.slice(0, 1));
    await begin('a', one);
    await source('a', one).send(busy('ses_1'), {
      kind: 'asked',
      request: aPermission({ sessionId: 'ses_3', directory: '/srv/asks' }),
    });
    await pass(1000);
    await answer('a', [one], sessions);
    expect(source('a', one).readings.at(-1)?.directories).toEqual(['/srv/ses_2', '/srv/asks']);
  });

  it('where the host does not tell whose turn is open is what was updated last, since the server started', async () => {
    const { answer, begin, source } = start('a');
    const dark = (id: number) => {
      return aSession({ id: `ses_${id}`, directory: `/srv/${id}`, turn: 'unknown', updated: NOW - id });
    };
    const sessions = [
      ...Array.from({ length: 30 }, (_, id) => dark(id)).reverse(),
      { ...dark(99), updated: NOW - DAY },
    ];
    const home = { ...one, directory: '/home/u' };
    const clock = { bootedAt: NOW - DAY, zone: 0 };
    await answer('a', [home, { ...two, own: true, startId: '8639998' }], sessions, { clock });
    await source('a', home).send();
    const asked = source('a', home).readings.at(-1)?.directories;
    expect(asked).toHaveLength(20);
    expect(asked).toEqual(expect.arrayContaining(['/srv/0', '/srv/19']));
    await begin('a', two);
    expect(source('a', two).readings.at(-1)?.directories).toHaveLength(20);
  });

  it('is nothing of unknown turns where it is not told when the server started', async () => {
    const { answer, source } = start('a');
    await answer('a', [{ ...one, directory: '/home/u' }], [aSession({ turn: 'unknown', updated: NOW - 1 })]);
    await source('a', one).send();
    expect(source('a', one).readings.at(-1)?.directories).toEqual([]);
  });

  it('is no turn that was left open before the server started', async () => {
    const { answer, begin, source } = start('a');
    const clock = { bootedAt: NOW - HOUR, zone: 0 };
    const own = { ...one, own: true, startId: String((HOUR - 10_000) / 10) };
    const sessions = [
      { ...working('ses_left'), updated: NOW - 10_001 },
      { ...working('ses_since'), updated: NOW - 9_999 },
    ];
    await answer('a', [own], sessions, { clock });
    await begin('a', own);
    expect(source('a', own).readings.at(-1)?.directories).toEqual(['/srv/ses_since']);
  });

  it('is not a session again that the server does not work on, until it changes', async () => {
    const { answer, begin, source } = start('a');
    const [left, own] = [working('ses_1'), { ...one, own: true }];
    await answer('a', [own], [left]);
    await begin('a', own);
    await pass(1000);
    await answer('a', [own], [left]);
    expect(source('a', own).readings).toHaveLength(1);
    await answer('a', [own], [{ ...left, updated: NOW + 1 }]);
    expect(source('a', own).readings).toHaveLength(2);
  });

  it("from someone else's live server is nothing outside of the project that it was started in", async () => {
    const { answer, begin, source } = start('a');
    const [home, own] = [
      { ...one, directory: '/srv/shop/web' },
      { ...two, own: true, directory: '/srv/shop' },
    ];
    await answer('a', [home, own]);
    await begin('a', home);
    await begin('a', own);
    const sessions = [
      aSession({ id: 'ses_1', directory: '/srv/shop/web/js', turn: 'open' }),
      aSession({ id: 'ses_2', directory: '/srv/shop', turn: 'open' }),
      aSession({ id: 'ses_3', directory: '/else', project: '/else', turn: 'open' }),
    ];
    await pass(1000);
    await answer('a', [home, own], sessions);
    expect(source('a', home).readings.at(-1)?.directories).toEqual(['/srv/shop/web/js', '/srv/shop']);
    expect(source('a', own).readings.at(-1)?.directories).toContain('/else');
  });

  it('asks about the directories of the last answer', async () => {
    const source = new FakeSource();
    const snapshot = aSnapshot({ servers: [one], sessions: [working('ses_1')] });
    const hub = new LiveHub({
      ...{
        borrow: async () => source,
        discard: () => source.close(),
        forget: () => {},
        isUnauthorized: () => false,
        isUnproven: () => false,
        report: () => {},
        askAgain: () => {},
        entryOf: () => anEntry({ snapshot }),
      },
      ...{ clock: Date.now, random: () => 0.5, logger: silentLogger },
    });
    onTestFinished(() => hub.close());
    hub.follow(aHost(), snapshot);
    await pass(0);
    await source.send();
    expect(source.readings.at(-1)?.directories).toEqual(['/srv/ses_1']);
  });

  it('does not lose a request that comes while it is asked', async () => {
    const { answer, begin, live, source } = start('a');
    await answer('a', [one], [working('ses_1')]);
    await begin('a', one);
    await pass(1000);
    await answer('a', [one], [{ ...working('ses_1'), updated: NOW + 1000 }]);
    const { directories } = source('a', one).readings.at(-1)!;
    expect(directories).toEqual(['/srv/ses_1']);
    const request = aPermission({ directory: '/srv/ses_1' });
    await source('a', one).send(busy('ses_1'), { kind: 'asked', request });
    await source('a', one).answer();
    expect([...live('a').requests.keys()]).toEqual(['per_1']);
    expect(live('a').sessions.get('ses_1')?.status.kind).toBe('busy');
  });

  it('does not bring back a request that is answered while it is asked', async () => {
    const { answer, begin, live, source } = start('a');
    await answer('a', [one], [working('ses_1')]);
    await begin('a', one);
    const request = aPermission({ directory: '/srv/ses_1' });
    await source('a', one).send({ kind: 'asked', request });
    await answer('a', [one], [working('ses_1')]);
    await source('a', one).send({ kind: 'settled', requestId: 'per_1', sessionId: 'ses_1', how: 'once' });
    await source('a', one).answer({ requests: [request] });
    expect(live('a').requests.size).toBe(0);
    expect(live('a').settled.get('per_1')).toBe('once');
  });
});

describe('the end', () => {
  it('ends every stream and leaves no timer, and nothing is followed afterwards', async () => {
    const { hub, answer, begin, sources, connected } = start('a', 'b');
    await answer('a', [one, two]);
    await answer('b', [one]);
    await begin('a', one);
    await hub.close();
    for (const source of sources.values()) expect(source).toMatchObject({ closed: 1, streaming: false });
    expect(vi.getTimerCount()).toBe(0);
    await answer('a', [aServer({ pid: 5 })]);
    expect(connected).toHaveLength(3);
  });
});
