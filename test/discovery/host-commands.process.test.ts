import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../src/config/schema.ts';
import { discoverHosts } from '../../src/discovery/discover.ts';
import { HostCommands } from '../../src/discovery/host-commands.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { hasSsh } from './corpus/ask-ssh.ts';

const signal = new AbortController().signal;
const timeout = 20_000;
let folder: string;

beforeEach(async () => {
  folder = await makeTempDir("it's");
});

/** A program with a script of `sh`. */
async function program(script: string): Promise<string> {
  const path = join(folder, 'inventory');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return path;
}

const aliases = (hosts: readonly { alias: string }[]) => hosts.map(({ alias }) => alias);

describe('a command', () => {
  it('that is a list gets its arguments as they are', async () => {
    const file = await program('printf \'["%s"]\' "$#-$1"');
    const commands = [{ command: [file, '$(x)', 'a b'], timeout }];
    const runner = await HostCommands.open(null);
    // `2-$(x)` is no name, which shows that no shell has read it.
    expect(await runner.run(commands, signal)).toEqual([expect.stringContaining('"2-$(x)" is left out')]);
  });

  it('that is a text is a script of sh', async () => {
    const commands = [
      { command: 'for at in 1 2; do set -- "$@" "\\"web$at\\""; done; echo "[$1,$2]"', timeout, group: 'web' },
    ];
    const runner = await HostCommands.open(null);
    expect(await runner.run(commands, signal)).toEqual([]);
    expect(runner.hosts(commands)).toEqual([
      { alias: 'web1', label: null, group: 'web', settings: [] },
      { alias: 'web2', label: null, group: 'web', settings: [] },
    ]);
  });

  it.each([
    ['exit 3', 'exit status 3'],
    ['echo "no \u001b[31mtoken" >&2; echo "[]"; exit 1', 'exit status 1: "no token"'],
    ['kill -9 $$', 'ended by SIGKILL'],
    ['echo "Usage: x"', 'printed "Usage: x" instead of a JSON array of hosts'],
    ['true', 'printed nothing instead of a JSON array of hosts'],
    ['yes', 'printed more than 1 MB'],
    [['/no/such/program'], 'does not start: spawn /no/such/program ENOENT'],
  ])('that fails is a warning, and the others go on: %j', async (command, why) => {
    const commands = [
      { command, timeout },
      { command: 'echo "[\\"web1\\"]"', timeout },
    ];
    const runner = await HostCommands.open(null);
    const shown = typeof command === 'string' ? command.replace('\u001b[31m', '') : command.join(' ');
    expect(await runner.run(commands, signal)).toEqual([`discovery.commands: ${shown}: ${why}`]);
    expect(aliases(runner.hosts(commands))).toEqual(['web1']);
  });

  it('that takes too long is ended, with all that it started', async () => {
    const pid = join(folder, 'pid');
    const commands = [{ command: `sleep 600 & echo $! > '${pid.replaceAll("'", "'\\''")}'; wait`, timeout: 500 }];
    const runner = await HostCommands.open(null);
    expect(await runner.run(commands, signal)).toEqual([expect.stringContaining('took more than 0.5 s')]);
    const started = Number(await readFile(pid, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(started, 0)).toThrow('ESRCH'), { timeout: 15_000 });
  });

  it('that fails keeps the hosts of its last answer', async () => {
    const switched = join(folder, 'broken');
    const file = await program(`[ -e "$1" ] && exit 1; echo '["web1"]'`);
    const commands = [{ command: [file, switched], timeout }];
    const runner = await HostCommands.open(null);
    await runner.run(commands, signal);
    await writeFile(switched, '');
    expect(await runner.run(commands, signal)).toHaveLength(1);
    expect(aliases(runner.hosts(commands))).toEqual(['web1']);
  });

  it('runs once for all who ask, and never twice at a time', async () => {
    const log = join(folder, 'log');
    const file = await program(`echo start >> "$1"; sleep 0.2; echo end >> "$1"; echo '[]'`);
    const runner = await HostCommands.open(null);
    const one = [{ command: [file, log], timeout }];
    const other = [{ command: [file, log, 'again'], timeout }];
    await Promise.all([one, one, other].map((commands) => runner.run(commands, signal)));
    expect(await readFile(log, 'utf8')).toBe('start\nend\nstart\nend\n');
  });

  it('is ended when nobody waits for it any more', async () => {
    const stop = new AbortController();
    const runner = await HostCommands.open(null);
    const running = runner.run([{ command: 'sleep 600', timeout: 600_000 }], stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(running).rejects.toThrow('abort');
  });
});

it('the answers are there in the next run, for that user alone', async () => {
  const path = join(folder, 'cache', 'given-hosts.json');
  const commands = [{ command: `echo '[{"alias": "web1", "port": 22}]'`, timeout }];
  await (await HostCommands.open(path)).run(commands, signal);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await HostCommands.open(path)).hosts(commands)).toMatchObject([{ alias: 'web1', settings: ['Port=22'] }]);
  await writeFile(path, '{"version": 1, "answers": {"x": [{}]}}');
  expect((await HostCommands.open(path)).hosts(commands)).toEqual([]);
});

describe.skipIf(!hasSsh)('hosts from commands (skipped without the program ssh)', () => {
  async function discover(config: string, printed: unknown, hosts = {}) {
    await mkdir(join(folder, '.ssh'));
    const sshConfigFile = join(folder, '.ssh', 'config');
    await writeFile(sshConfigFile, config);
    await writeFile(join(folder, 'list.json'), JSON.stringify(printed));
    const commands = [{ command: ['cat', join(folder, 'list.json')], timeout }];
    const settings = {
      ...defaultConfig,
      hosts: { ...defaultConfig.hosts, local: false, ...hosts },
      discovery: { commands },
    };
    const sources = { sshConfigFile, sshConfigGiven: true, home: folder, routeCacheFile: join(folder, 'routes.json') };
    const open = () => discoverHosts(settings.hosts, sources, commands);
    const discovery = await open();
    return { discovery, settings, open, found: await discovery.again(settings, () => undefined, signal) };
  }

  it('are resolved by ssh with what the command gave, on top of the ssh config', async () => {
    const { discovery, found } = await discover('Host *\n User ada\n IdentityFile /k\n Port 7\n', [
      { alias: 'web1', hostname: '10.0.0.1', port: 2222, identity_file: '~/own key', proxy_jump: 'gate' },
      'web2',
    ]);
    expect(aliases(found.hosts)).toEqual(['web1', 'web2']);
    expect(await discovery.resolver.resolve('web1', signal)).toMatchObject({
      kind: 'ssh',
      options: {
        ...{ hostname: '10.0.0.1', user: 'ada', port: 2222, proxyJump: 'gate' },
        identityFiles: [expect.stringMatching(/\/own key$/), '/k'],
        given: ['HostName=10.0.0.1', 'Port=2222', 'IdentityFile="~/own key"', 'ProxyJump=gate'],
      },
    });
    const plain = await discovery.resolver.resolve('web2', signal);
    expect(plain).toMatchObject({ kind: 'ssh', options: { hostname: 'web2', port: 7 } });
    expect(plain).not.toHaveProperty('options.given');
    // As a hop, it is the same host.
    const hop = await discovery.resolver.resolveDestination({ host: 'web1', user: 'eve', port: null }, signal);
    expect(hop).toMatchObject({ options: { hostname: '10.0.0.1', user: 'eve', port: 2222 } });
  });

  it('that the ssh config lists keep its options, and get group and label', async () => {
    const { discovery, found } = await discover('Host web1\n HostName 10.9.9.9\n', [
      { alias: 'web1', hostname: '10.0.0.1', group: 'web', label: 'Web' },
    ]);
    expect(found.hosts).toMatchObject([{ alias: 'web1', label: 'Web', group: 'web' }]);
    expect(await discovery.resolver.resolve('web1', signal)).toMatchObject({ options: { hostname: '10.9.9.9' } });
  });

  it('are filtered and named as the configuration says', async () => {
    const hosts = { ignore: ['db*'], groups: { mine: ['web1'] }, overrides: { web2: { label: 'Two' } } };
    const printed = [{ alias: 'web1', group: 'x' }, { alias: 'web2', group: 'x', label: 'y' }, 'db1'];
    const { found } = await discover('', printed, hosts);
    expect(found.hosts.map(({ alias, label, group }) => [alias, label, group])).toEqual([
      ['web1', 'web1', 'mine'],
      ['web2', 'Two', 'x'],
    ]);
  });

  it('are there at once in the next run, with their routes, unless the command gives others', async () => {
    const { discovery, settings, open } = await discover('', [{ alias: 'web1', port: 22 }]);
    await discovery.resolver.resolve('web1', signal);
    await discovery.resolver.save();
    const next = await open();
    expect(next.hosts).toMatchObject([{ alias: 'web1', route: { kind: 'ssh', options: { given: ['Port=22'] } } }]);
    await writeFile(join(folder, 'list.json'), '[{"alias": "web1", "port": 23}]');
    const known = (alias: string) => next.hosts.find((host) => host.alias === alias);
    const found = await next.again(settings, known, signal);
    expect(found.hosts).toMatchObject([{ route: { kind: 'unresolved', reason: null } }]);
  });

  it('keep a route that was learned meanwhile', async () => {
    const { discovery, settings, found } = await discover('Match exec true\n Port 3\n', ['web1']);
    const route = await discovery.resolver.resolve('web1', signal);
    const known = () => ({ ...found.hosts[0]!, route });
    expect((await discovery.again(settings, known, signal)).hosts).toMatchObject([{ route }]);
  });
});
