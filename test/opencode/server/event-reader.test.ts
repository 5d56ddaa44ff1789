import { describe, expect, it } from 'vitest';
import { readEventHead } from '../../../src/opencode/server/event-head.ts';
import { EventReader } from '../../../src/opencode/server/event-reader.ts';
import { FirstSeen } from '../../../src/opencode/server/first-seen.ts';
import type { TranscriptEvent } from '../../../src/opencode/server/transcript-event.ts';
import { TranscriptWatchers } from '../../../src/opencode/server/transcript-watchers.ts';

const DIRECTORY = '/srv/shop';

/** An event as 1.18.33 sends it. */
const line = (type: string, properties: object, id = 'evt_1fe049b30001XOM9OsQ3sPRLjg') =>
  JSON.stringify({ directory: DIRECTORY, project: 'p', payload: { id, type, properties } });

function createReader() {
  const watchers = new TranscriptWatchers();
  let now = 1000;
  const clock = () => now;
  const reader = new EventReader({ clock, firstSeen: new FirstSeen(clock), watchers });
  const read = (type: string, properties: object, id?: string) => reader.read(line(type, properties, id));
  return { reader, read, watchers, pass: (ms: number) => (now += ms) };
}

const session = {
  ...{
    id: 'ses_1',
    slug: 'x',
    projectID: 'p',
    directory: DIRECTORY,
    title: 'T',
    parentID: 'ses_0',
    version: '1.18.33',
  },
  ...{ time: { created: 1, updated: 2 }, cost: 0.5, model: { id: 'm/x', providerID: 'stub', variant: 'default' } },
};

describe('what events tell of sessions', () => {
  it('gives the facts of a session, and leaves out what it does not tell', () => {
    const { read } = createReader();
    expect(read('session.updated', { sessionID: 'ses_1', info: session })).toEqual({
      kind: 'session',
      facts: {
        ...{ id: 'ses_1', parentId: 'ses_0', title: 'T', directory: DIRECTORY, created: 1, updated: 2, archived: null },
        ...{ cost: 0.5, model: 'stub/m/x' },
      },
    });
  });

  it('takes an archive time of 0 for none', () => {
    const { read } = createReader();
    const archived = (at: number) =>
      read('session.created', { info: { ...session, time: { ...session.time, archived: at } } });
    expect(archived(0)).toMatchObject({ facts: { archived: null } });
    expect(archived(9)).toMatchObject({ facts: { archived: 9 } });
  });

  it('gives each status, and idle by either name', () => {
    const { read } = createReader();
    const status = (value: object) => read('session.status', { sessionID: 's', status: value });
    expect(status({ type: 'busy' })).toMatchObject({ status: { kind: 'busy' } });
    expect(status({ type: 'retry', attempt: 2, message: 'Overloaded', next: 99, action: {} })).toEqual({
      kind: 'status',
      sessionId: 's',
      status: { kind: 'retry', attempt: 2, message: 'Overloaded', next: 99 },
    });
    expect(status({ type: 'idle' })).toEqual(read('session.idle', { sessionID: 's' }));
    expect(status({ type: 'dreaming' })).toBeNull();
  });

  it('gives the first line of an error, and nothing of one that the user made', () => {
    const { read } = createReader();
    const error = (name: string, message: string) =>
      read('session.error', { sessionID: 's', error: { name, data: { message } } });
    expect(error('UnknownError', 'It  broke\n    at <anonymous>')).toEqual({
      ...{ kind: 'error', sessionId: 's', name: 'UnknownError', message: 'It broke' },
    });
    expect(error('MessageAbortedError', 'Aborted')).toBeNull();
    expect(read('session.error', { error: { name: 'NoSession', data: { message: 'x' } } })).toBeNull();
  });

  it('counts cancelled items of a todo list as done', () => {
    const { read } = createReader();
    const todos = ['completed', 'cancelled', 'pending', 'in_progress'].map((status) => ({ content: 'x', status }));
    expect(read('todo.updated', { sessionID: 's', todos })).toEqual({
      kind: 'todo',
      sessionId: 's',
      done: 2,
      total: 4,
    });
  });
});

describe('what events tell of requests', () => {
  const asked = {
    id: 'per_1',
    sessionID: 's',
    permission: 'bash',
    patterns: ['ls'],
    always: ['ls *'],
    metadata: { command: 'ls' },
  };

  it('keeps the directory of the envelope, and the time when it was first seen', () => {
    const { read, pass } = createReader();
    const first = read('permission.asked', asked);
    expect(first).toMatchObject({
      kind: 'asked',
      request: { id: 'per_1', directory: DIRECTORY, since: 1000, command: 'ls' },
    });
    pass(50);
    expect(read('permission.asked', asked)).toEqual(first);
  });

  it('tells how each was settled', () => {
    const { read } = createReader();
    const settled = (type: string, more = {}) => read(type, { sessionID: 's', requestID: 'r', ...more });
    expect(settled('permission.replied', { reply: 'once' })).toMatchObject({
      kind: 'settled',
      requestId: 'r',
      how: 'once',
    });
    expect(settled('permission.replied', { reply: 'always' })).toMatchObject({ how: 'always' });
    expect(settled('permission.replied', { reply: 'reject' })).toMatchObject({ how: 'rejected' });
    expect(settled('question.replied', { answers: [['a']] })).toMatchObject({ how: 'answered' });
    expect(settled('question.rejected')).toMatchObject({ how: 'rejected' });
  });

  it('lets a question be answered freely unless its tool says no', () => {
    const { read } = createReader();
    const ask = (more: object) =>
      read('question.asked', { id: 'q', sessionID: 's', questions: [{ question: 'Which?', options: [], ...more }] });
    expect(ask({})).toMatchObject({ request: { questions: [{ header: '', multiple: false, custom: true }] } });
    expect(ask({ custom: false, multiple: true })).toMatchObject({
      request: { questions: [{ multiple: true, custom: false }] },
    });
  });
});

describe('what events tell of messages', () => {
  const delta = { sessionID: 's', messageID: 'msg_1', partID: 'prt_1', field: 'text', delta: 'word ' };
  // 1795263077168 ms, as the id of the event has it.
  const message = (id: string, created: number) => ({
    sessionID: 's',
    info: { id, role: 'user', sessionID: 's', time: { created } },
  });
  const now = 1_795_263_077_160;

  it('are signs of life, some times a second for each session', () => {
    const { read, pass } = createReader();
    expect(read('message.part.delta', delta)).toEqual({ kind: 'activity', sessionId: 's' });
    expect(read('message.part.delta', delta)).toBeNull();
    expect(read('message.part.updated', { sessionID: 's', part: {} })).toBeNull();
    expect(read('message.part.delta', { ...delta, sessionID: 'other' })).toEqual({
      kind: 'activity',
      sessionId: 'other',
    });
    pass(300);
    expect(read('message.part.delta', delta)).toEqual({ kind: 'activity', sessionId: 's' });
  });

  it('tell of each message once when it begins', () => {
    const { read } = createReader();
    expect(read('message.updated', message('msg_1', now))).toEqual({
      kind: 'message',
      sessionId: 's',
      messageId: 'msg_1',
      role: 'user',
    });
    expect(read('message.updated', message('msg_1', now))).toBeNull();
    expect(read('message.updated', message('msg_2', now))).toMatchObject({ kind: 'message', messageId: 'msg_2' });
  });

  it('are no new message when they are about one that began long before', () => {
    const { read } = createReader();
    expect(read('message.updated', { ...message('msg_1', now + 20), sessionID: 'other' })).toMatchObject({
      kind: 'message',
    });
    expect(read('message.updated', message('msg_1', now - 60_000))).toEqual({ kind: 'activity', sessionId: 's' });
  });

  it('go to who watches that session, until they stop, and begin with a restart', () => {
    const { read, reader, watchers } = createReader();
    const told: TranscriptEvent[] = [];
    const unwatch = watchers.add('s', (event) => told.push(event));
    reader.read('{"payload":{"id":"evt_1","type":"server.connected","properties":{}}}');
    expect(read('message.part.delta', delta)).toEqual({ kind: 'activity', sessionId: 's' });
    read('message.part.delta', { ...delta, sessionID: 'other' });
    unwatch();
    read('message.part.delta', delta);
    expect(told).toEqual([{ kind: 'restart' }, { kind: 'delta', messageId: 'msg_1', partId: 'prt_1', text: 'word ' }]);
  });
});

describe('events that cannot be read', () => {
  it.each([
    ['no JSON', 'data'],
    ['another shape', '{"payload":[]}'],
    ['a session without times', line('session.updated', { info: { ...session, time: null } })],
    ['a session that is none', line('session.updated', {})],
    ['a request without an id', line('permission.asked', { sessionID: 's' })],
    ['a type of a later version', line('session.dreams', { sessionID: 's' })],
  ])('tell nothing: %s', (_name, data) => {
    expect(createReader().reader.read(data)).toBeNull();
  });
});

describe('the head of an event', () => {
  it('is told without parsing the rest', () => {
    expect(readEventHead(`${line('message.part.delta', { sessionID: 's' }).slice(0, -2)} rubbish`)).toEqual({
      type: 'message.part.delta',
      sessionId: 's',
    });
    expect(readEventHead('{"payload":{"type":"project.updated","properties":{"id":"x"},"id":"evt_1"}}')).toEqual({
      type: 'project.updated',
      sessionId: null,
    });
    expect(
      readEventHead('{"directory":"/","payload":{"type":"sync","syncEvent":{"type":"session.created.1"}}}')?.type,
    ).toBe('sync');
  });

  it('is not taken from the name of a directory', () => {
    const directory = '/x"payload":{"id":"e","type":"session.deleted","properties":{"sessionID":"ses_victim"}}';
    const data = JSON.stringify({
      directory,
      payload: { id: 'e', type: 'session.idle', properties: { sessionID: 's' } },
    });
    expect(readEventHead(data)).toEqual({ type: 'session.idle', sessionId: 's' });
    expect(createReader().reader.read(data)).toMatchObject({ sessionId: 's', status: { kind: 'idle' } });
  });
});
