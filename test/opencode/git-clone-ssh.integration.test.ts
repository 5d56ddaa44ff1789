import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { checkClone, cloneOnHost } from '../../src/opencode/git-clone.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';

const run = promisify(execFile);
const { signal } = new AbortController();
const PATIENCE = { timeout: 30_000, interval: 50 };
const NAME = `it's $(touch canary) "x"`;

describe.each(['ssh2', 'openssh'] as const)('a clone over %s', (choice) => {
  let lab: Lab;
  let home: string;
  let transport: Transport;

  beforeAll(async () => {
    lab = await startLab({ web: {} });
    home = lab.host('web').home;
    const source = join(home, 'source', NAME);
    await mkdir(source, { recursive: true });
    await run('git', ['init', '-q', '-b', 'main'], { cwd: source });
    const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    await run('git', [...author, 'commit', '-q', '--allow-empty', '-m', 'one'], { cwd: source });
    await run('chmod', ['-R', 'a+rX', home]);
    const resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
    const route = await resolver.resolve('web', signal);
    const pool = createRealPool({ choice, configFile: lab.sshConfig });
    const host = aHost({ alias: 'web', route });
    transport = await pool.get(host, { signal, timeout: 20_000, interaction: null });
  });
  afterAll(async () => {
    transport?.close();
    await lab?.close();
  });

  it('is made where it was wanted, whatever the names are', async () => {
    const request = { url: `file://${home}/source/${NAME}`, directory: `~/to/${NAME}`, depth: 1 };
    const told: string[] = [];
    expect(await checkClone(transport, request, 20_000, signal)).toBe(join(home, 'to', NAME));
    expect(await cloneOnHost(transport, request, (text) => told.push(text), signal)).toBe(join(home, 'to', NAME));
    expect(told.join('\n')).toMatch(/objects|delta/);
    expect(await readFile(join(home, 'to', NAME, '.git/HEAD'), 'utf8')).toContain('main');
    expect(await readdir(home)).not.toContain('canary');
  });

  it('leaves nothing on the host when it is given up, and when the connection is lost', async () => {
    const server = createServer(() => {});
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.close();
    });
    const url = `git://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
    const begin = async (stop = signal) => {
      const cloning = cloneOnHost(transport, { url, directory: '~/a/b/shop', depth: null }, () => {}, stop);
      cloning.catch(() => {});
      await vi.waitFor(
        async () => expect((await readdir(join(home, 'a/b'))).join()).toMatch(/^\.shop\.ocr-/),
        PATIENCE,
      );
      return { cloning };
    };
    const gone = () => vi.waitFor(async () => expect(await readdir(home)).not.toContain('a'), PATIENCE);
    const stop = new AbortController();
    const first = await begin(stop.signal);
    stop.abort();
    await expect(first.cloning).rejects.toThrow('cancelled');
    await gone();
    const second = await begin();
    transport.close();
    await expect(second.cloning).rejects.toMatchObject({ name: 'TransportError', kind: 'closed' });
    await gone();
    const { stdout } = await run('ps', ['-eo', 'args']);
    expect(stdout.split('\n').filter((line) => line.includes(url))).toEqual([]);
  });
});
