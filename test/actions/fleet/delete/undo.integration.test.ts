import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deleteSessions } from '../../../../src/actions/fleet/delete/delete-sessions.ts';
import { undoDelete } from '../../../../src/actions/fleet/delete/undo-delete.ts';
import type { Session } from '../../../../src/domain/session.ts';
import { aHost, anEntry, aSnapshot } from '../../../support/builders.ts';
import { makeTempDir } from '../../../support/temp-dir.ts';
import { Desk, marking, selecting } from '../sessions/desk.ts';
import { type OpencodeHost, say, startOpencodeHost } from './opencode-host.ts';

const { signal } = new AbortController();

describe('delete and undo on a real opencode', () => {
  let host: OpencodeHost;
  beforeAll(async () => {
    host = await startOpencodeHost();
  });
  afterAll(() => host?.close());

  async function aDesk() {
    const desk = new Desk([anEntry({ host: aHost({ alias: 'web1' }) })]);
    const ended: string[] = [];
    Object.assign(desk.ports, {
      exportFolder: join(await makeTempDir(), 'exports'),
      clientFor: async () => host.client,
      transport: async () => host.transport,
      clock: Date.now,
      sshConfigFile: null,
      endAttached: (_alias: string, id: string) => void ended.push(id),
      refreshHost: async () => {
        const opencode = { path: host.opencodePath, version: null, identity: '' };
        const snapshot = aSnapshot({ opencode, sessions: await host.client.sessions(signal) });
        desk.put(anEntry({ host: aHost({ alias: 'web1' }), snapshot, fresh: true }));
        return snapshot;
      },
    });
    await desk.ports.refreshHost('web1');
    const entry = () => desk.store.getState().entries.get('web1')!;
    const at = (id: string) => entry().snapshot!.sessions.findIndex((session) => session.id === id);
    return { desk, entry, at };
  }

  const create = (title: string) =>
    host.client.createSession({ directory: host.project, title, agent: null, model: null }, signal);
  const exported = async (id: string) => JSON.parse(await host.opencode(host.project, 'export', id));
  const isThere = async ({ id }: Session) => (await host.client.session(id, host.project, signal)) !== null;

  it('gives the very same session back, with those of its subagents', async () => {
    const made = await create(`Quote "x" $(touch canary) \`id\` -- '; é`);
    for (const text of ['hello', 'ask edit', 'ask subagent']) await say(host, made.id, text);
    const { desk, entry, at } = await aDesk();
    const child = entry().snapshot!.sessions.find(({ parentId }) => parentId === made.id)!;
    const before = [await exported(made.id), await exported(child.id)];
    const done = deleteSessions(desk.ports, selecting(entry(), at(made.id)));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('u restores it; the export is ');
    expect([await isThere(made), await isThere(child)]).toEqual([false, false]);
    const folder = desk.ports.exportFolder;
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith(`${made.id}.json`));
    expect(JSON.parse(await readFile(join(folder, file), 'utf8'))).toEqual(before[0]);

    // As after a restart of ocr: only the files are known.
    const later = await aDesk();
    Object.assign(later.desk.ports, { exportFolder: folder });
    await undoDelete(later.desk.ports);
    expect(later.desk.toast).toBe(`web1: restored "${made.title}"`);
    expect([await exported(made.id), await exported(child.id)]).toEqual(before);
    await undoDelete(later.desk.ports);
    expect(later.desk.toast).toContain('Nothing to undo');
    expect(await readdir(host.project)).not.toContain('canary');
  });

  it('stops what works, deletes it, and gives it back with what was done', async () => {
    const made = await create('Works slowly');
    await host.client.prompt({ ...made, text: 'go on slowly', agent: null, model: null }, signal);
    await vi.waitFor(
      async () => {
        const { statuses } = await host.client.read([host.project], signal);
        expect(statuses.get(made.id)?.kind).toBe('busy');
        expect(await host.client.messages(made.id, host.project, 5, signal)).toHaveLength(2);
      },
      { timeout: 20_000 },
    );
    const { desk, entry, at } = await aDesk();
    const done = deleteSessions(desk.ports, selecting(entry(), at(made.id)));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('deleted; u restores it');
    expect(await isThere(made)).toBe(false);
    await undoDelete(desk.ports);
    expect(await isThere(made)).toBe(true);
    expect((await exported(made.id)).messages).toHaveLength(2);
  });

  it('gives all marked ones back, and says which it cannot while their directory is away', async () => {
    const made = [await create('One'), await create('Two')];
    const { desk, entry, at } = await aDesk();
    const targets = made.map(({ id }) => ({ entry: entry(), session: entry().snapshot!.sessions[at(id)]! }));
    const done = deleteSessions(desk.ports, marking(...targets));
    await desk.answer('y');
    await done;
    desk.press('esc');
    expect(await Promise.all(made.map(isThere))).toEqual([false, false]);
    await rename(host.project, `${host.project} away`);
    await undoDelete(desk.ports);
    expect(desk.toast).toContain('2 of 2 not restored: One: its directory is gone: create ');
    await rename(`${host.project} away`, host.project);
    await undoDelete(desk.ports);
    expect(desk.toast).toBe('web1: restored "One"; restored "Two"');
    expect(await Promise.all(made.map(isThere))).toEqual([true, true]);
  });
});
