import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LiveEvent } from '../../src/domain/live.ts';
import type { ServerLink } from '../../src/domain/server.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { EVENTS_AT_ONCE, EVENTS_PER_SECOND } from '../../src/refresh/flood-guard.ts';
import { LiveLink, RECONCILE_MS, SILENCE } from '../../src/refresh/live-link.ts';
import { aHost, aPermission, aServer, NOW } from '../support/builders.ts';
import { FakeSource, pass, Unauthorized, Unproven } from './fake-source.ts';

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const busy: LiveEvent = { kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } };
const idle: LiveEvent = { kind: 'status', sessionId: 'ses_1', status: { kind: 'idle' } };
const asked: LiveEvent = { kind: 'asked', request: aPermission() };
const message: LiveEvent = { kind: 'message', sessionId: 'ses_1', messageId: 'msg_1', role: 'assistant' };

interface StartOptions {
  readonly connectError?: Error | null;
  readonly prepare?: (source: FakeSource) => void;
}

/** A link to a fake server; what it tells is taken down as words. */
function start({ connectError = null, prepare = () => {} }: StartOptions = {}) {
  const told: string[] = [];
  const links: ServerLink[] = [];
  const [reasons, sources]: [(string | null)[], FakeSource[]] = [[], []];
  const given = { connectError, busy: [] as string[] };
  const link = new LiveLink(aHost(), aServer({ version: null }), {
    borrow: async () => {
      if (given.connectError !== null) throw given.connectError;
      const source = new FakeSource();
      prepare(source);
      sources.push(source);
      return source;
    },
    discard: (source) => source.close(),
    isUnauthorized: (error) => error instanceof Unauthorized,
    isUnproven: (error) => error instanceof Unproven,
    directories: () => ['/srv/shop'],
    busy: () => given.busy,
    listener: {
      linked: (state) => {
        links.push(state);
        told.push(state.state);
        reasons.push(state.reason);
      },
      reported: (events) => told.push(events.map(({ kind }) => kind).join('+')),
      read: ({ directories, requests }) => told.push(`read ${directories} ${requests.length}`),
    },
    clock: Date.now,
    random: () => 0.5,
    logger: silentLogger,
  });
  link.start();
  onTestFinished(() => link.close());
  const source = () => sources.at(-1)!;
  return { link, links, told, reasons, sources, source, given };
}

/** A link that is live, with what it has told so far forgotten. */
async function startLive() {
  const started = start();
  await pass(0);
  await started.source().send();
  await started.source().answer();
  expect(started.told).toEqual(['connecting', 'live', 'read /srv/shop 0']);
  started.told.length = 0;
  return started;
}

describe('a link to a server', () => {
  it('is live after the first sign of life and the answer to what was missed', async () => {
    const { link, told, source } = start();
    let settled = false;
    void link.settled.then(() => (settled = true));
    await pass(0);
    expect(told).toEqual(['connecting']);
    expect(source().readings).toEqual([]);
    await source().send();
    expect(told).toEqual(['connecting']);
    expect(settled).toBe(false);
    await source().answer();
    expect(told).toEqual(['connecting', 'live', 'read /srv/shop 0']);
    expect(settled).toBe(true);
    expect(link.source).toBe(source());
    expect(link.server.version).toBe('1.18.33');
  });

  it('tells what happens while it asks after the answer, in its order', async () => {
    const { told, source } = start();
    await pass(0);
    await source().send(busy);
    await source().send(asked, idle);
    await source().answer();
    await source().send(busy);
    expect(told).toEqual(['connecting', 'live', 'read /srv/shop 0', 'status+asked+status', 'status']);
  });

  it('says nothing of signs of life', async () => {
    const { told, source } = await startLive();
    await source().send();
    expect(told).toEqual([]);
  });

  it('counts as dead when it is silent, and is followed again', async () => {
    const { told, reasons, source } = await startLive();
    await pass(SILENCE - 1);
    await source().send();
    await pass(SILENCE - 1);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toEqual(['polled']);
    expect(reasons.at(-1)).toMatch(/fell silent/);
    await source().answer();
    await pass(500);
    await source().send();
    await source().answer();
    expect(told).toEqual(['polled', 'read /srv/shop 0', 'live', 'read /srv/shop 0']);
  });

  it('is not live any more as soon as its stream has ended, however long it takes to answer', async () => {
    const { told, source } = await startLive();
    await source().endStream();
    expect(told).toEqual(['polled']);
    source().readings.at(-1)!.fail('timed out');
    await pass(0);
    expect(told).toEqual(['polled', 'failed']);
  });

  it('has failed at once when its server is gone', async () => {
    const { told, reasons, source, sources } = await startLive();
    source().healthError = new Error('connection refused');
    await source().endStream(new Error('connection reset'));
    expect(told).toEqual(['polled', 'failed']);
    expect(reasons.at(-1)).toBe('connection reset');
    expect(sources[0]).toMatchObject({ closed: 1 });
  });

  it('keeps the way that it has while the server answers: requests may be under way there', async () => {
    const { source, sources } = await startLive();
    await source().endStream();
    await source().answer();
    await pass(500);
    expect(sources).toHaveLength(1);
    expect(source()).toMatchObject({ streams: 2, closed: 0 });
  });

  it('is dead, too, when its stream begins but nothing is answered', async () => {
    const { told, source } = start();
    await pass(0);
    await source().send();
    source().healthError = new Error('no');
    source().readings[0]!.fail('500');
    await pass(0);
    expect(told).toEqual(['connecting', 'failed']);
    expect(source().streaming).toBe(false);
  });
});

describe('a server that cannot be followed', () => {
  it('is tried less and less often, up to every half a minute', async () => {
    const { told, reasons } = start({ connectError: new Error('no route') });
    await pass(0);
    expect(told).toEqual(['connecting', 'failed']);
    expect(reasons.at(-1)).toBe('no route');
    const tries = () => told.filter((word) => word === 'failed').length;
    await pass(500 + 1000 + 2000 + 4000 + 8000 + 16_000);
    expect(tries()).toBe(7);
    await pass(29_999);
    expect(tries()).toBe(7);
    await pass(1);
    expect(tries()).toBe(8);
  });

  it('is tried again at the next answer of its host', async () => {
    const { link, told, source, given } = start({ connectError: new Error('no route') });
    await pass(10 * 60_000);
    given.connectError = null;
    told.length = 0;
    await link.repair(() => {
      throw new Error('nothing is to be asked yet');
    });
    await pass(0);
    await source().send();
    await source().answer();
    expect(told).toEqual(['connecting', 'live', 'read /srv/shop 0']);
  });

  it('wants a password, and says so until it is let in', async () => {
    const { link, told, reasons, source, given } = start({ connectError: new Unauthorized('it wants a password') });
    await pass(0);
    expect(told).toEqual(['connecting', 'needs-password']);
    expect(reasons.at(-1)).toBe('it wants a password');
    await link.repair(() => []);
    await pass(0);
    expect(told).toEqual(['connecting', 'needs-password', 'needs-password']);
    given.connectError = null;
    await link.repair(() => []);
    await pass(0);
    await source().send();
    await source().answer();
    expect(told.slice(3)).toEqual(['live', 'read /srv/shop 0']);
  });

  it('wants a password where a request says so, too', async () => {
    const { link, told, source } = start({
      prepare: (made) => {
        made.healthError = new Unauthorized('it wants a password');
      },
    });
    await pass(0);
    expect(told).toEqual(['connecting', 'needs-password']);
    expect(source().closed).toBe(1);
    expect(link.source).toBeNull();
  });

  it('reports a listener that is not proven to be the server, even if it was live before', async () => {
    const { told, reasons, source, given, link } = await startLive();
    source().healthError = new Unproven('another process uses that port');
    given.connectError = new Unproven('another process uses that port');
    await source().endStream();
    await pass(0);
    expect(told).toEqual(['polled', 'failed']);
    await pass(500);
    expect(told.slice(2)).toEqual(['connecting', 'unproven']);
    expect(reasons.at(-1)).toBe('another process uses that port');
    expect(link.source).toBeNull();
  });

  it('is asked for less and less often while it wants a password', async () => {
    const { told } = start({ connectError: new Unauthorized('it wants a password') });
    await pass(60 * 60_000);
    expect(told.length).toBeLessThan(20);
  });

  it('has its stream tried ever more seldom when that breaks off each time', async () => {
    const { source } = await startLive();
    const drop = async () => {
      await source().endStream();
      await source().answer();
    };
    await drop();
    for (const pause of [500, 1000, 2000]) {
      const { streams } = source();
      await pass(pause - 1);
      expect(source().streams).toBe(streams);
      await pass(1);
      expect(source().streams).toBe(streams + 1);
      await source().send();
      await source().answer();
      await drop();
    }
  });

  it('is followed again quickly when it was live for long', async () => {
    const { source } = await startLive();
    for (let at = 0; at < 4; at += 1) {
      for (let beat = 0; beat < 4; beat += 1) {
        await pass(10_000);
        await source().send();
      }
      await source().endStream();
      await source().answer();
      await pass(500);
      expect(source().streams).toBe(at + 2);
      await source().send();
      await source().answer();
    }
  });
});

describe('a server whose stream is refused, but that answers', () => {
  async function startPolled() {
    const prepare = (source: FakeSource) => {
      source.streamError = new Error('403');
    };
    const started = start({ prepare });
    await pass(0);
    await started.source().answer();
    expect(started.told).toEqual(['connecting', 'polled', 'read /srv/shop 0']);
    expect(started.reasons.at(-1)).toBe('403');
    started.told.length = 0;
    return started;
  }

  it('is polled: read at each answer of its host, while its stream is tried again', async () => {
    const { link, told, source } = await startPolled();
    const before = source().streams;
    const repaired = link.repair(() => {
      throw new Error('that is for what is live');
    });
    expect(source().readings).toHaveLength(2);
    await source().answer({ requests: [aPermission()] });
    await repaired;
    expect(told).toContain('read /srv/shop 1');
    expect(told).not.toContain('connecting');
    expect(source().streams).toBe(before + 1);
  });

  it('has failed once it does not answer either', async () => {
    const { link, told, source } = await startPolled();
    source().readError = new Error('connection refused');
    source().healthError = source().readError;
    await link.repair(() => []);
    await pass(0);
    expect(new Set(told)).toEqual(new Set(['failed']));
  });

  it('becomes live with the stream, and an older answer does not undo what was read since', async () => {
    const { link, told, source } = await startPolled();
    source().streamError = null;
    void link.repair(() => []);
    await pass(0);
    const late = source().readings.at(-1)!;
    await source().send();
    await source().answer({ requests: [aPermission()] });
    expect(told).toEqual(['live', 'read /srv/shop 1']);
    late.answer();
    await pass(0);
    expect(told).toEqual(['live', 'read /srv/shop 1']);
  });
});

describe('an answer of the host of a live server', () => {
  it('has only that asked which the events do not tell', async () => {
    const { link, told, source } = await startLive();
    await link.repair(() => []);
    expect(source().readings).toHaveLength(1);
    void link.repair(() => ['/srv/old']);
    await source().answer();
    expect(told).toEqual(['read /srv/old 0']);
  });

  it('does not undo what was told while it was asked, nor count a message twice', async () => {
    const { link, told, source } = await startLive();
    void link.repair(() => ['/srv/shop']);
    await source().send(asked, message, busy);
    await source().answer();
    expect(told).toEqual(['asked+message+status', 'read /srv/shop 0', 'asked+status']);
  });

  it('changes nothing when it cannot be had', async () => {
    const { link, told, source } = await startLive();
    const repaired = link.repair(() => ['/srv/old']);
    source().readings.at(-1)!.fail('timed out');
    await repaired;
    expect(told).toEqual([]);
  });
});

describe('closing', () => {
  it.each(['while it waits for a sign of life', 'while it asks', 'while it is live', 'while it rests'])(
    '%s ends everything',
    async (when) => {
      const { link, sources, given } = start({ connectError: when === 'while it rests' ? new Error('no') : null });
      await pass(0);
      if (when === 'while it asks' || when === 'while it is live') await sources[0]!.send();
      if (when === 'while it is live') await sources[0]!.answer();
      given.connectError = new Error('connected after the end');
      await link.close();
      await link.settled;
      expect(link.source).toBeNull();
      expect(vi.getTimerCount()).toBe(0);
      for (const source of sources) expect(source).toMatchObject({ closed: 1, streaming: false });
    },
  );

  it('gives up a reading of an answer', async () => {
    const { link, told } = await startLive();
    const repaired = link.repair(() => ['/srv/shop']);
    await link.close();
    await repaired;
    expect(told).toEqual([]);
  });
});

describe('sessions at work', () => {
  it('are compared with the server every few seconds, so that an event that was lost is made good', async () => {
    const { told, source, given } = await startLive();
    await pass(RECONCILE_MS);
    expect(source().readings).toHaveLength(1);
    given.busy = ['/srv/shop'];
    await pass(RECONCILE_MS);
    expect(source().readings).toHaveLength(2);
    await source().answer();
    expect(told).toEqual(['read /srv/shop 0']);
    given.busy = [];
    await pass(2 * RECONCILE_MS);
    expect(source().readings).toHaveLength(2);
  });

  it('are not asked about again while the server has not answered, nor once its stream is lost', async () => {
    const { source, given } = await startLive();
    given.busy = ['/srv/shop'];
    await pass(3 * RECONCILE_MS);
    expect(source().readings).toHaveLength(2);
    source().readings.at(-1)?.fail('too slow');
    await source().send();
    await pass(RECONCILE_MS);
    expect(source().readings).toHaveLength(3);
    const lost = source();
    lost.healthError = new Error('gone');
    await lost.endStream(new Error('gone'));
    await pass(2 * RECONCILE_MS);
    expect(lost.readings).toHaveLength(3);
  });

  it('keep what was told of them while they were compared', async () => {
    const { told, source, given } = await startLive();
    given.busy = ['/srv/shop'];
    await pass(RECONCILE_MS);
    await source().send(busy);
    await source().answer();
    expect(told).toEqual(['status', 'read /srv/shop 0', 'status']);
  });
});

describe('a server that tells more than can be followed', () => {
  const events = (count: number) => Array.from({ length: count }, () => asked);

  it('is asked for a while instead, and says so; then it is followed again', async () => {
    const { links, told, source, sources } = await startLive();
    await source().send(...events(EVENTS_AT_ONCE));
    expect(told).toHaveLength(1);
    await source().send(...events(1));
    expect(source().streaming).toBe(false);
    await source().answer();
    expect(links.at(-1)).toMatchObject({ state: 'polled', flooded: true });
    expect(links.at(-1)?.reason).toBe(`more than ${EVENTS_PER_SECOND} events a second`);
    await pass(20_000);
    expect(source().streams).toBe(1);
    await pass(20_000);
    await source().send();
    await source().answer();
    expect(links.at(-1)).toMatchObject({ state: 'live' });
    expect(links.at(-1)).not.toHaveProperty('flooded');
    expect(sources).toHaveLength(1);
  });

  it('is none that tells much for long', async () => {
    const { links, source } = await startLive();
    for (let second = 0; second < 20; second += 1) {
      await source().send(...events(EVENTS_PER_SECOND));
      await pass(1000);
    }
    expect(links.at(-1)?.state).toBe('live');
  });
});
