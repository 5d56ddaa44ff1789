import { describe, expect, it } from 'vitest';
import { ReadOnlyError } from '../../src/fleet/read-only.ts';
import { cloneInto } from '../../src/operations/clone/clone-repository.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { deleteSession } from '../../src/operations/delete/delete-session.ts';
import { restore } from '../../src/operations/delete/restore.ts';
import { pruneOne } from '../../src/operations/prune/prune-one.ts';
import { sendReply } from '../../src/operations/requests/answer-request.ts';
import { reloadServer } from '../../src/operations/servers/reload-server.ts';
import { abortTurn } from '../../src/operations/sessions/abort-turn.ts';
import { setArchived } from '../../src/operations/sessions/archive-session.ts';
import { createSession } from '../../src/operations/sessions/create-session.ts';
import { fork } from '../../src/operations/sessions/fork-session.ts';
import { setTitle } from '../../src/operations/sessions/rename-session.ts';
import { sendPrompt } from '../../src/operations/sessions/send-prompt.ts';
import { share, unshare } from '../../src/operations/sessions/share-session.ts';
import { FakeClient } from '../actions/fleet/sessions/fake-client.ts';
import { anEntry, aPermission, aServer, aSession, aSnapshot, NOW } from '../support/builders.ts';
import { FakeContext } from './fake-context.ts';

const signal = new AbortController().signal;
const ref = { alias: 'web1', id: 'ses_1' };
const batch = 'batch';
const archived = { directory: '/srv/shop', before: null, after: NOW };
const deleted = { alias: 'web1', at: NOW, batch, id: 'ses_1', title: 'One', exports: [] };
const wish = { act: 'archive', olderThan: 0, where: { kind: 'all' } } as const;
const wanted = { directory: '/srv/shop', title: null, agent: null, model: null, prompt: null };
const repository = { url: 'https://example.org/x.git', directory: '/srv/x', depth: null, session: false };

type Operation = (context: OperationContext) => Promise<unknown>;

const operations: readonly (readonly [string, Operation])[] = [
  ['abort', (context) => abortTurn(context, ref, signal)],
  [
    'answer',
    (context) => sendReply(context, 'web1', { server: 's', request: aPermission() }, { kind: 'once' }, signal),
  ],
  ['archive', (context) => setArchived(context, ref, { archived: true, batch }, signal)],
  ['clone', (context) => cloneInto(context, 'web1', repository, () => {}, signal)],
  ['create', (context) => createSession(context, 'web1', wanted, signal)],
  ['delete', (context) => deleteSession(context, ref, { export: true, batch }, signal)],
  ['delete for good', (context) => deleteSession(context, ref, { export: false, batch }, signal)],
  ['fork', (context) => fork(context, ref, signal)],
  ['prompt', (context) => sendPrompt(context, ref, 'hello', signal)],
  ['prune', (context) => pruneOne(context, ref, { wish, batch, attached: new Map() }, signal)],
  ['reload', (context) => reloadServer(context, 'web1', { server: aServer(), force: false }, signal)],
  ['rename', (context) => setTitle(context, ref, 'Two', signal)],
  ['restore', (context) => restore(context, deleted, signal)],
  ['unarchive by undo', (context) => restore(context, { ...deleted, archived }, signal)],
  ['share', (context) => share(context, ref, signal)],
  ['unshare', (context) => unshare(context, ref, signal)],
];

describe('on a read-only host', () => {
  it.each(operations)('%s is refused before any request', async (name, run) => {
    const turn = name === 'abort' ? 'open' : 'ended';
    const entry = anEntry({ snapshot: aSnapshot({ sessions: [aSession({ turn })] }), fresh: true });
    const client = new FakeClient();
    const { context } = new FakeContext([entry], client, true);
    await expect(run(context)).rejects.toBeInstanceOf(ReadOnlyError);
    expect(client.calls).toEqual([]);
  });
});
