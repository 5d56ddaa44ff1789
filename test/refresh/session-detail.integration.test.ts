import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { SessionDetail } from '../../src/actions/follow/follow-selected.ts';
import type { DetailInputs } from '../../src/actions/follow/follower.ts';
import type { Session } from '../../src/domain/session.ts';
import { NOTHING_SEEN } from '../../src/fleet/seen.ts';
import type { ServerClient } from '../../src/opencode/server/server-client.ts';
import { contentOf, type DetailTab, initialDetail } from '../../src/store/detail.ts';
import { sessionKey } from '../../src/store/keys.ts';
import { selectedSession } from '../../src/store/selection.ts';
import { createClient, EventLog, type ServerLab, startServerLab } from '../opencode/server/server-lab.ts';
import { answered } from '../support/builders.ts';

const { signal } = new AbortController();

describe('with a real server', () => {
  let lab: ServerLab;
  let client: ServerClient;
  let log: EventLog;

  beforeAll(async () => {
    lab = await startServerLab(null);
    client = createClient(lab.access);
    log = await EventLog.open(client);
  });
  afterAll(async () => {
    await log?.stop();
    await client?.close();
    await lab?.close();
  });

  const create = (title: string) =>
    client.createSession({ directory: lab.project, title, agent: null, model: null }, signal);
  const say = ({ id, directory }: Session, text: string) =>
    client.prompt({ id, directory, text, agent: null, model: null }, signal);
  const idle = ({ id }: Session) =>
    log.find('status', (event) => event.sessionId === id && event.status.kind === 'idle');

  function open(session: Session, tab: DetailTab) {
    const key = sessionKey('web1', session.id);
    const store = createStore<DetailInputs>(() => ({
      entries: new Map([['web1', answered('web1', [session])]]),
      ...{
        selected: selectedSession('web1', session.id),
        view: 'fleet' as const,
        seen: NOTHING_SEEN,
        inspecting: true,
        detail: { ...initialDetail, tab },
      },
    }));
    const detail = new SessionDetail({ fleet: { setState: () => {} }, store, clientOf: () => client, clock: Date.now });
    onTestFinished(() => detail.close());
    const content = () => contentOf(store.getState().detail, key);
    const texts = () =>
      content().messages.value?.map(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')).join('')) ??
      [];
    return { store, content, texts };
  }
  const shows = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

  it('a transcript grows while the model writes, and is what the server has in the end', async () => {
    const session = await create('A turn');
    const { content, texts } = open(session, 'transcript');
    await shows(() => expect(content().messages).toMatchObject({ state: 'loaded', value: [] }));
    await say(session, 'go slowly');
    await shows(() => expect(texts()[1]).toMatch(/^step 1, step 2, /));
    expect(texts()[0]).toBe('go slowly');
    await client.abort({ id: session.id, directory: session.directory }, signal);
    await idle(session);
    const whole = await client.messages(session.id, session.directory, 50, signal);
    await shows(() => expect(content().messages.value).toEqual(whole));
  });

  it('a transcript that is opened in the middle of a turn says that it lacks the beginning, until it is whole', async () => {
    const session = await create('Another turn');
    await say(session, 'go slowly');
    const early = open(session, 'transcript');
    await shows(() => expect(early.texts()[1]).toContain('step 2, '));
    const late = open(session, 'transcript');
    await shows(() => expect(late.texts()[1]).toMatch(/^\.\.\. step \d/));
    await client.abort({ id: session.id, directory: session.directory }, signal);
    await idle(session);
    await shows(() => expect(late.texts()[1]).toMatch(/^step 1, step 2, /));
  });

  it('what is to be done and what was changed are read', async () => {
    const session = await create('Work');
    const todo = open(session, 'todo');
    await shows(() => expect(todo.content().todos).toMatchObject({ state: 'loaded', value: [] }));
    await say(session, 'write todos');
    await idle(session);
    const again = open(session, 'todo');
    await shows(() => expect(again.content().todos.value).toHaveLength(3));
    const changes = open(session, 'changes');
    await shows(() => expect(changes.content().changes.state).toBe('loaded'));
  });
});
