import { expect, it } from 'vitest';
import { attentionOf, requestsByRoot } from '../../src/domain/attention.ts';
import type { LiveSession } from '../../src/domain/live.ts';
import { aPermission, aQuestion, aSession, HOUR, MINUTE, NOW } from '../support/builders.ts';

const context = { now: NOW, clockOffset: 0, seenUntil: NOW - HOUR * 2, stalledAfter: 5 * MINUTE };
const busy: LiveSession = {
  ...{ server: 'one', status: { kind: 'busy' }, since: NOW - HOUR, heardAt: NOW - MINUTE, todo: null },
};

it('a request comes before everything else, the oldest first', () => {
  const requests = [aPermission({ since: NOW - MINUTE }), aQuestion()];
  expect(attentionOf(aSession({ turn: 'failed' }), requests, busy, context)).toMatchObject({
    ...{ kind: 'permission', since: NOW - MINUTE, more: 1, detail: 'bash: npm test' },
  });
});

it('work that nothing was heard of for long is stalled; work that waits to try again is not', () => {
  const silent = { ...busy, heardAt: NOW - HOUR };
  expect(attentionOf(aSession({ turn: 'open' }), [], silent, context)).toMatchObject({
    kind: 'stalled',
    since: NOW - HOUR,
  });
  const retry = { ...silent, status: { kind: 'retry', attempt: 1, message: '', next: NOW } } as const;
  expect(attentionOf(aSession({ turn: 'open' }), [], retry, context)).toBeNull();
  expect(attentionOf(aSession({ turn: 'open' }), [], busy, context)).toBeNull();
});

it('what ended or failed since the user looked is news, what was seen is none', () => {
  expect(attentionOf(aSession(), [], null, context)?.kind).toBe('ended');
  expect(attentionOf(aSession({ turn: 'failed', error: 'APIError' }), [], null, context)).toMatchObject({
    ...{ kind: 'error', detail: 'APIError' },
  });
  expect(attentionOf(aSession(), [], null, { ...context, seenUntil: NOW })).toBeNull();
  expect(attentionOf(aSession({ archived: NOW }), [aQuestion()], null, context)).toBeNull();
  expect(attentionOf(aSession({ messages: 0 }), [], null, context)).toBeNull();
});

it('a turn that failed after the user looked is news, though the session was not changed since', () => {
  const failed = aSession({ turn: 'failed', updated: NOW - MINUTE });
  const looked = { ...context, seenUntil: NOW - 2000 };
  const end = { endedAt: NOW - 1000, reported: true, until: NOW - 1000 };
  expect(attentionOf(failed, [], null, looked)).toBeNull();
  expect(attentionOf(failed, [], null, { ...looked, end })).toMatchObject({ kind: 'error', since: NOW - 1000 });
});

it('a session that was only renamed since the user looked is not news, one that someone else changed is', () => {
  const renamed = aSession({ updated: NOW });
  const end = { endedAt: NOW - HOUR, reported: false, until: NOW };
  const looked = { ...context, seenUntil: NOW - MINUTE, end };
  expect(attentionOf(renamed, [], null, looked)).toBeNull();
  expect(attentionOf({ ...renamed, updated: NOW + 1 }, [], null, looked)?.kind).toBe('ended');
});

it('times of the host are told by our clock', () => {
  const session = aSession({ updated: NOW + HOUR });
  const ahead = { ...context, clockOffset: HOUR, seenUntil: NOW };
  expect(attentionOf(session, [], null, ahead)?.since).toBe(NOW);
});

it("a subagent's request stands at its root session, also through several levels and with a parent that is not known", () => {
  const sessions = [
    aSession({ id: 'root' }),
    aSession({ id: 'child', parentId: 'root' }),
    aSession({ id: 'grandchild', parentId: 'child' }),
    aSession({ id: 'orphan', parentId: 'gone' }),
  ];
  const requests = new Map(
    ['grandchild', 'orphan'].map((sessionId) => [
      sessionId,
      { server: 'one', request: aPermission({ id: sessionId, sessionId }) },
    ]),
  );
  const found = requestsByRoot(sessions, requests);
  expect([...found.keys()]).toEqual(['root', 'orphan']);
});

it('a session at work needs no one, however its last turn ended', () => {
  expect(attentionOf(aSession({ turn: 'failed' }), [], busy, context)).toBeNull();
  const retry = { ...busy, status: { kind: 'retry', attempt: 1, message: '', next: NOW } } as const;
  expect(attentionOf(aSession({ turn: 'failed' }), [], retry, context)).toBeNull();
  expect(attentionOf(aSession({ turn: 'open' }), [], null, context)).toBeNull();
  expect(attentionOf(aSession({ turn: 'unknown' }), [], null, context)).toBeNull();
  expect(attentionOf(aSession({ turn: 'queued' }), [], null, context)).toBeNull();
});

it('sessions that are each the parent of the other have their requests somewhere', () => {
  const circle = [aSession({ id: 'a', parentId: 'b' }), aSession({ id: 'b', parentId: 'a' })];
  const request = aPermission({ sessionId: 'a' });
  const found = requestsByRoot(circle, new Map([['per_1', { server: 'one', request }]]));
  expect([...found.values()].flat()).toHaveLength(1);
});

it('requests of a root stand in the order in which they were asked', () => {
  const sessions = [aSession({ id: 'root' }), aSession({ id: 'sub', parentId: 'root' })];
  const requests = new Map(
    [
      aPermission({ id: 'late', sessionId: 'root', since: NOW }),
      aQuestion({ id: 'early', sessionId: 'sub', since: NOW - MINUTE }),
    ].map((request) => [request.id, { server: 'one', request }]),
  );
  expect(
    requestsByRoot(sessions, requests)
      .get('root')
      ?.map(({ request }) => request.id),
  ).toEqual(['early', 'late']);
});

it('twenty thousand requests, all of one session or of one long line of them, are sorted in a moment', () => {
  const many = Array.from({ length: 20_000 }, (_, at) => at);
  const line = many.map((at) => aSession({ id: `s${at}`, parentId: at === 0 ? null : `s${at - 1}` }));
  const requests = (sessionOf: (at: number) => string) =>
    new Map(many.map((at) => [`r${at}`, { server: 'one', request: aPermission({ sessionId: sessionOf(at) }) }]));
  expect(
    requestsByRoot(
      line,
      requests(() => 's0'),
    ).get('s0'),
  ).toHaveLength(many.length);
  const apart = requestsByRoot(
    line,
    requests((at) => `s${at}`),
  );
  expect([...apart.values()].reduce((sum, { length }) => sum + length, 0)).toBe(many.length);
});
