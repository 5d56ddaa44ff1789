import { describe, expect, it, vi } from 'vitest';
import { allowAlways, answerSession, rejectRequest } from '../../../../src/actions/fleet/answer/answer.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../../../src/domain/live.ts';
import type { UserRequest } from '../../../../src/domain/user-request.ts';
import { seenUntil } from '../../../../src/fleet/seen.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { sendReply } from '../../../../src/operations/requests/answer-request.ts';
import { answered, aPermission, aQuestion, aSession, MINUTE, NOW } from '../../../support/builders.ts';
import { Desk, type DeskOptions, marking, selecting, targetsOf } from '../sessions/desk.ts';
import { FakeClient } from '../sessions/fake-client.ts';

const asked = (changes: Partial<ReturnType<typeof aPermission>> = {}) =>
  aPermission({ since: NOW - MINUTE, ...changes });
const question = (changes: Partial<ReturnType<typeof aQuestion>> = {}) =>
  aQuestion({ since: NOW - MINUTE, ...changes });

/** A host where these requests wait. */
function asking(alias: string, requests: readonly UserRequest[], ids = ['ses_1']): HostEntry {
  const pending = new Map(requests.map((request) => [request.id, { server: 'one', request }]));
  const sessions = ids.map((id) => aSession({ id, title: `Title of ${id}` }));
  return { ...answered(alias, sessions), live: { ...NOTHING_LIVE, requests: pending } };
}

/** A server on which these wait, and that takes answers. */
class AskingClient extends FakeClient {
  pending: UserRequest[];

  constructor(pending: readonly UserRequest[]) {
    super();
    this.pending = [...pending];
    const settle = (id: string, what: string) => {
      this.calls.push(what);
      this.pending = this.pending.filter((request) => request.id !== id);
    };
    this.answers = {
      requests: async (directory) => {
        this.calls.push(`requests ${directory}`);
        return this.pending;
      },
      replyPermission: async ({ id }, reply, message) => settle(id, `${reply} ${id} ${message}`),
      replyQuestion: async ({ id }, answers) => settle(id, `${id} ${JSON.stringify(answers)}`),
      rejectQuestion: async ({ id }) => settle(id, `reject ${id}`),
    };
  }
}

function open(
  requests: readonly UserRequest[],
  options: DeskOptions & { readonly pending?: readonly UserRequest[] } = {},
) {
  const client = new AskingClient(options.pending ?? requests);
  const entry = asking('web1', requests);
  const desk = new Desk([entry], { clients: () => client, ...options });
  const requestIds = () => [...desk.store.getState().entries.get('web1')!.live.requests.keys()];
  return { client, entry, desk, target: selecting(entry), requestIds };
}

describe('a permission', () => {
  it('is looked up before and after it is approved, and goes from the screen at once', async () => {
    const { client, desk, target, requestIds } = open([asked()]);
    await answerSession(desk.ports, target);
    expect(client.calls).toEqual(['requests /srv/shop', 'once per_1 null', 'requests /srv/shop']);
    expect(desk.toast).toBe('web1: allowed once: npm test');
    expect(requestIds()).toEqual([]);
    expect(desk.store.getState().busy).toBeNull();
    expect(seenUntil(desk.store.getState().seen, 'web1', 'ses_1')).toBeGreaterThanOrEqual(NOW);
  });

  it('that is not pending any more gets no answer: that is said, and the host is asked again', async () => {
    const { client, desk, target } = open([asked()], { pending: [] });
    await answerSession(desk.ports, target);
    expect(client.calls).toEqual(['requests /srv/shop']);
    expect(desk.toast).toMatch(/^web1: "bash: npm test" is no longer pending: it was answered elsewhere/);
    expect(desk.refreshed).toEqual(['web1']);
    expect(desk.store.getState().answered.size).toBe(0);
  });

  it('that someone else answers in that very moment is said to be so', async () => {
    const { client, desk, target } = open([asked()]);
    client.answers.replyPermission = async () => {
      throw new ServerError('not-found', 'POST /permission/per_1/reply', 'no such request');
    };
    await answerSession(desk.ports, target);
    expect(desk.toast).toMatch(/no longer pending/);
    expect(desk.store.getState().answered.size).toBe(0);
  });

  it('that is still asked afterwards has not been answered', async () => {
    const { client, desk, target, requestIds } = open([asked()]);
    client.answers.replyPermission = async () => {};
    await answerSession(desk.ports, target);
    expect(desk.toast).toBe('answering on web1: the server accepted the answer, but the request is still pending');
    expect(requestIds()).toEqual(['per_1']);
    client.answers.replyPermission = async () => {
      client.pending = [];
    };
    await answerSession(desk.ports, target);
    expect(desk.toast).toMatch(/allowed once/);
  });

  it('whose answer may have arrived says so when it cannot be looked up again', async () => {
    const { client, desk, target } = open([asked()]);
    let lookups = 0;
    client.answers.requests = async () => {
      lookups += 1;
      if (lookups > 1) throw new ServerError('closed', 'GET /permission', 'the connection was lost');
      return client.pending;
    };
    await answerSession(desk.ports, target);
    expect(desk.toast).toMatch(
      /the answer was sent, but ocr cannot tell whether the server accepted it: .*the connection was lost/,
    );
  });

  it('is answered once, however often the key is pressed', async () => {
    const { client, desk, target } = open([asked()]);
    const gate = Promise.withResolvers<void>();
    const { replyPermission } = client.answers;
    client.answers.replyPermission = async (...given) => {
      await gate.promise;
      await replyPermission?.(...given);
    };
    const first = answerSession(desk.ports, target);
    await answerSession(desk.ports, target);
    expect(desk.toast).toMatch(/is being answered, or was just answered here/);
    gate.resolve();
    await first;
    expect(client.calls.filter((call) => call.startsWith('once'))).toEqual(['once per_1 null']);
    expect(desk.toast).toMatch(/allowed once/);
  });

  it('that has come up just now is not approved by a key that was meant for what stood there before', async () => {
    const { client, desk, target } = open([asked({ since: NOW - 100 })]);
    desk.store.setState({ shown: new Map() });
    desk.paint(NOW - 100);
    await answerSession(desk.ports, target);
    expect(client.calls).toEqual([]);
    expect(desk.toast).toBe('That was asked just now; read it first');
  });

  it('that comes into its place is not approved by a second press of the key', async () => {
    const { desk, target } = open([asked({ since: NOW - 2 * MINUTE }), asked({ id: 'per_2' })]);
    const before = Date.now();
    await answerSession(desk.ports, target);
    expect(desk.store.getState().keysFrom).toBeGreaterThan(before);
  });

  it('of a subagent is answered at the session that it works for, the oldest first', async () => {
    const entry = asking('web1', [
      asked({ id: 'per_2', sessionId: 'ses_2', directory: '/srv/other' }),
      asked({ sessionId: 'ses_2', directory: '/srv/other', since: NOW - 2 * MINUTE }),
    ]);
    const child = aSession({ id: 'ses_2', parentId: 'ses_1' });
    const sessions = [...entry.snapshot!.sessions, child];
    const host = { ...entry, snapshot: { ...entry.snapshot!, sessions } };
    const client = new AskingClient([asked({ sessionId: 'ses_2', directory: '/srv/other' })]);
    const desk = new Desk([host], { clients: (_alias, id) => (id === 'ses_2' ? client : new FakeClient()) });
    await answerSession(desk.ports, selecting(host));
    expect(client.calls[1]).toBe('once per_1 null');
    expect(client.calls[0]).toBe('requests /srv/other');
  });

  it('is told of as it is now, not as it was when the key was pressed', async () => {
    const { desk, target, entry } = open([asked()]);
    desk.put({ ...entry, live: NOTHING_LIVE });
    await answerSession(desk.ports, target);
    expect(desk.toast).toBe('Nothing is asked here');
  });
});

describe('approving for good', () => {
  it('says first which patterns that allows, and asks', async () => {
    const { client, desk, target } = open([asked({ always: ['npm *', 'touch *'] })]);
    const done = allowAlways(desk.ports, target);
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Always allow bash on web1?',
      'It wants to run:',
      '  npm test',
      '"Always" stops asking for everything that fits:',
      '  npm *',
      '  touch *',
      '  * is any text',
      expect.stringMatching(/^In {5}every session of \//),
      'Until  the opencode server on web1 stops',
      'Undo   restart the server (ctrl+r)',
    ]);
    desk.press('y');
    await done;
    expect(client.calls[1]).toBe('always per_1 null');
    expect(desk.store.getState().entries.get('web1')!.live.settled.get('per_1')).toBe('always');
  });

  it('does nothing when the user does not want to', async () => {
    const { client, desk, target } = open([asked()]);
    const done = allowAlways(desk.ports, target);
    await desk.waitForModal('confirm');
    desk.press('esc');
    await done;
    expect(client.calls).toEqual([]);
  });

  it('is not for questions, nor for sessions that ask nothing', async () => {
    const withQuestion = open([question()]);
    await allowAlways(withQuestion.desk.ports, withQuestion.target);
    expect(withQuestion.desk.toast).toBe('This is a question: y answers it');
    const withNothing = open([]);
    await allowAlways(withNothing.desk.ports, withNothing.target);
    expect(withNothing.desk.toast).toBe('Nothing is asked here');
  });
});

describe('rejecting', () => {
  it('takes along what the user wants to say, in several lines', async () => {
    const { client, desk, target } = open([asked()]);
    const done = rejectRequest(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('message', 'use pnpm\n$(reboot)');
    desk.submit();
    await done;
    expect(client.calls[1]).toBe('reject per_1 use pnpm\n$(reboot)');
    expect(desk.toast).toBe('web1: rejected');
  });

  it('needs no message, and a question takes none', async () => {
    const permission = open([asked()]);
    const rejected = rejectRequest(permission.desk.ports, permission.target);
    await permission.desk.waitForModal('form');
    permission.desk.submit();
    await rejected;
    expect(permission.client.calls[1]).toBe('reject per_1 null');
    const { client, desk, target } = open([question()]);
    const done = rejectRequest(desk.ports, target);
    await desk.waitForModal('form');
    expect(desk.form.fields).toEqual([]);
    desk.submit();
    await done;
    expect(client.calls[1]).toBe('reject que_1');
  });

  it('says in the form that it came too late, and keeps what was typed', async () => {
    const { desk, target } = open([asked()], { pending: [] });
    const done = rejectRequest(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('message', 'no');
    desk.submit();
    await vi.waitFor(() => expect(desk.form.error?.text).toMatch(/no longer pending/));
    expect(desk.field('message')).toMatchObject({ kind: 'text' });
    // Only a second Esc discards typed text.
    desk.cancel();
    expect(desk.modal).not.toBeNull();
    desk.cancel();
    await done;
    expect(desk.toast).toBeNull();
  });

  it('a question is not rejected by what is meant for a permission', async () => {
    const { client, desk } = open([question()]);
    await expect(
      sendReply(desk.ports, 'web1', { server: 'one', request: question() }, { kind: 'once' }),
    ).rejects.toThrow('answered or rejected');
    expect(client.calls).toEqual(['requests /srv/shop']);
  });
});

describe('a question', () => {
  it('is answered by the option that is picked', async () => {
    const { client, desk, target } = open([question()]);
    const done = answerSession(desk.ports, target);
    await desk.waitForModal('form');
    expect(desk.form.title).toBe('Title of ses_1 asks');
    desk.choose('question 0', 'Postgres');
    desk.submit();
    await done;
    expect(client.calls[1]).toBe('que_1 [["Postgres"]]');
    expect(desk.toast).toBe('web1: answered: Postgres');
  });

  it('of several parts is answered part by part: picked, several picked, typed', async () => {
    const option = (label: string) => ({ label, description: '' });
    const part = { header: '', question: 'Which?', multiple: false, custom: false };
    const questions = [
      { ...part, options: [option('a'), option('b')] },
      { ...part, options: [option('x'), option('y'), option('z')], multiple: true },
      { ...part, options: [], custom: true },
    ];
    const { client, desk, target } = open([question({ questions })]);
    const done = answerSession(desk.ports, target);
    await desk.waitForModal('form');
    expect(desk.form.fields.map(({ label }) => label)).toEqual(['question 1', 'question 2', 'question 3']);
    desk.choose('question 0', 'b');
    desk.toggle('question 1');
    desk.go('question 2');
    desk.dialogs.type({ kind: 'type', text: "it's $(x) --y" });
    desk.submit();
    await done;
    expect(client.calls[1]).toBe(`que_1 [["b"],["x"],["it's $(x) --y"]]`);
  });

  it('is not answered as long as a part of it is not', async () => {
    const { client, desk, target } = open([question()]);
    void answerSession(desk.ports, target);
    await desk.waitForModal('form');
    desk.submit();
    await vi.waitFor(() => expect(desk.form.error).not.toBeNull());
    expect(client.calls).toEqual([]);
  });
});

describe('marked sessions', () => {
  const fleet = () => {
    const here = asking(
      'web1',
      [asked(), asked({ id: 'per_2', sessionId: 'ses_2' }), question({ sessionId: 'ses_3' })],
      ['ses_1', 'ses_2', 'ses_3', 'ses_4'],
    );
    const there = asking('web2', [asked({ id: 'per_9', command: 'make' })]);
    return { here, there };
  };

  it('are approved each once after a list of what they ask, with a result for each', async () => {
    const { here, there } = fleet();
    const clients = new Map([
      ['web1', new AskingClient([asked(), asked({ id: 'per_2', sessionId: 'ses_2' })])],
      ['web2', new AskingClient([])],
    ]);
    const desk = new Desk([here, there], { clients: (alias) => clients.get(alias)! });
    desk.mark(...targetsOf(here), ...targetsOf(there));
    const done = answerSession(desk.ports, marking(...targetsOf(here), ...targetsOf(there)));
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Allow 3 permissions, once each?',
      'web1: Title of ses_1: npm test',
      'web1: Title of ses_2: npm test',
      'web2: Title of ses_1: make',
    ]);
    desk.press('y');
    await done;
    expect(desk.outcomes).toEqual([
      'ok web1: Title of ses_1: npm test',
      'ok web1: Title of ses_2: npm test',
      expect.stringMatching(/^failed web2: .*no longer pending/),
    ]);
    // Those that were approved are marked no more.
    expect(desk.store.getState().marked.size).toBe(3);
  });

  it('that ask nothing are told so, without a dialog', async () => {
    const entry = asking('web1', [question()]);
    const desk = new Desk([entry]);
    await answerSession(desk.ports, marking(...targetsOf(entry)));
    expect(desk.toast).toBe('none of the marked sessions asks for a permission');
    expect(desk.modal).toBeNull();
  });

  it('of a read-only host are skipped', async () => {
    const { here, there } = fleet();
    const client = new AskingClient([asked({ id: 'per_9', command: 'make' })]);
    const desk = new Desk([here, there], { clients: () => client, settings: { readonly: new Set(['web1']) } });
    const done = answerSession(desk.ports, marking(...targetsOf(here), ...targetsOf(there)));
    await desk.answer('y');
    await done;
    expect(desk.outcomes.map((line) => line.split(' ')[0])).toEqual(['skipped', 'skipped', 'ok']);
  });
});
