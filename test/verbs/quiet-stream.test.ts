import { expect, it, vi } from 'vitest';
import type { EventSource } from '../../src/opencode/server/raw-events.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { openQuietly } from '../../src/verbs/streams/quiet-stream.ts';

it('a session at its end is open while the server is healthy, and its request is renewed', async () => {
  const late = Promise.withResolvers<never>();
  const asked: EventSource[] = [];
  const client = {
    async *rawEvents(source: EventSource) {
      asked.push(source);
      if (asked.length === 1) await late.promise;
      yield 'news';
    },
    health: async () => ({ version: '1' }) as never,
  };
  const onOpen = vi.fn();
  const source = { kind: 'session' as const, id: 'ses_1', after: '7' };
  const next = openQuietly(client, source, new AbortController().signal, onOpen, 1).next();
  await vi.waitFor(() => expect(onOpen).toHaveBeenCalledTimes(1));
  late.reject(new ServerError('timeout', 'GET /api/session/ses_1/event', 'no answer within 20 s'));
  expect(await next).toEqual({ done: false, value: 'news' });
  expect(asked).toEqual([source, source]);
});

it('a server that does not have the session is not open', async () => {
  const refusal = new ServerError('not-found', 'GET /api/session/ses_1/event', 'no such session');
  const client = {
    // biome-ignore lint/correctness/useYield: it fails before the first event.
    async *rawEvents(): AsyncGenerator<unknown, void> {
      throw refusal;
    },
    health: () => Promise.reject(new Error('not asked')),
  };
  const onOpen = vi.fn();
  const source = { kind: 'session' as const, id: 'ses_1', after: '0' };
  await expect(openQuietly(client, source, new AbortController().signal, onOpen).next()).rejects.toBe(refusal);
  expect(onOpen).not.toHaveBeenCalled();
});
