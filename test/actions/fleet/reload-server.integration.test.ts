import { describe, expect, it, onTestFinished } from 'vitest';
import { reloadServers } from '../../../src/actions/fleet/reload-server.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../../src/domain/live.ts';
import { type Server, serverKey } from '../../../src/domain/server.ts';
import { ensureOwnServer } from '../../../src/opencode/server-process/own-server.ts';
import { sessionKey } from '../../../src/store/keys.ts';
import type { Transport } from '../../../src/transport/transport.ts';
import { aHost, anEntry, aSession, aSnapshot, NOW } from '../../support/builders.ts';
import { ENDS_NOT, FakeOpencode, isRunning, LISTENS } from '../../support/fake-opencode.ts';
import { Desk, selectingHost } from './sessions/desk.ts';

const { signal } = new AbortController();

async function aHostWith(serve: string, change: (server: Server) => Server = (server) => server) {
  const opencode = await FakeOpencode.create(serve);
  const options = { opencodePath: opencode.program, mayStart: true, timeout: 20_000 };
  const { server } = await ensureOwnServer(opencode.host(), options, signal);
  const own = () => opencode.ownServer();
  onTestFinished(async () => {
    for (const pid of [server.pid, (await own())?.pid ?? server.pid]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  });
  const listed = change(server);
  const session = aSession({ id: 'ses_1', title: 'Fix it', project: '/srv/shop' });
  const entry: HostEntry = anEntry({
    host: aHost({ alias: 'web1' }),
    snapshot: aSnapshot({
      opencode: { path: opencode.program, version: null, identity: '' },
      servers: [listed],
      sessions: [session],
    }),
    live: {
      ...NOTHING_LIVE,
      sessions: new Map([
        ['ses_1', { server: serverKey(listed), status: { kind: 'busy' }, since: NOW, heardAt: NOW, todo: null }],
      ]),
    },
    fresh: true,
  });
  const desk = new Desk([entry], { transport: async () => opencode.host() as Transport });
  return { desk, entry, server, own };
}

describe('reloading a server', { timeout: 60_000 }, () => {
  it("starts ocr's own again once the user agrees, having seen what works on it", async () => {
    const { desk, entry, server, own } = await aHostWith(LISTENS);
    const done = reloadServers(desk.ports, selectingHost(entry));
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'Stop the opencode server of web1?',
      `pid ${server.pid}, port ${server.port}, in ${server.directory}, started by ocr`,
      '  works on "Fix it": its turn will be cut off',
    ]);
    desk.press('y');
    await done;
    const again = await own();
    expect(await isRunning(server.pid)).toBe(false);
    expect(again?.pid).not.toBe(server.pid);
    expect(desk.toast).toBe(`web1: ocr's server was restarted (pid ${again?.pid}, port ${again?.port})`);
    expect(desk.refreshed).toEqual(['web1']);
  });

  it('closes the sessions that are attached through it, having said so', async () => {
    const { desk, entry } = await aHostWith(LISTENS);
    const ended: string[] = [];
    const attached = [
      { alias: 'web1', id: 'ses_1', throughServer: true },
      { alias: 'web1', id: 'ses_direct', throughServer: false },
      { alias: 'web2', id: 'ses_1', throughServer: true },
    ];
    desk.store.setState({ attached: new Map(attached.map((ref) => [sessionKey(ref.alias, ref.id), ref])) });
    const ports = { ...desk.ports, endAttached: (alias: string, id: string) => void ended.push(`${alias} ${id}`) };
    const done = reloadServers(ports, selectingHost(entry));
    await desk.waitForModal('confirm');
    expect(desk.question.join('\n')).toContain('A session that is attached in the background here will be closed');
    expect(ended).toEqual([]);
    desk.press('y');
    await done;
    expect(ended).toEqual(['web1 ses_1']);
  });

  it('does nothing when the user leaves', async () => {
    const { desk, entry, server } = await aHostWith(LISTENS);
    const done = reloadServers(desk.ports, selectingHost(entry));
    await desk.answer('esc');
    await done;
    expect(await isRunning(server.pid)).toBe(true);
    expect(desk.toast).toBeNull();
  });

  it("stops someone else's, and says that they must start it; or starts ocr's own", async () => {
    const foreign = (server: Server) => ({ ...server, own: false });
    const one = await aHostWith(LISTENS, foreign);
    const done = reloadServers(one.desk.ports, { ...selectingHost(one.entry), project: '/srv/shop' });
    await one.desk.answer('y');
    await done;
    expect(one.desk.toast).toBe(
      `web1: server ${one.server.pid} was stopped; restart that server yourself: ocr did not start it`,
    );
    expect(await isRunning(one.server.pid)).toBe(false);
    expect(await one.own()).toBeNull();

    const other = await aHostWith(LISTENS, foreign);
    const started = reloadServers(other.desk.ports, selectingHost(other.entry));
    await other.desk.answer('s');
    await started;
    const own = await other.own();
    expect(other.desk.toast).toBe(
      `web1: server ${other.server.pid} was stopped; ocr's server is running (pid ${own?.pid}, port ${own?.port})`,
    );
  });

  it('leaves a process alone that is not that server, and servers of other projects', async () => {
    const { desk, entry, server } = await aHostWith(LISTENS, (one) => ({
      ...one,
      own: false,
      directory: '/srv/other',
    }));
    const done = reloadServers(desk.ports, selectingHost(entry));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('was left alone: it works in another directory');
    expect(await isRunning(server.pid)).toBe(true);
    await reloadServers(desk.ports, { ...selectingHost(entry), project: '/srv/elsewhere' });
    expect(desk.toast).toBe(
      'web1: no server works for /srv/elsewhere; select the host to stop or restart all of its servers',
    );
  });

  it('asks before it ends one by force that does not mind', async () => {
    const { desk, entry, server } = await aHostWith(ENDS_NOT);
    const done = reloadServers(desk.ports, selectingHost(entry));
    await desk.answer('y');
    await expect.poll(() => desk.modal?.kind, { timeout: 30_000 }).toBe('confirm');
    expect(desk.question[0]).toBe(`Server ${server.pid} does not end`);
    expect(await isRunning(server.pid)).toBe(true);
    desk.press('F');
    await done;
    expect(await isRunning(server.pid)).toBe(false);
    expect(desk.toast).toContain("ocr's server was restarted");
  });

  it("offers to start ocr's own where none runs", async () => {
    const { desk, entry, server, own } = await aHostWith(LISTENS);
    process.kill(server.pid, 'SIGKILL');
    const empty = { ...entry, snapshot: { ...entry.snapshot!, servers: [] } };
    desk.put(empty);
    const done = reloadServers(desk.ports, selectingHost(empty));
    await desk.answer('s');
    await done;
    expect(desk.toast).toContain("ocr's server is running");
    expect((await own())?.pid).not.toBe(server.pid);
  });
});
