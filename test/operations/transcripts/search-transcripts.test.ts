import { describe, expect, it } from 'vitest';
import { queryDatabase } from '../../../src/engine/query-database.ts';
import type { OperationContext } from '../../../src/operations/context.ts';
import { type SearchEvent, searchTranscripts } from '../../../src/operations/transcripts/search-transcripts.ts';
import { type Shell, TransportError } from '../../../src/transport/transport.ts';
import { aFailure, aHost, anEntry, aSnapshot } from '../../support/builders.ts';
import { FakeTransport } from '../../support/fake-transport.ts';
import { FakeContext } from '../fake-context.ts';

const never = new AbortController().signal;
const row = (at: number) => ({ session: 'ses_1', message: 'msg_1', role: 'user', at, pos: 4, excerpt: 'an apple' });

/** A host that answers each script, or fails. */
type Answer = (script: string, signal: AbortSignal) => Promise<string>;

const rows = (count: number): Answer => {
  const list = JSON.stringify(Array.from({ length: count }, (_, at) => row(1000 - at)));
  return async () => `@ocr opencode content\n@ocr rows sqlite3\n${list}\n@ocr done sqlite3\n`;
};

const aborted: Answer = (_script, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

class SearchedHosts {
  readonly scripts: string[] = [];
  closed = 0;
  readonly context: Pick<OperationContext, 'fleet' | 'queryDatabase'>;

  constructor(answers: Readonly<Record<string, Answer>>, more: Parameters<typeof anEntry>[0][] = []) {
    const aliases = Object.keys(answers);
    const snapshot = aSnapshot({ databasePath: '/db', rung: 'sqlite3' });
    const entries = aliases.map((alias) => anEntry({ host: aHost({ alias }), snapshot, failure: null }));
    const { fleet } = new FakeContext([...entries, ...more.map(anEntry)], null);
    this.context = {
      fleet,
      queryDatabase: (alias, query, limits) => {
        const transport = new FakeTransport();
        transport.onShell = async () => this.#shellOf(answers[alias]);
        return queryDatabase(transport, { databasePath: '/db' }, query, limits);
      },
    };
  }

  #shellOf(answer: Answer | undefined): Shell {
    if (answer === undefined) throw new Error('unexpected host');
    return {
      closed: false,
      run: async (script, { signal }) => {
        this.scripts.push(script);
        return { output: await answer(script, signal), latency: 1 };
      },
      close: () => {
        this.closed += 1;
      },
    };
  }
}

async function search(
  { context }: SearchedHosts,
  options: Parameters<typeof searchTranscripts>[2] = {},
  needle = 'apple',
): Promise<SearchEvent[]> {
  const events: SearchEvent[] = [];
  for await (const event of searchTranscripts(context, needle, options, never)) events.push(event);
  return events;
}

describe('a search over hosts', () => {
  it('yields the findings of each host as it answers, and its progress', async () => {
    const late = Promise.withResolvers<void>();
    const hosts = new SearchedHosts({
      slow: (...given) => late.promise.then(() => rows(1)(...given)),
      quick: rows(2),
    });
    const events = searchTranscripts(hosts.context, 'apple', {}, never);
    const next = async () => (await events.next()).value;
    expect(await next()).toEqual({ kind: 'progress', done: 0, of: 2 });
    expect(await next()).toMatchObject({
      kind: 'found',
      alias: 'quick',
      more: false,
      findings: [{ alias: 'quick', time: 1000, excerpt: { text: 'an apple', offset: 3, length: 5 } }, { time: 999 }],
    });
    expect(await next()).toEqual({ kind: 'progress', done: 1, of: 2 });
    late.resolve();
    expect(await next()).toMatchObject({ kind: 'found', alias: 'slow' });
    expect(await next()).toEqual({ kind: 'progress', done: 2, of: 2 });
    expect((await events.next()).done).toBe(true);
    expect(hosts.closed).toBe(2);
  });

  it('says that older findings were left out', async () => {
    const [, found] = await search(new SearchedHosts({ web1: rows(4) }), { limit: 3 });
    expect(found).toMatchObject({ kind: 'found', more: true, findings: { length: 3 } });
  });

  it('says why a host cannot be searched, and searches the others', async () => {
    const unasked = anEntry({ host: aHost({ alias: 'never' }), snapshot: null });
    const old = { host: aHost({ alias: 'old' }), snapshot: aSnapshot({ databasePath: null, rung: 'session-list' }) };
    const down = { host: aHost({ alias: 'down' }), failure: aFailure({ reason: 'no route to host' }) };
    const hosts = new SearchedHosts(
      {
        bare: async () =>
          '@ocr opencode content\n@ocr failed sqlite3 not installed\n@ocr failed python3 not installed\n',
        lost: async () => {
          throw new TransportError('closed', 'the connection was lost');
        },
        fine: rows(1),
      },
      [unasked, old, down],
    );
    const events = await search(hosts);
    const reasons = events.flatMap((event) => (event.kind === 'not-searched' ? [[event.alias, event.reason]] : []));
    expect(Object.fromEntries(reasons)).toEqual({
      bare: 'cannot search: the database cannot be read: sqlite3 not installed, python3 not installed',
      lost: 'cannot search: the connection was lost',
      never: 'cannot search: nothing is known of it yet (unknown)',
      old: 'cannot search: it has no database of opencode',
      down: 'cannot search: no route to host',
    });
    expect(events.filter(({ kind }) => kind === 'found')).toHaveLength(1);
    expect(events.at(-1)).toEqual({ kind: 'progress', done: 6, of: 6 });
  });

  it('gives a silent host up after its deadline', async () => {
    const events = await search(new SearchedHosts({ web1: aborted, web2: rows(1) }), { deadline: 20 });
    expect(events).toContainEqual({
      kind: 'not-searched',
      alias: 'web1',
      reason: 'cannot search: no answer within 0.02s',
    });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'found', alias: 'web2' }));
  });

  it('ends at once when it is cancelled, and closes its shells', async () => {
    const hosts = new SearchedHosts({ web1: aborted });
    const stop = new AbortController();
    const events = searchTranscripts(hosts.context, 'apple', {}, stop.signal);
    await events.next();
    const rest = events.next();
    await expect.poll(() => hosts.scripts).toHaveLength(1);
    stop.abort();
    expect((await rest).done).toBe(true);
    await expect.poll(() => hosts.closed).toBe(1);
  });

  it('asks only the hosts that were named', async () => {
    const events = await search(new SearchedHosts({ web1: rows(1), web2: rows(1) }), { aliases: ['web2'] });
    expect(events.flatMap((event) => (event.kind === 'found' ? [event.alias] : []))).toEqual(['web2']);
  });

  it.each([
    ['', 'Type a text to search for'],
    ['a\u0000b', 'NUL'],
    ['x'.repeat(1001), 'longer than 1000'],
  ])('refuses the needle %j', async (needle, message) => {
    await expect(search(new SearchedHosts({}), {}, needle)).rejects.toThrow(message);
  });
});
