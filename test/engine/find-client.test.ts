import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { type Server, type ServerState, serverKey } from '../../src/domain/server.ts';
import { type ClientSources, clientNow, findClient } from '../../src/engine/find-client.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import type { ServerClient } from '../../src/opencode/server/server-client.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { anEntry, aPermission, aServer, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';

const one = aServer({ pid: 1, port: 4001 });
const two = aServer({ pid: 2, port: 4002 });
const own = aServer({ pid: 3, port: 4003, own: true });

type States = readonly (readonly [Server, ServerState | null])[];

/** Puts a host whose servers are in these states into the fleet; `null` for a server that no link leads to yet. */
function put(fleet: FleetStore, states: States, onTwo: string | null = null) {
  const links = states.flatMap(([server, state]) =>
    state === null ? [] : [[serverKey(server), { server, state, reason: null, since: NOW }] as const],
  );
  const told = { server: serverKey(two), status: { kind: 'idle' }, since: NOW, heardAt: NOW, todo: null } as const;
  const live = {
    ...NOTHING_LIVE,
    servers: new Map(links),
    sessions: new Map(onTwo === null ? [] : [[onTwo, told]]),
  };
  const snapshot = aSnapshot({ servers: states.map(([server]) => server) });
  fleet.setState({ entries: new Map([['web1', anEntry({ snapshot, live })]]) });
}

type Answer = 'answers' | 'silent' | 'unauthorized' | 'refused';

/** Clients of servers that behave as given when they are asked for their health. Those of followed servers are connected already. */
class FakeClients {
  readonly borrowed: number[] = [];
  readonly discarded: number[] = [];
  readonly #answers: Readonly<Record<number, Answer>>;
  readonly #clients = new Map<number, ServerClient>();

  constructor(answers: Readonly<Record<number, Answer>>) {
    this.#answers = answers;
  }

  of(port: number): ServerClient {
    const health = (signal: AbortSignal) => this.#health(port, signal);
    const client = this.#clients.get(port) ?? ({ port, health } as unknown as ServerClient);
    this.#clients.set(port, client);
    return client;
  }

  now(_alias: string, key: string): ServerClient {
    return this.of(Number(key.split(' ').at(-1)));
  }

  async borrow(_host: unknown, { port }: Server): Promise<ServerClient> {
    this.borrowed.push(port);
    if (this.#answers[port] === 'refused') throw new ServerError('refused', 'GET /', 'no');
    return this.of(port);
  }

  async discard(client: ServerClient): Promise<void> {
    this.discarded.push((client as unknown as { port: number }).port);
  }

  async #health(port: number, signal: AbortSignal): Promise<{ version: string }> {
    signal.throwIfAborted();
    const answer = this.#answers[port];
    if (answer === 'answers') return { version: '1.18.33' };
    if (answer === 'unauthorized') throw new ServerError('unauthorized', 'GET /', 'it wants a password');
    if (answer !== 'silent') throw new Error(`unexpected request to ${port}`);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
}

interface Options {
  readonly answers?: Readonly<Record<number, Answer>>;
  readonly sessionId?: string | null;
  readonly sources?: Partial<ClientSources>;
  readonly signal?: AbortSignal;
}

function find(prepare: (fleet: FleetStore) => void, options: Options = {}) {
  const { answers = {}, sessionId = null, sources = {}, signal = new AbortController().signal } = options;
  const fleet = new FleetStore(SETTINGS);
  prepare(fleet);
  const clients = new FakeClients(answers);
  const unexpected = (what: string) => async () => {
    throw new Error(`unexpected ${what}`);
  };
  const given: ClientSources = {
    ...{ fleet, clients, servers: { startOwn: unexpected('start') }, mayStart: true },
    refreshHost: unexpected('refresh'),
    ...sources,
  };
  return { fleet, clients, found: findClient(given, 'web1', sessionId, signal) };
}

const started = async () => ({ server: own, password: 'hidden', path: '/file', started: true });

describe('the client of a followed server', () => {
  it('is that of the server that the session runs on, else of any that lets us in', async () => {
    const prepare = (fleet: FleetStore) =>
      put(
        fleet,
        [
          [one, 'live'],
          [two, 'polled'],
        ],
        'ses_1',
      );
    expect(await find(prepare, { sessionId: 'ses_1' }).found).toMatchObject({ port: 4002 });
    expect(await find(prepare, { sessionId: 'ses_2' }).found).toMatchObject({ port: 4001 });
    const locked: States = [
      [one, 'needs-password'],
      [two, 'polled'],
    ];
    const { clients, found } = find((fleet) => put(fleet, locked));
    expect(await found).toMatchObject({ port: 4002 });
    expect(clients.borrowed).toEqual([]);
  });

  it('is that of the server that asks, also for a session of which nothing else is known', async () => {
    const prepare = (fleet: FleetStore) => {
      put(fleet, [
        [one, 'live'],
        [two, 'live'],
      ]);
      const entry = fleet.getState().entries.get('web1')!;
      const requests = new Map([['per_1', { server: serverKey(two), request: aPermission() }]]);
      fleet.setState({ entries: new Map([['web1', { ...entry, live: { ...entry.live, requests } }]]) });
    };
    expect(await find(prepare, { sessionId: 'ses_1' }).found).toMatchObject({ port: 4002 });
  });

  it('is there at once, or not at all', () => {
    const fleet = new FleetStore(SETTINGS);
    const clients = new FakeClients({});
    expect(clientNow({ fleet, clients }, 'web1', null)).toBeNull();
    put(fleet, [[one, 'connecting']]);
    expect(clientNow({ fleet, clients }, 'web1', null)).toBeNull();
    put(fleet, [[one, 'live']]);
    expect(clientNow({ fleet, clients }, 'web1', null)).toBe(clients.of(4001));
  });
});

describe('a server that is not followed', () => {
  it('is connected to without an event stream', async () => {
    const { clients, found } = find((fleet) => put(fleet, [[one, null]]), { answers: { 4001: 'answers' } });
    expect(await found).toBe(clients.of(4001));
    expect(clients.borrowed).toEqual([4001]);
  });

  it('does not hold up another one that answers', async () => {
    const states: States = [
      [one, 'connecting'],
      [two, null],
    ];
    const { clients, found } = find((fleet) => put(fleet, states), { answers: { 4001: 'silent', 4002: 'answers' } });
    expect(await found).toBe(clients.of(4002));
  });

  it('comes first if the session runs on it', async () => {
    const states: States = [
      [one, null],
      [two, 'connecting'],
    ];
    const prepare = (fleet: FleetStore) => put(fleet, states, 'ses_1');
    const { clients, found } = find(prepare, { answers: { 4002: 'answers' }, sessionId: 'ses_1' });
    expect(await found).toBe(clients.of(4002));
    expect(clients.borrowed).toEqual([4002]);
  });

  it('has time to answer after the one that the session runs on was silent', async () => {
    const states: States = [
      [one, null],
      [two, 'connecting'],
    ];
    const late = [new AbortController(), new AbortController()];
    const timeouts = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => late.shift()!.signal);
    onTestFinished(() => timeouts.mockRestore());
    const [first] = late;
    const prepare = (fleet: FleetStore) => put(fleet, states, 'ses_1');
    const { clients, found } = find(prepare, { answers: { 4001: 'answers', 4002: 'silent' }, sessionId: 'ses_1' });
    await vi.waitFor(() => expect(clients.borrowed).toEqual([4002]));
    first!.abort(new DOMException('too late', 'TimeoutError'));
    expect(await found).toBe(clients.of(4001));
  });

  it('is not asked again while it refuses us, and logged in to again once it has', async () => {
    const states: States = [
      [one, 'failed'],
      [two, null],
    ];
    const { clients, found } = find((fleet) => put(fleet, states), {
      answers: { 4002: 'unauthorized' },
      sources: { servers: { startOwn: started }, refreshHost: async () => null },
    });
    expect(await found).toBe(clients.of(4003));
    expect(clients.borrowed).toEqual([4002, 4003]);
    expect(clients.discarded).toEqual([4002]);
  });

  it('is waited for only as long as it is wanted', async () => {
    const stop = new AbortController();
    const { found } = find((fleet) => put(fleet, [[one, null]]), { answers: { 4001: 'silent' }, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
  });
});

describe("ocr's own server", () => {
  it('is started where no server lets us in, and used before any answer lists it', async () => {
    const paths: string[] = [];
    const asked: string[] = [];
    const { clients, found } = find((fleet) => put(fleet, [[one, 'needs-password']]), {
      sources: {
        servers: {
          startOwn: async (_host, path) => {
            paths.push(path);
            return started();
          },
        },
        refreshHost: async (alias) => void asked.push(alias),
      },
    });
    expect(await found).toBe(clients.of(4003));
    expect(paths).toEqual(['/usr/bin/opencode']);
    // Three answers did not list it.
    await expect.poll(() => asked).toEqual(['web1', 'web1', 'web1']);
  });

  it('is asked for until an answer lists it, so that it is followed', async () => {
    const answers = [(_fleet: FleetStore) => {}, (fleet: FleetStore) => put(fleet, [[own, 'live']])];
    const fleet = new FleetStore(SETTINGS);
    put(fleet, []);
    const { found } = find(() => {}, {
      sources: { fleet, servers: { startOwn: started }, refreshHost: async () => answers.shift()?.(fleet) },
    });
    await found;
    await expect.poll(() => answers).toEqual([]);
  });

  it('says why it cannot be reached', async () => {
    const { found } = find((fleet) => put(fleet, []), {
      answers: { 4003: 'refused' },
      sources: { servers: { startOwn: started }, refreshHost: async () => null },
    });
    await expect(found).rejects.toMatchObject({ kind: 'refused' });
  });

  it('is not started on a host that is read-only, or has not answered', async () => {
    const readOnly = find((fleet) => {
      put(fleet, [[one, 'failed']]);
      fleet.setState({ settings: { ...SETTINGS, readonly: true } });
    });
    await expect(readOnly.found).rejects.toThrow('read-only');
    const unknown = find((fleet) => fleet.setState({ entries: new Map([['web1', anEntry()]]) }));
    await expect(unknown.found).rejects.toThrow('web1 has not answered yet');
  });
});
