import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteSessions } from '../../../../src/actions/fleet/delete/delete-sessions.ts';
import { undoDelete } from '../../../../src/actions/fleet/delete/undo-delete.ts';
import type { HostEntry } from '../../../../src/domain/fleet.ts';
import { type LiveStatus, NOTHING_LIVE } from '../../../../src/domain/live.ts';
import type { Session } from '../../../../src/domain/session.ts';
import type { SessionRef } from '../../../../src/domain/session-ref.ts';
import type { SessionExport } from '../../../../src/opencode/export-import.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { answered, aSession, NOW } from '../../../support/builders.ts';
import { makeTempDir } from '../../../support/temp-dir.ts';
import { Desk, type DeskOptions, marking, selecting, targetsOf } from '../sessions/desk.ts';
import { FakeClient } from '../sessions/fake-client.ts';
import { anExport } from './an-export.ts';
import { lastDeleted } from './last-deleted.ts';

const all = () => true;

/** A server with sessions that can be deleted. */
class Server {
  readonly calls: string[] = [];
  readonly there: Map<string, SessionExport>;
  busy = new Set<string>();
  readonly fake = new FakeClient();

  constructor(sessions: readonly Session[], messages = 3) {
    this.there = new Map(
      sessions.map(({ id, title, directory, messages: counted }) => [
        id,
        anExport({ id, title, directory, messages: counted ?? messages }),
      ]),
    );
    this.fake.answers = {
      exportSessions: async ({ id }) => {
        this.calls.push(`export ${id}`);
        const found = this.there.get(id);
        if (found === undefined) throw new ServerError('not-found', 'GET /session', 'no such session', { status: 404 });
        const children = sessions.filter(({ parentId }) => parentId === id).map((one) => this.there.get(one.id)!);
        return [found, ...children];
      },
      read: async (directories) => ({
        statuses: new Map([...this.busy].map((id) => [id, { kind: 'busy' } as LiveStatus])),
        requests: [],
        directories,
      }),
      abort: async ({ id }) => {
        this.calls.push(`abort ${id}`);
        this.busy.delete(id);
      },
      remove: async ({ id }) => {
        this.calls.push(`remove ${id}`);
        this.there.delete(id);
      },
      session: async (id) => (this.there.has(id) ? aSession({ id }) : null),
      archive: async ({ id }, at) => void this.calls.push(`archive ${id} ${at}`),
    };
  }
}

async function aDesk(entries: readonly HostEntry[], servers: Record<string, Server>, options: DeskOptions = {}) {
  const exportFolder = join(await makeTempDir(), 'exports');
  const desk = new Desk(entries, { clients: (alias) => servers[alias]!.fake, ...options });
  const ended: string[] = [];
  Object.assign(desk.ports, {
    exportFolder,
    sshConfigFile: null,
    onDeleted: ({ alias, id }: SessionRef) => void ended.push(`${alias} ${id}`),
  });
  const files = async () =>
    (await readdir(exportFolder).catch(() => [])).filter((name) => name !== 'deleted.json').sort();
  return { desk, exportFolder, files, ended };
}

/** Agrees a second time that nothing is kept. */
async function loseIt(desk: Desk): Promise<void> {
  await desk.waitForModal('form');
  desk.fill('word', 'delete');
  desk.submit();
}

describe('deleting a session', () => {
  const session = aSession({ id: 'ses_1', title: 'Fix $(x)', messages: 3 });
  const child = aSession({ id: 'ses_2', parentId: 'ses_1', title: 'Look', messages: 2 });

  it('exports it and those of its subagents first, and tells where to', async () => {
    const entry = answered('web1', [session, child]);
    const server = new Server([session, child]);
    const { desk, exportFolder, files, ended } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Delete a session of web1?',
      'web1: Fix $(x)',
      '  3 messages, with its subagent, /srv/shop',
      `Exports go to ${exportFolder}; u undoes the delete.`,
    ]);
    desk.press('y');
    await done;
    expect(server.calls).toEqual(['export ses_1', 'remove ses_1']);
    const [first = '', second = ''] = await files();
    expect([first, second]).toEqual([
      'web1_2026-01-02T030405Z_Fix-x_ses_1.json',
      'web1_2026-01-02T030405Z_Look_ses_2.json',
    ]);
    expect(JSON.parse(await readFile(join(exportFolder, first), 'utf8')).messages).toHaveLength(3);
    expect(desk.toast).toBe(`web1: Fix $(x): deleted; u restores it; the export is ${join(exportFolder, first)}`);
    expect(ended).toEqual(['web1 ses_1', 'web1 ses_2']);
    expect(desk.refreshed).toEqual(['web1']);
    expect(await lastDeleted(exportFolder, 'web1', all)).toMatchObject([
      { id: 'ses_1', at: NOW, exports: [{ id: 'ses_1' }, { id: 'ses_2' }] },
    ]);
  });

  it('says that undo does not work on a host without a shell', async () => {
    const dev = answered('dev', [aSession()]);
    const entry: HostEntry = { ...dev, host: { ...dev.host, route: { kind: 'url', url: 'http://dev' } } };
    const { desk, exportFolder } = await aDesk([entry], { dev: new Server([aSession()]) });
    const deleting = deleteSessions(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(desk.question.slice(-2)).toEqual([
      `Exports go to ${exportFolder}.`,
      'dev has no shell: u restores nothing there; run opencode import on its machine.',
    ]);
    desk.press('y');
    await deleting;
    expect(desk.toast).toContain('deleted; the export is');
  });

  it('does nothing when the user leaves', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    const { desk, files } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('esc');
    await done;
    expect([server.calls, await files(), desk.toast]).toEqual([[], [], null]);
  });

  it('archives it instead', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    const { desk, files } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('A');
    await done;
    expect(server.calls).toEqual([`archive ses_1 ${NOW}`]);
    expect(desk.toast).toBe('web1: Fix $(x): archived');
    expect(await files()).toEqual([]);
  });

  it('deletes it without an export, which undo says', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    const { desk, files } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('!');
    await loseIt(desk);
    await done;
    expect(server.calls).toEqual(['remove ses_1']);
    expect(await files()).toEqual([]);
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: "Fix $(x)" was deleted without an export, and cannot be restored');
  });

  it.each(['', 'y', 'yes', 'Delete it'])('is not deleted for good by %j, nor by leaving', async (word) => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    const { desk } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('!');
    await desk.waitForModal('form');
    desk.fill('word', word);
    desk.submit();
    expect(desk.form.error).not.toBeNull();
    desk.cancel();
    await done;
    expect(server.calls).toEqual([]);
  });

  it('stops what works first, and says so', async () => {
    const live = {
      ...NOTHING_LIVE,
      sessions: new Map([
        ['ses_1', { server: 's', status: { kind: 'busy' as const }, since: NOW, heardAt: NOW, todo: null }],
      ]),
    };
    const entry = { ...answered('web1', [session]), live };
    const server = new Server([session]);
    server.busy.add('ses_1');
    const { desk } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(desk.question).toContain('  It is working: its turn is stopped first.');
    desk.press('y');
    await done;
    expect(server.calls).toEqual(['abort ses_1', 'export ses_1', 'remove ses_1']);
  });

  it('deletes nothing that has begun to work meanwhile', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    server.busy.add('ses_1');
    const { desk, exportFolder } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(server.calls).toEqual(['export ses_1']);
    expect(desk.toast).toBe('exporting and deleting on web1: not deleted: it is working');
    expect(await lastDeleted(exportFolder, 'web1', all)).toEqual([]);
  });

  it('deletes nothing whose export has fewer messages than the host counts', async () => {
    const entry = answered('web1', [{ ...session, messages: 5 }]);
    const server = new Server([session]);
    const { desk, files } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('the export is incomplete: 3 of 5 messages of ses_1');
    expect(server.there.has('ses_1')).toBe(true);
    expect(await files()).toEqual([]);
  });

  it('asks the host again when the count may be old', async () => {
    const entry = answered('web1', [{ ...session, messages: 5 }]);
    const server = new Server([session]);
    const onRefresh = (_alias: string, { fleet }: Desk) =>
      fleet.setState({ entries: new Map([['web1', answered('web1', [session])]]) });
    const { desk } = await aDesk([entry], { web1: server }, { onRefresh });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(server.there.has('ses_1')).toBe(false);
  });

  it('does not believe a server that has it still', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    server.fake.answers.remove = async () => {};
    const { desk, exportFolder } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('still has it');
    expect(await lastDeleted(exportFolder, 'web1', all)).toEqual([]);
  });

  it('takes a request that was lost for done when the session is gone, and remembers it when that is not known', async () => {
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    server.fake.answers.remove = async ({ id }) => {
      server.there.delete(id);
      throw new ServerError('closed', 'DELETE /session', 'the connection was lost');
    };
    const { desk } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('deleted; u restores it');

    const dead = new Server([session]);
    dead.fake.answers.remove = async () => {
      dead.fake.answers.session = async () => {
        throw new ServerError('closed', 'GET /session', 'the connection was lost');
      };
      throw new ServerError('closed', 'DELETE /session', 'the connection was lost');
    };
    const other = await aDesk([entry], { web1: dead });
    const failed = deleteSessions(other.desk.ports, selecting(entry));
    await other.desk.answer('y');
    await failed;
    expect(other.desk.toast).toContain('the connection was lost');
    expect(await lastDeleted(other.exportFolder, 'web1', all)).toHaveLength(1);
  });
});

describe('deleting marked sessions', () => {
  it('asks once, exports each, and leaves those of subagents to their parents', async () => {
    const parent = aSession({ id: 'ses_1', title: 'Parent' });
    const child = aSession({ id: 'ses_2', parentId: 'ses_1', title: 'Child' });
    const other = aSession({ id: 'ses_3', title: 'Other' });
    const entries = [answered('web1', [parent, child]), answered('web2', [other])] as const;
    const servers = { web1: new Server([parent, child]), web2: new Server([other]) };
    const { desk, files, exportFolder } = await aDesk(entries, servers);
    const targets = entries.flatMap(targetsOf);
    desk.mark(...targets);
    const done = deleteSessions(desk.ports, marking(...targets));
    await desk.waitForModal('confirm');
    expect(desk.question[0]).toBe('Delete 2 sessions?');
    desk.press('y');
    await done;
    expect(desk.outcomes.map((line) => line.split('; ')[0])).toEqual([
      'ok web1: Parent: u restores it',
      'ok web2: Other: u restores it',
    ]);
    expect(await files()).toHaveLength(3);
    expect(await lastDeleted(exportFolder, 'web2', all)).toHaveLength(1);
  });

  it('says of each session of a host that died what became of it, and of none that it is deleted', async () => {
    const sessions = ['a', 'b', 'c'].map((id) => aSession({ id: `ses_${id}`, title: id }));
    const entry = answered('web1', sessions);
    const server = new Server(sessions);
    const remove = server.fake.answers.remove!;
    server.fake.answers.remove = async (one, signal) => {
      await remove(one, signal);
      const dead = async () => {
        throw new ServerError('closed', 'GET /session', 'the connection was lost');
      };
      if (one.id === 'ses_a') Object.assign(server.fake.answers, { exportSessions: dead });
    };
    const { desk, exportFolder } = await aDesk(
      [entry],
      { web1: server },
      { transport: () => Promise.reject(new Error('down')) },
    );
    const done = deleteSessions(desk.ports, marking(...targetsOf(entry)));
    await desk.answer('y');
    await done;
    expect(desk.outcomes.map((line) => line.split(': u restores')[0])).toEqual([
      'ok web1: a',
      'failed web1: b: the connection was lost',
      'failed web1: c: not tried: down',
    ]);
    expect((await lastDeleted(exportFolder, 'web1', all)).map(({ id }) => id)).toEqual(['ses_a']);
  });
});

describe('undoing a delete', () => {
  it('says when nothing is remembered', async () => {
    const entry = answered('web1', []);
    const { desk } = await aDesk([entry], {});
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('Nothing to undo');
  });

  it('says when the session is there again, and goes on to the one before', async () => {
    const sessions = [aSession({ id: 'ses_1', title: 'One' }), aSession({ id: 'ses_2', title: 'Two' })];
    const entry = answered('web1', sessions);
    const server = new Server(sessions);
    const { desk } = await aDesk([entry], { web1: server });
    const before = new Map(server.there);
    for (const at of [0, 1]) {
      const done = deleteSessions(desk.ports, selecting(entry, at));
      await desk.answer('y');
      await done;
    }
    for (const [id, one] of before) server.there.set(id, one);
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: "Two" was restored already');
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: "One" was restored already');
    await undoDelete(desk.ports);
    expect(desk.toast).toContain('Nothing to undo');
  });

  it('offers what was deleted before where the last one has no export', async () => {
    const sessions = [aSession({ id: 'ses_1', title: 'One' }), aSession({ id: 'ses_2', title: 'Two' })];
    const entry = answered('web1', sessions);
    const server = new Server(sessions);
    const kept = server.there.get('ses_1')!;
    const { desk } = await aDesk([entry], { web1: server });
    for (const [at, key] of [
      [0, 'y'],
      [1, '!'],
    ] as const) {
      const done = deleteSessions(desk.ports, selecting(entry, at));
      await desk.answer(key);
      if (key === '!') await loseIt(desk);
      await done;
    }
    server.there.set('ses_1', kept);
    const done = undoDelete(desk.ports);
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Undo the batch before it instead?',
      '"Two" was deleted without an export, and cannot be restored.',
      'web1: One',
    ]);
    desk.press('y');
    await done;
    expect(desk.toast).toBe('web1: "One" was restored already');
  });

  it('says when the export is gone or damaged, and does not stop there for ever', async () => {
    const session = aSession({ id: 'ses_1', title: 'One' });
    const entry = answered('web1', [session]);
    const server = new Server([session]);
    const { desk, exportFolder, files } = await aDesk([entry], { web1: server });
    const done = deleteSessions(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    const { rm } = await import('node:fs/promises');
    for (const name of await files()) await rm(join(exportFolder, name));
    await undoDelete(desk.ports);
    expect(desk.toast).toContain('the export cannot be read');
    await undoDelete(desk.ports);
    expect(desk.toast).toContain('Nothing to undo');
  });
});
