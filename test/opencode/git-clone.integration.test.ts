import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CloneError, type CloneRequest, checkClone, cloneOnHost } from '../../src/opencode/git-clone.ts';
import { transportOf } from '../actions/fleet/delete/opencode-host.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const run = promisify(execFile);
const { signal } = new AbortController();
const PATIENCE = { timeout: 30_000, interval: 50 };

/** A machine of its own home, with a repository on it. */
async function aMachine(environment: Record<string, string> = {}) {
  const home = await realpath(await makeTempDir('ocr-clone'));
  const source = join(home, 'source');
  await mkdir(source);
  await run('git', ['init', '-q', '-b', 'main'], { cwd: source });
  await writeFile(join(source, 'README'), 'hello\n');
  await run('git', ['add', '.'], { cwd: source });
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  for (const text of ['one', 'two', 'three']) {
    await run('git', [...author, 'commit', '-q', '--allow-empty', '-m', text], { cwd: source });
  }
  const transport = transportOf({ HOME: home, PATH: process.env.PATH ?? '', SHELL: '/bin/bash', ...environment });
  onTestFinished(() => transport.close());
  const request = (changes: Partial<CloneRequest> = {}): CloneRequest => ({
    url: `file://${source}`,
    directory: '~/shop',
    depth: null,
    ...changes,
  });
  return {
    home,
    source,
    transport,
    request,
    check: (changes: Partial<CloneRequest> = {}) => checkClone(transport, request(changes), 20_000, signal),
    clone: (changes: Partial<CloneRequest> = {}, tell: (text: string) => void = () => {}, stop = signal) =>
      cloneOnHost(transport, request(changes), tell, stop),
    /** The files in the home besides the repository. */
    files: async () => (await readdir(home)).filter((name) => !['source', 'bin'].includes(name)).sort(),
  };
}

/** A server of git that accepts and says nothing. */
async function silentServer(): Promise<string> {
  const server = createTcpServer(() => {});
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `git://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
}

describe('a clone on a host', () => {
  it('is made in one step, with what git prints of its progress', async () => {
    const { home, clone, check, files } = await aMachine();
    const told: string[] = [];
    expect(await check()).toBe(join(home, 'shop'));
    expect(await clone({}, (text) => told.push(text))).toBe(join(home, 'shop'));
    expect(await readFile(join(home, 'shop/README'), 'utf8')).toBe('hello\n');
    expect(told.join('\n')).toMatch(/objects|delta/);
    expect(told.every((text) => !/[\r\n]/.test(text))).toBe(true);
    expect(await files()).toEqual(['shop']);
  });

  it('tells each step as git prints it over the one before', async () => {
    const { home, clone } = await aMachine();
    await mkdir(join(home, 'bin'));
    const steps = [`'remote: Counting\\r\\n'`, `'Receiving  50%%\\r'`, `'Receiving 100%%\\r'`, `', done.\\r\\n'`];
    const script = [
      '#!/bin/sh',
      '[ "$1" != config ] || exit 1',
      'for last; do :; done',
      'mkdir "$last"',
      ...steps.map((step) => `printf ${step} >&2; sleep 0.3`),
    ];
    await writeFile(join(home, 'bin/git'), script.join('\n'), { mode: 0o755 });
    await writeFile(join(home, '.profile'), `PATH='${home}/bin':$PATH\n`);
    const told: string[] = [];
    await clone({}, (text) => told.push(text));
    expect(told).toEqual(['remote: Counting', 'Receiving  50%', 'Receiving 100%', ', done.']);
  });

  it('has as many commits as are wanted, in a folder whose parents are made, or that is empty', async () => {
    const { home, clone } = await aMachine();
    await clone({ directory: '~/a/b/shop', depth: 1 });
    const count = await run('git', ['rev-list', '--count', 'HEAD'], { cwd: join(home, 'a/b/shop') });
    expect(count.stdout.trim()).toBe('1');
    await mkdir(join(home, 'empty'));
    expect(await clone({ directory: `${home}/empty` })).toBe(join(home, 'empty'));
    expect(await readdir(join(home, 'empty'))).toContain('README');
    expect((await readdir(home)).filter((name) => name.includes('.ocr-'))).toEqual([]);
  });

  it('replaces nothing', async () => {
    const { home, source, clone, check, files } = await aMachine();
    await writeFile(join(home, 'file'), '');
    await mkdir(join(home, 'full/inner'), { recursive: true });
    await symlink('/nowhere', join(home, 'link'));
    for (const name of ['file', 'full', 'link']) {
      await expect(check({ directory: `~/${name}` })).rejects.toThrow(`${home}/${name} exists already`);
      await expect(clone({ directory: `~/${name}` })).rejects.toThrow(`${home}/${name} exists already`);
    }
    await expect(check({ directory: `${source}/README/x/y` })).rejects.toThrow('is not a folder that you can write to');
    expect(await files()).toEqual(['file', 'full', 'link']);
  });

  it('leaves nothing when git fails, and says why', async () => {
    const { home, clone, files } = await aMachine();
    await expect(clone({ url: `file://${home}/nothing`, directory: '~/a/b/shop' })).rejects.toThrow(
      /^fatal: .*nothing.*does not/,
    );
    expect(await files()).toEqual([]);
  });

  it('says that git is missing', async () => {
    const { home, check, clone } = await aMachine();
    const bin = join(home, 'bin');
    await mkdir(bin);
    for (const name of ['sh', 'bash', 'ls', 'printf', 'setsid']) {
      const { stdout } = await run('/bin/sh', ['-c', `command -v ${name}`]);
      await symlink(stdout.trim().startsWith('/') ? stdout.trim() : `/bin/${name}`, join(bin, name));
    }
    const poor = transportOf({ HOME: home, PATH: bin });
    onTestFinished(() => poor.close());
    const request = { url: 'file:///x', directory: '~/shop', depth: null };
    await expect(checkClone(poor, request, 20_000, signal)).rejects.toThrow('git is not installed on that machine');
    await expect(cloneOnHost(poor, request, () => {}, signal)).rejects.toThrow('git is not installed on that machine');
    expect(await check()).toBe(join(home, 'shop'));
    expect(await clone()).toBe(join(home, 'shop'));
  });

  it.each(['abort', 'loss'] as const)('leaves nothing, and no process, after an %s', async (how) => {
    const { home, transport, clone, files } = await aMachine();
    const url = await silentServer();
    const stop = new AbortController();
    const cloning = clone({ url, directory: '~/a/shop' }, () => {}, stop.signal);
    cloning.catch(() => {});
    await vi.waitFor(
      async () => expect((await readdir(join(home, 'a'))).join()).toMatch(/^\.shop\.ocr-\d+$/),
      PATIENCE,
    );
    if (how === 'abort') stop.abort();
    else transport.close();
    await expect(cloning).rejects.toThrow(how === 'abort' ? 'cancelled' : 'closed');
    await vi.waitFor(async () => expect(await files()).toEqual([]), PATIENCE);
    await vi.waitFor(async () => {
      const { stdout } = await run('ps', ['-eo', 'args']);
      expect(stdout.split('\n').filter((line) => line.includes(url))).toEqual([]);
    }, PATIENCE);
  });

  it('takes away what has come when git leaves it', async () => {
    const { home, clone, files } = await aMachine();
    const bin = join(home, 'bin');
    await mkdir(bin);
    // A git that begins, leaves folders, and heeds no signal for a while.
    const script = `#!/bin/sh\n[ "$1" != config ] || exit 1\nfor last; do :; done\nmkdir -p "$last/.git/objects"; echo "fatal: it broke" >&2; exit 128\n`;
    await writeFile(join(bin, 'git'), script);
    await chmod(join(bin, 'git'), 0o755);
    await writeFile(join(home, '.profile'), `PATH='${bin}':$PATH; export PATH; echo "a profile that talks"\n`);
    await expect(clone()).rejects.toThrow('fatal: it broke');
    expect(await files()).toEqual(['.profile']);
  });

  it('cannot be asked for credentials, and says so', async () => {
    const { clone, files } = await aMachine({ SSH_ASKPASS: '/bin/echo', GIT_ASKPASS: '/bin/echo', DISPLAY: ':0' });
    const server = createServer((_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' });
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop.git`;
    const error = await clone({ url }).catch((thrown: unknown) => thrown as CloneError);
    expect(error).toMatchObject({ message: expect.stringContaining('could not read Username') });
    expect((error as CloneError).lines.join('\n')).toContain('cannot prompt here (GIT_TERMINAL_PROMPT=0)');
    expect(await files()).toEqual([]);
  });

  it('has ssh ask no one either, by the command of ssh that git is told to use', async () => {
    const { home, clone } = await aMachine();
    const ssh = join(home, 'bin', 'my-ssh');
    await mkdir(join(home, 'bin'));
    await writeFile(ssh, `#!/bin/sh\necho "$@" >'${home}/asked'\necho 'Host key verification failed.' >&2\nexit 255\n`);
    await chmod(ssh, 0o755);
    await writeFile(join(home, '.gitconfig'), `[core]\n\tsshCommand = ${ssh} -F none\n[ssh]\n\tvariant = ssh\n`);
    const error = await clone({ url: `git@example.org:-x $(id)'` }).catch((thrown: unknown) => thrown as CloneError);
    expect(error).toMatchObject({ message: expect.stringContaining('blocked') });
    const failed = await clone({ url: `git@example.org:x-$(id)'` }).catch((thrown: unknown) => thrown as CloneError);
    expect((failed as CloneError).lines.join('\n')).toContain('has no host key on record for the git server');
    const asked = await readFile(join(home, 'asked'), 'utf8');
    expect(asked).toMatch(/^-F none -o BatchMode=yes .*git@example\.org git-upload-pack 'x-\$\(id\)'\\'''/);
  });

  const hostile = [
    `it's`,
    'say "hi"',
    '$(touch canary)',
    '`touch canary`',
    '; touch canary #',
    '-rf',
    '--upload-pack=touch canary',
    'a*b?c[d]',
    'back\\slash\\n',
    '$HOME',
    'ü 😀',
    'x && touch canary',
    '!!',
  ];

  it.each(hostile)('is a clone of and into a folder called %s, and nothing else', async (name) => {
    const { home, source, clone, check } = await aMachine();
    await run('cp', ['-r', '--', source, join(home, 'source2')]);
    await run('mv', ['--', join(home, 'source2'), join(home, `from ${name}`)]);
    const request = { url: `file://${home}/from ${name}`, directory: `~/${name}` };
    expect(await check(request)).toBe(join(home, name));
    expect(await clone(request)).toBe(join(home, name));
    expect(await readFile(join(home, name, 'README'), 'utf8')).toBe('hello\n');
    for (const folder of [home, source, join(home, name), process.cwd(), '/']) {
      expect(await readdir(folder)).not.toContain('canary');
    }
  });

  it.each(['ext::touch canary', 'ext::sh -c "touch canary"', '--upload-pack=touch canary', '-u touch canary'])(
    'is refused by git as well for %s, were it ever to come so far',
    async (url) => {
      const { home, clone, files } = await aMachine({ GIT_ALLOW_PROTOCOL: '' });
      await expect(clone({ url })).rejects.toThrow(/fatal|error/);
      expect(await files()).toEqual([]);
      expect(await readdir(home)).not.toContain('canary');
      expect(await readdir(process.cwd())).not.toContain('canary');
    },
  );
});
