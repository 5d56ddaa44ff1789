import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { SessionDetail } from '../../../src/actions/follow/follow-selected.ts';
import type { DetailInputs } from '../../../src/actions/follow/follower.ts';
import type { LiveSession } from '../../../src/domain/live.ts';
import type { ServerLink, ServerState } from '../../../src/domain/server.ts';
import type { FileChange, TodoItem, TranscriptMessage } from '../../../src/domain/transcript.ts';
import { FleetStore } from '../../../src/fleet/fleet-store.ts';
import { NOTHING_SEEN } from '../../../src/fleet/seen.ts';
import type { ContentSource } from '../../../src/opencode/content-source.ts';
import type { TranscriptEvent } from '../../../src/opencode/server/transcript-event.ts';
import { contentOf, type DetailTab, initialDetail } from '../../../src/store/detail.ts';
import { sessionKey } from '../../../src/store/keys.ts';
import { type Selection, selectedHost, selectedSession } from '../../../src/store/selection.ts';
import { aFailure, anEntry, aSession, aSnapshot, HOUR, MINUTE, NOW, SETTINGS } from '../../support/builders.ts';

const SERVER = { pid: 7, startId: '1', hostname: '127.0.0.1', port: 4096, directory: null, version: null, own: true };
const KEY = sessionKey('web1', 'ses_1');
const SELECTED = selectedSession('web1', 'ses_1');

const message = (id: string, text: string, completed: number | null = 2): TranscriptMessage => ({
  ...{ id, role: 'assistant', created: 1, completed, agent: null, model: null, error: null },
  parts: [{ kind: 'text', id: `${id}-part`, text }],
});

/** A server whose answers a test gives one by one; what it does not foresee fails. */
class FakeSource implements ContentSource {
  readonly asked: string[] = [];
  listener: ((event: TranscriptEvent) => void) | null = null;
  #answers: PromiseWithResolvers<unknown>[] = [];

  messages = (id: string, _directory: string, limit: number, signal: AbortSignal) =>
    this.#ask<readonly TranscriptMessage[]>(`messages ${id} ${limit}`, signal);
  todos = (id: string, _directory: string, signal: AbortSignal) =>
    this.#ask<readonly TodoItem[]>(`todos ${id}`, signal);
  changes = (id: string, _directory: string, signal: AbortSignal) =>
    this.#ask<readonly FileChange[]>(`changes ${id}`, signal);
  watchMessages = (_id: string, listener: (event: TranscriptEvent) => void) => {
    this.listener = listener;
    return () => {
      this.listener = null;
    };
  };

  async answer(value: unknown): Promise<void> {
    this.#answers.shift()!.resolve(value);
    await vi.advanceTimersByTimeAsync(0);
  }

  async fail(reason: string): Promise<void> {
    this.#answers.shift()!.reject(new Error(reason));
    await vi.advanceTimersByTimeAsync(0);
  }

  #ask<Value>(what: string, signal: AbortSignal): Promise<Value> {
    this.asked.push(what);
    const answer = Promise.withResolvers<unknown>();
    this.#answers.push(answer);
    signal.addEventListener('abort', () => answer.reject(new Error('given up')), { once: true });
    return answer.promise as Promise<Value>;
  }
}

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

function open(tab: DetailTab, source: FakeSource | null = new FakeSource()) {
  const store = createStore<DetailInputs>(() => ({
    ...{ entries: new Map(), view: 'fleet', selected: null, seen: NOTHING_SEEN, inspecting: true },
    detail: { ...initialDetail, tab },
  }));
  let current = source;
  const told = {
    session: aSession({ updated: NOW - HOUR }),
    other: aSession({ id: 'ses_2' }),
    at: NOW,
    clockOffset: 0,
    live: undefined as Partial<LiveSession> | undefined,
    link: source === null ? null : ('live' as ServerState),
    failure: false,
    endedAt: null as number | null,
  };
  /** Something is told of the host. */
  const tell = (changes: Partial<typeof told>) => {
    Object.assign(told, changes);
    const { session, other, at, clockOffset, live, link, failure, endedAt } = told;
    const links: [string, ServerLink][] =
      link === null ? [] : [['key', { server: SERVER, state: link, reason: null, since: NOW }]];
    const status = { server: 'key', status: { kind: 'idle' }, since: NOW, heardAt: NOW, todo: null } as const;
    const entry = anEntry({
      snapshot: aSnapshot({ sessions: [session, other], at, clockOffset }),
      fresh: !failure,
      failure: failure ? aFailure() : null,
      live: {
        ...anEntry().live,
        servers: new Map(links),
        ends: new Map(endedAt === null ? [] : [['ses_1', { endedAt, reported: true, until: endedAt }]]),
        sessions: new Map(live === undefined ? [] : [['ses_1', { ...status, ...live }]]),
      },
    });
    store.setState({ entries: new Map([['web1', entry]]) });
  };
  tell({});
  const fleet = new FleetStore(SETTINGS);
  fleet.subscribe(({ seen }) => store.setState({ seen }));
  const detail = new SessionDetail({ fleet, store, clientOf: () => current, clock: Date.now });
  const rest = () => vi.advanceTimersByTimeAsync(150);
  return {
    ...{ store, detail, tell, rest },
    source: source ?? new FakeSource(),
    select: (selected: Selection | null) => store.setState({ selected }),
    serve: (next: FakeSource | null) => {
      current = next;
    },
    content: () => contentOf(store.getState().detail, KEY),
    texts: () =>
      contentOf(store.getState().detail, KEY).messages.value?.map(({ parts }) =>
        parts.map((part) => ('text' in part ? part.text : '')).join(''),
      ),
  };
}

describe('what the panel shows of a session', () => {
  it('is read once the session has been looked at for a moment', async () => {
    const { source, select, rest, content } = open('todo');
    select(selectedSession('web1', 'ses_2'));
    await vi.advanceTimersByTimeAsync(149);
    select(SELECTED);
    await vi.advanceTimersByTimeAsync(149);
    expect(source.asked).toEqual([]);
    await rest();
    expect(source.asked).toEqual(['todos ses_1']);
    expect(content().todos).toMatchObject({ state: 'loading', value: null });
    const items = [{ content: 'Tell the team', status: 'pending' }];
    await source.answer(items);
    expect(content().todos).toEqual({ state: 'loaded', value: items, reason: null });
  });

  it.each([
    ['The panel is closed', 'transcript', { inspecting: false }],
    ['the details are shown', 'details', {}],
    ['the log is shown', 'log', {}],
    ['a host is selected', 'changes', { selected: selectedHost('web1') }],
  ] as const)('is not read while %s', async (_why, tab, state) => {
    const { source, store, rest } = open(tab);
    store.setState({ selected: SELECTED, ...state });
    await rest();
    expect(source.asked).toEqual([]);
  });

  it('is the transcript in the triage view, whatever tab the panel has', async () => {
    const { source, store, rest } = open('todo');
    store.setState({ selected: SELECTED, view: 'triage', inspecting: false });
    await rest();
    expect(source.asked).toEqual([expect.stringMatching(/^messages ses_1 /)]);
  });

  it('is read again when its server tells of something new, one reading at a time', async () => {
    const { source, select, rest, tell } = open('changes');
    select(SELECTED);
    await rest();
    tell({ live: { status: { kind: 'busy' } } });
    tell({ live: { status: { kind: 'busy' }, todo: { done: 1, total: 3 } } });
    expect(source.asked).toHaveLength(1);
    await source.answer([]);
    expect(source.asked).toHaveLength(2);
    await source.answer([]);
    tell({ live: { status: { kind: 'idle' }, todo: null } });
    expect(source.asked).toHaveLength(3);
    await source.answer([]);
    tell({});
    expect(source.asked).toHaveLength(3);
  });

  it('stays when it cannot be read any more, and is tried again with the next answer of the host', async () => {
    const { source, select, rest, tell, content } = open('changes');
    select(SELECTED);
    await rest();
    const changes = [{ path: 'a', additions: 1, deletions: 0, patch: '' }];
    await source.answer(changes);
    tell({ live: { status: { kind: 'idle' } } });
    await source.fail('no answer within 30 s');
    expect(content().changes).toEqual({ state: 'failed', value: changes, reason: 'no answer within 30 s' });
    tell({});
    expect(source.asked).toHaveLength(2);
    tell({ at: NOW + MINUTE });
    await source.answer(changes);
    expect(content().changes.state).toBe('loaded');
    tell({ at: NOW + 2 * MINUTE });
    expect(source.asked).toHaveLength(3);
  });

  it('is told to need a server where none runs, and is read when one has come', async () => {
    const { select, rest, tell, content, serve } = open('todo', null);
    select(SELECTED);
    await rest();
    expect(content().todos).toMatchObject({
      state: 'failed',
      reason: 'no server runs there: press Enter to attach, which starts one',
    });
    tell({ link: 'connecting' });
    expect(content().todos.state).toBe('loading');
    tell({ link: 'needs-password' });
    expect(content().todos.reason).toContain('hosts.overrides.web1.server_password');
    tell({ failure: true });
    expect(content().todos.reason).toBe('web1 cannot be reached now');
    const source = new FakeSource();
    serve(source);
    tell({ link: 'live', failure: false });
    await source.answer([]);
    expect(content().todos).toMatchObject({ state: 'loaded', value: [] });
  });
});

describe('a transcript', () => {
  it('is read from its end, and followed in steps', async () => {
    const { source, store, select, rest, texts } = open('transcript');
    select(SELECTED);
    await rest();
    expect(source.asked).toEqual(['messages ses_1 50']);
    await source.answer([message('msg_1', 'Let me', null)]);
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    for (const text of [' think', ' about', ' it']) {
      source.listener!({ kind: 'delta', messageId: 'msg_1', partId: 'msg_1-part', text });
    }
    expect(texts()).toEqual(['Let me']);
    await vi.advanceTimersByTimeAsync(50);
    expect(texts()).toEqual(['Let me think about it']);
    expect(changes).toBe(1);
  });

  it('has what was told while it was being read', async () => {
    const { source, select, rest, texts } = open('transcript');
    select(SELECTED);
    await rest();
    source.listener!({ kind: 'message', message: { ...message('msg_2', ''), parts: [] } });
    source.listener!({ kind: 'part', messageId: 'msg_2', part: { kind: 'text', id: 'prt_2', text: 'Done.' } });
    await source.answer([message('msg_1', 'Hello')]);
    expect(texts()).toEqual(['Hello', 'Done.']);
  });

  it('is read again, all of it, when the stream has begun again', async () => {
    const { source, select, rest, texts, content } = open('transcript');
    select(SELECTED);
    await rest();
    await source.answer(Array.from({ length: 60 }, (_, index) => message(`msg_${100 + index}`, `${index}`)));
    source.listener!({ kind: 'restart' });
    expect(source.asked).toEqual(['messages ses_1 50', 'messages ses_1 60']);
    expect(content().messages).toMatchObject({ state: 'loading' });
    expect(texts()).toHaveLength(60);
    await source.answer([message('msg_1', 'Hello')]);
    expect(texts()).toEqual(['Hello']);
  });

  it('is followed through whatever speaks to the server now', async () => {
    const { source, select, rest, tell, serve, texts, content } = open('transcript');
    select(SELECTED);
    await rest();
    await source.answer([message('msg_1', 'Hello')]);
    serve(null);
    tell({ link: null });
    expect(source.listener).toBeNull();
    expect(content().messages).toMatchObject({ state: 'failed', reason: expect.stringContaining('no server runs') });
    expect(texts()).toEqual(['Hello']);
    const next = new FakeSource();
    serve(next);
    tell({ link: 'live' });
    await next.answer([message('msg_1', 'Hello'), message('msg_2', 'again')]);
    expect(texts()).toEqual(['Hello', 'again']);
  });

  it('is read again with the session’s changes where no events arrive', async () => {
    const { source, select, rest, tell } = open('transcript');
    tell({ link: 'polled' });
    select(SELECTED);
    await rest();
    await source.answer([]);
    tell({ at: NOW + MINUTE });
    expect(source.asked).toHaveLength(1);
    tell({ session: aSession({ updated: NOW }) });
    expect(source.asked).toHaveLength(2);
  });

  it.each([
    ['another session is selected', { selected: selectedSession('web1', 'ses_3') }],
    ['The panel is closed', { inspecting: false }],
    ['another tab is shown', { detail: initialDetail }],
  ])('is not followed any more when %s', async (_why, change) => {
    const { source, store, select, rest, texts } = open('transcript');
    select(SELECTED);
    await rest();
    await source.answer([message('msg_1', 'Let me', null)]);
    source.listener!({ kind: 'delta', messageId: 'msg_1', partId: 'msg_1-part', text: ' think' });
    store.setState(change);
    expect(source.listener).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(texts() ?? ['Let me']).toEqual(['Let me']);
  });

  it('leaves no timer and no listener behind', async () => {
    const { source, select, rest, detail } = open('transcript');
    select(SELECTED);
    await rest();
    detail.close();
    expect(source.listener).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a session whose transcript is shown', () => {
  const seenAt = (store: ReturnType<typeof open>['store']) => store.getState().seen.sessions.get('web1')?.get('ses_1');

  it('counts as looked at, on the clock of its host', async () => {
    const { source, store, select, rest, tell } = open('transcript');
    tell({ clockOffset: -5 * MINUTE });
    select(SELECTED);
    await rest();
    expect(seenAt(store)).toBeUndefined();
    await source.answer([]);
    expect(seenAt(store)).toBe(Date.now() - 5 * MINUTE);
  });

  it('has no news when its turn ends while it is seen', async () => {
    const { source, store, select, rest, tell } = open('transcript');
    tell({ live: { status: { kind: 'busy' } } });
    select(SELECTED);
    await rest();
    await source.answer([]);
    const first = seenAt(store)!;
    await vi.advanceTimersByTimeAsync(MINUTE);
    tell({ session: aSession({ updated: Date.now() }) });
    expect(seenAt(store)).toBe(first);
    tell({ live: { status: { kind: 'idle' } } });
    expect(seenAt(store)).toBe(Date.now());
  });

  it('has no news either when its turn ends without a change of the session', async () => {
    const { source, store, select, rest, tell } = open('transcript');
    tell({ live: { status: { kind: 'busy' } } });
    select(SELECTED);
    await rest();
    await source.answer([]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    tell({ live: { status: { kind: 'idle' } }, endedAt: Date.now() });
    expect(seenAt(store)).toBe(Date.now());
  });

  it('is not looked at by its list of changes', async () => {
    const { source, store, select, rest } = open('changes');
    select(SELECTED);
    await rest();
    await source.answer([]);
    expect(seenAt(store)).toBeUndefined();
  });
});
