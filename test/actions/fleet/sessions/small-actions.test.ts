import { describe, expect, it } from 'vitest';
import { abortSession } from '../../../../src/actions/fleet/sessions/abort-session.ts';
import { archiveSession } from '../../../../src/actions/fleet/sessions/archive-session.ts';
import { forkSession } from '../../../../src/actions/fleet/sessions/fork-session.ts';
import { promptSession } from '../../../../src/actions/fleet/sessions/prompt-session.ts';
import { renameSession } from '../../../../src/actions/fleet/sessions/rename-session.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { type LiveStatus, NOTHING_LIVE } from '../../../../src/domain/live.ts';
import { seenUntil } from '../../../../src/fleet/seen.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { titleFault } from '../../../../src/operations/sessions/rename-session.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import { selectedHost } from '../../../../src/store/selection.ts';
import { aHost, anEntry, answered, aSession, aSnapshot, NOW } from '../../../support/builders.ts';
import { Desk, marking, selecting, targetsOf } from './desk.ts';
import { aMessage, FakeClient } from './fake-client.ts';

/** A host whose server says this of its sessions. */
function telling(entry: HostEntry, statuses: Readonly<Record<string, LiveStatus>>): HostEntry {
  const facts = { server: '42 7 4096', since: NOW, heardAt: NOW, todo: null };
  const sessions = new Map(Object.entries(statuses).map(([id, status]) => [id, { ...facts, status }]));
  return { ...entry, live: { ...NOTHING_LIVE, sessions } };
}

const BUSY: LiveStatus = { kind: 'busy' };
const IDLE: LiveStatus = { kind: 'idle' };

describe('abort', () => {
  const open = answered('web1', [aSession({ turn: 'open' })]);

  it('asks, stops, and has the host asked again', async () => {
    const entry = telling(open, { ses_1: BUSY });
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    const done = abortSession(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(client.calls).toEqual([]);
    await desk.answer('y');
    await done;
    expect(client.calls).toEqual(['abort ses_1']);
    expect(desk.toast).toBe('web1: Fix the login page: stopped');
    expect(desk.refreshed).toEqual(['web1']);
    // The turn ends a moment later, which is not news.
    const seen = { ...desk.store.getState().seen, baselines: new Map([['web1', 0]]) };
    expect(seenUntil(seen, 'web1', 'ses_1')).toBe(NOW + 5000);
  });

  it('is not asked for what does not work', async () => {
    const entry = telling(open, { ses_1: IDLE });
    const desk = new Desk([entry]);
    await abortSession(desk.ports, selecting(entry));
    expect(desk.toast).toBe('web1: Fix the login page: it is not working');
    expect(desk.modal).toBeNull();
  });

  it('looks again once the user has agreed', async () => {
    const entry = telling(open, { ses_1: BUSY });
    const desk = new Desk([entry]);
    const done = abortSession(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    desk.put(telling(open, { ses_1: IDLE }));
    await desk.answer('y');
    await done;
    expect(desk.toast).toBe('web1: Fix the login page: it is not working');
  });

  it('says so when no server has said that it works', async () => {
    const client = new FakeClient().takingAll();
    const desk = new Desk([open], { clients: () => client });
    const done = abortSession(desk.ports, selecting(open));
    await desk.answer('y');
    await done;
    expect(client.calls).toEqual(['abort ses_1']);
    expect(desk.toast).toMatch(/stopped; no server reports it as working/);
  });

  it('skips the marked ones that do not work', async () => {
    const two = answered('web1', [aSession(), aSession({ id: 'ses_2', title: 'Other' })]);
    const entry = telling(two, { ses_1: IDLE, ses_2: { kind: 'retry', attempt: 1, message: '', next: NOW } });
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    const done = abortSession(desk.ports, marking(...targetsOf(entry)));
    await desk.waitForModal('confirm');
    expect(desk.question.slice(0, 2)).toEqual(['Stop the turns of 1 session?', 'web1: Other']);
    await desk.answer('y');
    await done;
    expect(desk.outcomes).toEqual(['skipped web1: Fix the login page: it is not working', 'ok web1: Other']);
  });
});

describe('archive', () => {
  it("archives a single one at once, at the host's time, and says how to take it back", async () => {
    const snapshot = aSnapshot({ sessions: [aSession()], clockOffset: 60_000 });
    const entry = anEntry({ host: aHost(), snapshot, fresh: true });
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    await archiveSession(desk.ports, selecting(entry));
    expect(client.calls).toEqual([`archive ses_1 ${NOW + 60_000}`]);
    expect(desk.toast).toContain('archived; H shows it, A unarchives it');
  });

  it('takes out of the archive when all of them are in it', async () => {
    const entry = answered('web1', [aSession({ archived: NOW })]);
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    await archiveSession(desk.ports, selecting(entry));
    expect(client.calls).toEqual(['archive ses_1 null']);
    expect(desk.toast).toBe('web1: Fix the login page: unarchived');
  });

  it('skips those that are archived already when others are not', async () => {
    const entry = answered('web1', [aSession({ archived: NOW }), aSession({ id: 'ses_2', title: 'Other' })]);
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    const done = archiveSession(desk.ports, marking(...targetsOf(entry)));
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual(['Archive 1 session?', 'web1: Other']);
    await desk.answer('y');
    await done;
    expect(desk.outcomes).toEqual(['skipped web1: Fix the login page: it is archived already', 'ok web1: Other']);
  });

  it('tells what went wrong', async () => {
    const entry = answered('web1', [aSession()]);
    const clients = () => Promise.reject(new ServerError('refused', 'GET /', 'nothing listens there'));
    const desk = new Desk([entry], { clients });
    await archiveSession(desk.ports, selecting(entry));
    expect(desk.toast).toBe('archiving on web1: nothing listens there');
  });
});

describe('rename', () => {
  const entry = answered('web1', [aSession()]);

  it('begins with the title as it is, and sends another', async () => {
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    const done = renameSession(desk.ports, selecting(entry));
    expect(desk.field('title')).toMatchObject({ editor: { text: 'Fix the login page' } });
    desk.fill('title', ' $(touch x) "it\'s" ');
    desk.submit();
    await done;
    expect(client.calls).toEqual(['rename ses_1 $(touch x) "it\'s"']);
    expect(desk.refreshed).toEqual(['web1']);
  });

  it('refuses an empty title, and takes one with line breaks as one line', async () => {
    const client = new FakeClient().takingAll();
    const desk = new Desk([entry], { clients: () => client });
    const done = renameSession(desk.ports, selecting(entry));
    desk.fill('title', '');
    desk.submit();
    expect(desk.form.error?.text).toContain('required');
    desk.fill('title', 'a\nb');
    desk.submit();
    await done;
    expect(client.calls).toEqual(['rename ses_1 a b']);
  });

  it('has a title without control characters, also where they do not come from a paste', () => {
    expect(titleFault('a\u001bb')).toContain('one line');
    expect(titleFault('a b')).toBeNull();
  });

  it('asks for nothing when the title stays', async () => {
    const desk = new Desk([entry]);
    const done = renameSession(desk.ports, selecting(entry));
    desk.submit();
    await done;
    expect(desk.toast).toBeNull();
  });

  it('keeps what was typed when it fails', async () => {
    const client = new FakeClient({ rename: () => Promise.reject(new ServerError('http', 'PATCH /x', 'disk full')) });
    const desk = new Desk([entry], { clients: () => client });
    const done = renameSession(desk.ports, selecting(entry));
    desk.fill('title', 'Better');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('disk full');
    expect(desk.field('title')).toMatchObject({ editor: { text: 'Better' } });
    desk.cancel();
    await done;
  });
});

describe('fork', () => {
  const entry = answered('web1', [aSession()]);
  const fork = aSession({ id: 'ses_2', title: 'Fix the login page (fork #1)' });

  it('selects the new session once it is listed', async () => {
    const client = new FakeClient({ fork: async () => fork });
    const desk = new Desk([entry], { clients: () => client });
    await forkSession(desk.ports, selecting(entry));
    expect(desk.refreshed).toEqual(['web1']);
    expect(desk.store.getState().selected?.key).toBe(sessionKey('web1', 'ses_2'));
    expect(desk.toast).toBe('web1: forked as Fix the login page (fork #1)');
  });

  it('does not take the user away from where they have gone meanwhile', async () => {
    const client = new FakeClient({ fork: async () => fork });
    const desk = new Desk([entry], {
      clients: () => client,
      onRefresh: (_alias, { store }) => store.setState({ selected: selectedHost('elsewhere') }),
    });
    await forkSession(desk.ports, selecting(entry));
    expect(desk.store.getState().selected?.key).toBe('host elsewhere');
  });
});

describe('prompt', () => {
  const agentAndModel = { agent: 'plan', model: 'stub/echo' };
  const entry = answered('web1', [
    aSession(agentAndModel),
    aSession({ ...agentAndModel, id: 'ses_2', title: 'Other', archived: NOW }),
  ]);
  const listed = targetsOf(entry).map(({ session }) => session);
  const PASTED = ' -rf $(touch x)\n\ttabs\tand "quotes"\n\n世界 😀\u001b[31m ';

  it('sends the text as it was pasted, and marks the session as seen', async () => {
    const client = new FakeClient().takingAll().knowing(...listed);
    const desk = new Desk([entry], { clients: () => client });
    const done = promptSession(desk.ports, selecting(entry));
    desk.fill('prompt', PASTED);
    desk.submit();
    await done;
    expect(client.prompts).toEqual([{ id: 'ses_1', directory: '/srv/shop', text: PASTED, ...agentAndModel }]);
    expect(seenUntil({ ...desk.store.getState().seen, baselines: new Map([['web1', 0]]) }, 'web1', 'ses_1')).toBe(NOW);
    expect(desk.toast).toBe('web1: Fix the login page: prompt sent');
  });

  it('goes to the agent and the model that the session has by now', async () => {
    const client = new FakeClient().takingAll().knowing(aSession({ agent: 'plan', model: 'stub/other' }));
    const stale = answered('web1', [aSession({ agent: 'build', model: 'stub/echo' })]);
    const desk = new Desk([stale], { clients: () => client });
    const done = promptSession(desk.ports, selecting(stale));
    expect(desk.form.notes).toContainEqual({ text: 'agent build, model stub/echo' });
    desk.fill('prompt', 'go on');
    desk.submit();
    await done;
    expect(client.prompts).toMatchObject([{ agent: 'plan', model: 'stub/other' }]);
  });

  it.each([
    [
      [aMessage({ agent: 'plan', model: 'stub/echo' }), aMessage({ role: 'assistant', agent: 'title' })],
      agentAndModel,
      '',
    ],
    [[], { agent: null, model: null }, ''],
    [[aMessage()], { agent: null, model: null }, "; its own agent is not known: opencode's default one answers"],
  ])('goes on as the last prompt did where the session does not tell: %#', async (messages, expected, told) => {
    const client = new FakeClient({ messages: async () => messages }).takingAll().knowing(aSession());
    const silent = answered('web1', [aSession()]);
    const desk = new Desk([silent], { clients: () => client });
    const done = promptSession(desk.ports, selecting(silent));
    desk.fill('prompt', 'go on');
    desk.submit();
    await done;
    expect(client.prompts).toMatchObject([expected]);
    expect(desk.toast).toBe(`web1: Fix the login page: prompt sent${told}`);
  });

  it('is not sent to a session that is gone', async () => {
    const desk = new Desk([entry], { clients: () => new FakeClient().takingAll().knowing() });
    void promptSession(desk.ports, selecting(entry));
    desk.fill('prompt', 'go on');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('it is gone already');
  });

  it('does not send a blank one', () => {
    const desk = new Desk([entry]);
    void promptSession(desk.ports, selecting(entry));
    desk.fill('prompt', ' \n ');
    desk.submit();
    expect(desk.form.error?.text).toContain('required');
  });

  it('keeps the text when it was not taken', async () => {
    const client = new FakeClient({
      prompt: () => Promise.reject(new ServerError('timeout', 'POST /x', 'no answer')),
    }).knowing(...listed);
    const desk = new Desk([entry], { clients: () => client });
    void promptSession(desk.ports, selecting(entry));
    desk.fill('prompt', 'go on');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('no answer');
    expect(desk.field('prompt')).toMatchObject({ editor: { text: 'go on' } });
  });

  it('says that it may have arrived when the user leaves while it is being sent', async () => {
    const client = new FakeClient({ prompt: () => new Promise(() => {}) }).knowing(...listed);
    const desk = new Desk([entry], { clients: () => client });
    const done = promptSession(desk.ports, selecting(entry));
    desk.fill('prompt', 'go on');
    desk.submit();
    desk.cancel();
    await done;
    expect(desk.toast).toMatch(/may have arrived/);
  });

  it('goes to all that are marked once the user has seen which; leaving the list goes back to the text', async () => {
    const client = new FakeClient().takingAll().knowing(...listed);
    const desk = new Desk([entry], { clients: () => client });
    const targets = targetsOf(entry);
    desk.mark(...targets);
    const done = promptSession(desk.ports, marking(...targets));
    desk.fill('prompt', 'line one\nline two');
    desk.submit();
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Send this prompt to 2 sessions?',
      '"line one" and 1 more line',
      '',
      'web1: Fix the login page (agent plan, model stub/echo)',
      'web1: Other (agent plan, model stub/echo)',
      '  it is archived',
    ]);
    await desk.answer('esc');
    await desk.waitForModal('form');
    await expect.poll(() => desk.form.error?.text).toBe('it was not sent');
    desk.submit();
    await desk.answer('y');
    await done;
    expect(client.prompts.map(({ id, text }) => `${id} ${text}`)).toEqual([
      'ses_1 line one\nline two',
      'ses_2 line one\nline two',
    ]);
    expect(desk.store.getState().marked.size).toBe(0);
  });
});
