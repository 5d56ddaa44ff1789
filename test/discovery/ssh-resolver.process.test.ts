import { access, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { walkSshConfig } from '../../src/discovery/ssh-config-walk.ts';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { hasSsh } from './corpus/ask-ssh.ts';

const signal = new AbortController().signal;

/** A resolver of a config with this text; `again` makes another one, as the next run would. */
async function makeResolver(config: string, timeout = 20_000) {
  const folder = await makeTempDir();
  const configFile = join(folder, 'config');
  const cacheFile = join(folder, 'cache', 'routes.json');
  await writeFile(configFile, config);
  const again = async () =>
    createSshResolver({ configFile, walks: [await walkSshConfig(configFile, folder)], cacheFile, timeout });
  return { folder, configFile, cacheFile, again, resolver: await again() };
}

describe.skipIf(!hasSsh)('the resolver (skipped without the program ssh)', () => {
  it('resolves a hop with the user and port that its ProxyJump names', async () => {
    const { resolver } = await makeResolver(
      'Host gate\n HostName 10.0.0.9\n User ada\n Port 22\n IdentityFile /k-%r-%p\n',
    );
    const plain = await resolver.resolveDestination({ host: 'gate', user: null, port: null }, signal);
    expect(plain).toMatchObject({ kind: 'ssh', options: { hostname: '10.0.0.9', user: 'ada', port: 22 } });
    const named = await resolver.resolveDestination({ host: 'gate', user: 'eve', port: 2222 }, signal);
    expect(named).toMatchObject({ options: { user: 'eve', port: 2222, identityFiles: ['/k-eve-2222'] } });
    const unlisted = await resolver.resolveDestination({ host: 'other', user: null, port: null }, signal);
    expect(unlisted).toMatchObject({ options: { hostname: 'other', port: 22 } });
  });

  it('remembers hops for the run, and does not keep them', async () => {
    const { resolver, configFile, cacheFile } = await makeResolver('Host gate\n Port 22\n');
    const hop = { host: 'gate', user: null, port: null };
    const first = await resolver.resolveDestination(hop, signal);
    await writeFile(configFile, 'Host gate\n Port 33\n');
    expect(await resolver.resolveDestination(hop, signal)).toBe(first);
    await resolver.save();
    await expect(access(cacheFile)).rejects.toThrow();
  });

  it('never takes a name for an option', async () => {
    const { folder, resolver } = await makeResolver('Host a\n');
    const host = `-oProxyCommand=touch ${join(folder, 'made')}`;
    await resolver.resolveDestination({ host, user: null, port: null }, signal);
    await resolver.resolve(host, signal);
    await resolver.resolveDestination({ host: 'a', user: host, port: null }, signal);
    expect(await resolver.resolve('-V', signal)).not.toMatchObject({ reason: expect.stringContaining('OpenSSH') });
    await expect(access(join(folder, 'made'))).rejects.toThrow();
  });

  it('says in the words of ssh why a configuration is refused', async () => {
    const { resolver } = await makeResolver('Host a\n NoSuchThing 1\n');
    const route = await resolver.resolve('a', signal);
    expect(route).toMatchObject({
      kind: 'unresolved',
      reason: expect.stringContaining('line 2: Bad configuration option'),
    });
  });

  it.each([
    ['a changed file', async ({ configFile }: { configFile: string }) => utimes(configFile, 1, 1)],
    ['another value of a variable that it mentions', async () => void vi.stubEnv('OCR_AGENT', '/b')],
    [
      'another ssh',
      async ({ folder }: { folder: string }) => {
        await mkdir(join(folder, 'bin'));
        await writeFile(join(folder, 'bin', 'ssh'), '');
        vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
      },
    ],
  ])('asks again after %s', async (_name, change) => {
    vi.stubEnv('OCR_AGENT', '/a');
    const made = await makeResolver(`Host a\n IdentityAgent \${OCR_AGENT}\n`);
    await made.resolver.resolve('a', signal);
    await made.resolver.save();
    expect((await made.again()).cached('a')).toMatchObject({ options: { identityAgent: '/a' } });
    await change(made);
    expect((await made.again()).cached('a')).toBeNull();
    vi.unstubAllEnvs();
  });

  it('keeps nothing of a configuration whose answers may change', async () => {
    const { resolver, cacheFile } = await makeResolver('Match exec "test -f there"\n Port 3\nHost a\n');
    expect(resolver.volatile).toBe(true);
    expect(await resolver.resolve('a', signal)).toMatchObject({ kind: 'ssh', options: { port: 22 } });
    expect(resolver.cached('a')).toBeNull();
    await resolver.save();
    await expect(access(cacheFile)).rejects.toThrow();
  });

  it('leaves a host to ssh when a command of Match exec does not end, and ends the command', async () => {
    const folder = await makeTempDir();
    const pidFile = join(folder, 'pid');
    const { resolver } = await makeResolver(
      `Match exec "echo $$ > ${pidFile}; sleep 600; true"\n Port 3\nHost a\n`,
      300,
    );
    const route = await resolver.resolve('a', signal);
    expect(route).toMatchObject({ kind: 'by-name', reason: expect.stringContaining('more than 0.3 s') });
    const pid = Number(await readFile(pidFile, 'utf8'));
    // It is gone once its new parent has collected it, which may take a while.
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 15_000 });
  });

  it('stops at once when it is told to', async () => {
    const { resolver } = await makeResolver('Match exec "sleep 600"\n Port 3\nHost a\n');
    const stop = new AbortController();
    const hop = { host: 'a', user: null, port: null };
    const asked = [resolver.resolve('a', stop.signal), resolver.resolveDestination(hop, stop.signal)];
    setTimeout(() => stop.abort(), 50);
    for (const route of await Promise.all(asked)) expect(route).toMatchObject({ kind: 'unresolved' });
    expect(await resolver.resolve('a', stop.signal)).toMatchObject({ kind: 'unresolved' });
  });

  it('serves others when the one who asked first gives up', async () => {
    const { resolver } = await makeResolver('Host a b\n');
    const stop = new AbortController();
    const asked = [resolver.resolve('a', stop.signal), resolver.resolve('b', signal)];
    stop.abort();
    expect((await Promise.all(asked)).map(({ kind }) => kind)).toEqual(['unresolved', 'ssh']);
  });
});

describe('without the program ssh', () => {
  it('no host is resolved, and the reason says what to do', async () => {
    const { resolver } = await makeResolver('Host a\n');
    vi.stubEnv('PATH', '/nonexistent');
    const route = await resolver.resolve('a', signal);
    vi.unstubAllEnvs();
    expect(route).toEqual({ kind: 'unresolved', reason: 'the program ssh was not found; install OpenSSH' });
  });
});
