import { execFile } from 'node:child_process';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cloneRepository } from '../../../../src/actions/fleet/clone/clone-repository.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import { answered, aSession } from '../../../support/builders.ts';
import { makeTempDir } from '../../../support/temp-dir.ts';
import { transportOf } from '../delete/opencode-host.ts';
import { Desk, selectingHost } from '../sessions/desk.ts';
import { FakeClient } from '../sessions/fake-client.ts';

const run = promisify(execFile);
const PATIENCE = { timeout: 30_000, interval: 50 };

async function aMachine() {
  const home = await realpath(await makeTempDir('ocr-clone-action'));
  const source = join(home, 'source.git');
  await mkdir(source);
  await run('git', ['init', '-q', '-b', 'main'], { cwd: source });
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  await run('git', [...author, 'commit', '-q', '--allow-empty', '-m', 'one'], { cwd: source });
  const transport = transportOf({ HOME: home, PATH: process.env.PATH ?? '', SHELL: '/bin/sh' });
  onTestFinished(() => transport.close());
  const client = new FakeClient();
  client.answers.createSession = async (wanted) => {
    client.created.push(wanted);
    return aSession({ id: 'ses_new', directory: wanted.directory });
  };
  const entry = answered('web1', []);
  const desk = new Desk([entry], { clients: () => client, transport: async () => transport });
  const files = async () => (await readdir(home)).filter((name) => name !== 'source.git').sort();
  return { home, url: `file://${source}`, client, desk, target: selectingHost(entry), files };
}

async function silentUrl(): Promise<string> {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `git://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
}

describe('cloning a repository', () => {
  it('begins a session in the clone, which is selected', async () => {
    const { home, url, client, desk, target } = await aMachine();
    const done = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', ` ${url}\n`);
    expect(desk.field('session')).toMatchObject({ isOn: false, hint: expect.stringContaining('.opencode') });
    desk.toggle('session');
    desk.submit();
    await done;
    expect(desk.modal).toBeNull();
    expect(desk.toast).toBe(`web1: cloned into ${home}/source, with a new session there`);
    expect(client.created).toEqual([{ directory: join(home, 'source'), title: null, agent: null, model: null }]);
    expect(desk.store.getState().selected?.key).toBe(sessionKey('web1', 'ses_new'));
    expect(desk.store.getState().busy).toBeNull();
  });

  it('keeps what was typed when it cannot be there, or is refused', async () => {
    const { home, url, desk, target, files } = await aMachine();
    await mkdir(join(home, 'full/inner'), { recursive: true });
    const done = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', 'ext::touch canary');
    desk.submit();
    expect(desk.form.error?.text).toContain('cannot contain spaces');
    desk.fill('url', 'ext::touch');
    desk.submit();
    expect(desk.form.error?.text).toContain('run a program there: not allowed');
    desk.fill('url', url);
    desk.fill('directory', '~/full');
    desk.submit();
    await vi.waitFor(() => expect(desk.form.error?.text).toContain(`${home}/full exists already`), PATIENCE);
    desk.fill('directory', '~/other');
    desk.submit();
    await done;
    expect(desk.toast).toBe(`web1: cloned into ${home}/other`);
    expect(await files()).toEqual(['full', 'other']);
  });

  it('completes the directory by the folders that are there', async () => {
    const { home, desk, target } = await aMachine();
    await mkdir(join(home, 'work $(x)'));
    const done = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', 'https://example.org/shop');
    desk.fill('directory', '~/wo');
    desk.dialogs.type({ kind: 'key', key: 'tab' });
    await vi.waitFor(() => {
      const field = desk.field('directory');
      expect(field.kind === 'text' && field.editor.text).toBe('~/work $(x)/');
    }, PATIENCE);
    desk.cancel();
    await done;
  });

  it('says why git failed, with what it said', async () => {
    const { home, desk, target, files } = await aMachine();
    const done = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', `file://${home}/none`);
    desk.submit();
    await done;
    expect(desk.toast).toMatch(/^cloning on web1: fatal: .*none/);
    expect(desk.errorLines.join('\n')).toContain('Could not read from remote repository');
    expect(await files()).toEqual([]);
  });

  it('stays whole when no session can be begun there, or when that is stopped', async () => {
    const { home, url, client, desk, target, files } = await aMachine();
    client.answers.createSession = () => Promise.reject(new Error('no server'));
    const failing = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', url);
    desk.toggle('session');
    desk.submit();
    await failing;
    expect(desk.toast).toBe(`web1: cloned into ${home}/source, but without a session: no server`);
    client.answers.createSession = (_wanted, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
      });
    const stopped = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', url);
    desk.fill('directory', '~/other');
    desk.toggle('session');
    desk.submit();
    await vi.waitFor(() => expect(desk.store.getState().busy).toContain('starting a session'), PATIENCE);
    const stopping = cloneRepository(desk.ports, target);
    await desk.answer('x');
    await Promise.all([stopping, stopped]);
    expect(desk.toast).toBe(`web1: cloned into ${home}/other; stopped while a session was being started there`);
    expect(await files()).toEqual(['other', 'source']);
  });

  it('tells of its progress while it runs, and can be stopped by the same key', async () => {
    const { home, desk, target, files } = await aMachine();
    const done = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.fill('url', await silentUrl());
    desk.submit();
    await vi.waitFor(async () => expect((await readdir(home)).join()).toContain('.shop.ocr-'), PATIENCE);
    expect(desk.store.getState().busy).toContain('cloning on web1');
    expect(desk.modal).toBeNull();
    const second = cloneRepository(desk.ports, target);
    await desk.answer('x');
    await second;
    await done;
    expect(desk.toast).toBe('web1: cloning stopped, nothing left behind');
    await vi.waitFor(async () => expect(await files()).toEqual([]), PATIENCE);
    const third = cloneRepository(desk.ports, target);
    await desk.waitForModal('form');
    desk.cancel();
    await third;
  });
});
