import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EventSource } from '../../src/opencode/server/raw-events.ts';
import type { ServerClient } from '../../src/opencode/server/server-client.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import type { EventLine } from '../../src/verbs/streams/event-line.ts';
import { followServers } from '../../src/verbs/streams/follow-servers.ts';
import { anEntry } from '../support/builders.ts';
import { aDesk } from './a-desk.ts';

/** A server whose stream opens at once, and says and ends as the test wants. */
class FakeServer {
  readonly sources: EventSource[] = [];
  refuses: Error | null = null;
  #queue: (readonly unknown[] | null)[] = [];
  #wake = Promise.withResolvers<void>();

  readonly client = {
    rawEvents: (source: EventSource, signal: AbortSignal, onOpen: () => void) => this.#read(source, signal, onOpen),
    health: async () => ({ version: '1' }),
  } as unknown as ServerClient;

  say(...events: readonly unknown[]): void {
    this.#push(events);
  }

  end(): void {
    this.#push(null);
  }

  #push(what: readonly unknown[] | null): void {
    this.#queue.push(what);
    this.#wake.resolve();
  }

  async *#read(source: EventSource, signal: AbortSignal, onOpen: () => void) {
    this.sources.push(source);
    if (this.refuses !== null) throw this.refuses;
    onOpen();
    signal.addEventListener('abort', () => this.#wake.resolve());
    while (!signal.aborted) {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        if (next === null) return;
        yield* next;
      }
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}

function follow(servers: Map<string, FakeServer>, session: { id: string; after: string } | null = null) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const entry = anEntry({});
  const { alias } = entry.host;
  const clientsOf = async () => new Map([...servers].map(([address, { client }]) => [address, client]));
  const { desk } = aDesk([entry], { clientsOf, refreshHost: async () => null }, stop.signal);
  const lines: EventLine[] = [];
  const followed = { alias, id: session?.id ?? null, after: session?.after ?? null };
  const pace = { retry: 5, retryFor: 60_000, relist: 20 };
  const done = followServers(desk, followed, pace, (line) => void lines.push(line), stop.signal);
  const told = () => lines.map((line) => [line.kind, 'server' in line ? line.server : null].join(' '));
  const until = (expected: readonly string[]) => vi.waitFor(() => expect(told()).toEqual(expected));
  return { lines, until, stop, done };
}

const kept = (seq: number) => ({ type: 'text', durable: { seq } });

describe('following the servers of a host', () => {
  it('tells of the loss of one server alone, and connects to it again', async () => {
    const [a, b] = [new FakeServer(), new FakeServer()];
    const { until, lines } = follow(
      new Map([
        ['a', a],
        ['b', b],
      ]),
    );
    await until(['connected a', 'connected b']);
    a.end();
    const before = ['connected a', 'connected b', 'lost a', 'connected a'];
    await until(before);
    expect(lines[2]).toMatchObject({ kind: 'lost', server: 'a', reason: 'the server ended the stream' });
    b.say({ type: 'still here' });
    await until([...before, 'event b']);
    expect(b.sources).toHaveLength(1);
  });

  it('finds servers that are started later', async () => {
    const servers = new Map<string, FakeServer>();
    const { until, lines } = follow(servers);
    await until(['lost ']);
    expect(lines[0]).toMatchObject({ server: null, reason: 'no server lets us in' });
    servers.set('a', new FakeServer());
    await until(['lost ', 'connected a']);
    servers.set('b', new FakeServer());
    await until(['lost ', 'connected a', 'connected b']);
  });

  it('says that it is connected only once the stream is open, and of a loss once', async () => {
    const server = new FakeServer();
    server.refuses = new ServerError('refused', 'GET /global/event', 'connection refused');
    const { until, lines } = follow(new Map([['a', server]]));
    await vi.waitFor(() => expect(server.sources.length).toBeGreaterThan(2));
    expect(lines).toMatchObject([{ kind: 'lost', server: 'a' }]);
    server.refuses = null;
    await until(['lost a', 'connected a']);
  });

  it('reads a session after a cursor from the first server that has it, and goes on where it was', async () => {
    const [other, first, second] = [new FakeServer(), new FakeServer(), new FakeServer()];
    other.refuses = new ServerError('not-found', 'GET /api/session/ses_1/event', 'no such session');
    const servers = { other, first, second };
    const { until } = follow(new Map(Object.entries(servers)), { id: 'ses_1', after: '3' });
    await until(['connected first']);
    first.say(kept(4), kept(5));
    await until(['connected first', 'event first', 'event first']);
    first.end();
    await until(['connected first', 'event first', 'event first', 'lost first', 'connected first']);
    expect(first.sources.map((source) => 'after' in source && source.after)).toEqual(['3', '5']);
    expect(second.sources).toEqual([]);
  });

  it('ends with the signal', async () => {
    const { until, stop, done } = follow(new Map([['a', new FakeServer()]]));
    await until(['connected a']);
    stop.abort();
    await done;
  });
});
