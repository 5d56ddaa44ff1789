import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { type Config, defaultConfig } from '../../src/config/schema.ts';
import { discoverHosts } from '../../src/discovery/discover.ts';
import { loadRouteCache, saveRouteCache } from '../../src/discovery/route-cache.ts';
import { walkSshConfig } from '../../src/discovery/ssh-config-walk.ts';
import type { Route } from '../../src/domain/host.ts';
import { sshOptions } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** A home folder with these files below `.ssh`. */
async function makeHome(files: Record<string, string>): Promise<string> {
  const home = await makeTempDir();
  await mkdir(join(home, '.ssh', 'conf.d'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, '.ssh', name), text);
  return home;
}

const walk = (home: string) => walkSshConfig(join(home, '.ssh', 'config'), home);

describe('the ssh config', () => {
  it('lists every alias once, in order, and no pattern, negation or option', async () => {
    const home = await makeHome({
      config: 'Host *\n  User ada\nHost web1 web2 *.dev !bad\nhost web1\nHOST = "db"\nHost web? -v\n',
    });
    expect((await walk(home)).aliases).toEqual(['web1', 'web2', 'db']);
  });

  it('includes files: relative ones from ~/.ssh, ~ and patterns in their order, inside blocks too', async () => {
    const home = await makeHome({
      config: 'Include conf.d/*.conf\nInclude ~/.ssh/more nosuch\nHost in*\n  Include inner\n',
      'conf.d/b.conf': 'Host b\n',
      'conf.d/a.conf': 'Host a\n',
      'conf.d/c.txt': 'Host c\n',
      more: 'Host more\n',
      inner: 'Host inner outer\n',
    });
    const { aliases, files, warnings } = await walk(home);
    expect(aliases).toEqual(['a', 'b', 'more', 'inner']);
    expect(files).toHaveLength(5);
    expect(warnings).toEqual([expect.stringContaining('inner line 1: outer is not listed')]);
  });

  it('reads files of Windows, with comments and tabs', async () => {
    const home = await makeHome({
      config: '# hosts\r\nHost\tweb1\r\n\tHostName 10.0.0.1\r\n\r\nHost web2 # not web3\r\n',
    });
    expect((await walk(home)).aliases).toEqual(['web1', 'web2']);
  });

  it('that includes itself ends with a warning', async () => {
    const home = await makeHome({ config: 'Host web1\nInclude config config config\n' });
    const { aliases, warnings } = await walk(home);
    expect(aliases).toEqual(['web1']);
    expect(warnings).toEqual([expect.stringContaining('levels of Include')]);
  });

  it('that is missing holds no host', async () => {
    const { aliases, files, warnings } = await walk(await makeTempDir());
    expect([aliases, files, warnings]).toEqual([[], [], []]);
  });

  it('tells the variables that it mentions and whether its answers may change', async () => {
    const home = await makeHome({
      config: `Host a\n IdentityAgent $A_1\n IdentityFile ~/\${B}/k\nMatch localnetwork 10.0.0.0/8\n`,
    });
    const { variables, hasMatchExec, asksNetwork } = await walk(home);
    expect({ variables, hasMatchExec, asksNetwork }).toEqual({
      variables: ['A_1', 'B'],
      hasMatchExec: false,
      asksNetwork: true,
    });
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be read is a warning', async () => {
    const home = await makeHome({ config: 'Host web1\n' });
    await chmod(join(home, '.ssh', 'config'), 0);
    expect((await walk(home)).warnings.join()).toContain('EACCES');
  });

  it('that is a folder is a warning', async () => {
    const home = await makeTempDir();
    await mkdir(join(home, '.ssh', 'config'), { recursive: true });
    expect((await walk(home)).warnings.join()).toContain('cannot be read');
  });
});

describe('discovery', () => {
  const sourcesIn = (home: string, routeCacheFile: string | null = null) => ({
    sshConfigFile: join(home, '.ssh', 'config'),
    sshConfigGiven: true,
    home,
    routeCacheFile,
  });
  const hosts = (changes: Partial<Config['hosts']>): Config['hosts'] => ({ ...defaultConfig.hosts, ...changes });

  it('lists this machine first and the aliases as the file has them', async () => {
    const home = await makeHome({ config: 'Host web2 web1\nHost local\n' });
    const found = await discoverHosts(defaultConfig.hosts, sourcesIn(home));
    expect(found.hosts.map(({ alias }) => alias)).toEqual(['local', 'web2', 'web1']);
    expect(found.hosts[0]?.route).toEqual({ kind: 'local' });
    expect(found.hosts[1]?.route).toEqual({ kind: 'unresolved', reason: null });
  });

  it('lists, when it is asked again, what the ssh config says by then, and keeps the routes that are known', async () => {
    const home = await makeHome({ config: 'Host web1\n' });
    const found = await discoverHosts(hosts({ local: false }), sourcesIn(home));
    await writeFile(join(home, '.ssh', 'config'), 'Host web2 web1\n');
    const [web1] = found.hosts;
    const known = (alias: string) =>
      alias === web1?.alias ? { ...web1, route: { kind: 'ssh', options: sshOptions() } as const } : undefined;
    const config = { ...defaultConfig, hosts: hosts({ local: false }) };
    const again = await found.again(config, known, new AbortController().signal);
    expect(again.hosts.map(({ alias, route }) => [alias, route.kind])).toEqual([
      ['web2', 'unresolved'],
      ['web1', 'ssh'],
    ]);
  });

  it('warns of an alias that has the name of this machine, and lists it where this machine is not', async () => {
    const home = await makeHome({ config: 'Host web1\nMatch originalhost local\n  Port 3\n' });
    const place = `${join(home, '.ssh', 'config')} line 2`;
    const { warnings } = await discoverHosts(defaultConfig.hosts, sourcesIn(home));
    expect(warnings).toEqual([expect.stringMatching(`^${place}: the host local is not listed.*hosts.local: false`)]);
    expect((await discoverHosts(hosts({ ignore: ['local'] }), sourcesIn(home))).warnings).toEqual([]);
    const without = await discoverHosts(hosts({ local: false }), sourcesIn(home));
    expect(without.warnings).toEqual([]);
    expect(without.hosts.map(({ alias, route }) => [alias, route.kind])).toEqual([
      ['web1', 'unresolved'],
      ['local', 'unresolved'],
    ]);
  });

  it('lists the names that hosts.include gives literally, with warnings for those that ssh refuses', async () => {
    const home = await makeHome({ config: 'Host web* !web9\n  User ada\nHost db1\n' });
    const include = ['web1', 'web1', 'db*', 'plain.example', 'a b', '-x', 'local', 'gone'];
    const found = await discoverHosts(hosts({ include, ignore: ['gone'], local: false }), sourcesIn(home));
    expect(found.hosts.map(({ alias }) => alias)).toEqual(['db1', 'web1', 'plain.example']);
    expect(found.warnings).toEqual([expect.stringContaining('"a b"'), expect.stringContaining('"-x"')]);
  });

  it('filters, groups, names and orders them as the configuration says', async () => {
    const home = await makeHome({ config: 'Host web1 web2 db1 backup-1 other\n' });
    const config = hosts({
      local: false,
      include: ['web*', 'db*', 'backup-*'],
      ignore: ['backup-*'],
      groups: { first: ['web1'], all: ['*'] },
      overrides: { db1: { label: 'Database', priority: 1, opencode_path: '/opt/oc' } },
    });
    const found = await discoverHosts(config, sourcesIn(home));
    expect(found.hosts.map(({ alias, label, group, priority }) => ({ alias, label, group, priority }))).toEqual([
      { alias: 'db1', label: 'Database', group: 'all', priority: 1 },
      { alias: 'web1', label: 'web1', group: 'first', priority: 1000 },
      { alias: 'web2', label: 'web2', group: 'all', priority: 1000 },
    ]);
    expect(found.hosts[0]?.opencodePath).toBe('/opt/oc');
  });

  describe('of instances', () => {
    const { instances } = parseConfig(
      'instances: {dev: {url: "http://dev:4096/", group: g}, web1: {url: "https://w"}}',
      'x',
    ).config;
    const list = (home: string, changes: Partial<Config['hosts']> = {}, servers = instances) =>
      discoverHosts(
        hosts({ local: false, ...changes }),
        { ...sourcesIn(home), placeOfInstance: (name) => `/i.json: ${name}` },
        [],
        servers,
      );

    it('lists them behind the hosts of the ssh config, named and grouped like those', async () => {
      const home = await makeHome({ config: 'Host db1\n' });
      const { hosts: found, warnings } = await list(home, { overrides: { web1: { label: 'Web', priority: 1 } } });
      expect(found.map(({ alias, label, group }) => [alias, label, group])).toEqual([
        ['web1', 'Web', null],
        ['db1', 'db1', null],
        ['dev', 'dev', 'g'],
      ]);
      expect(found.at(-1)?.route).toMatchObject({ kind: 'url', url: 'http://dev:4096' });
      expect(warnings).toEqual([]);
      expect((await list(home, { ignore: ['dev', 'web1'] })).hosts.map(({ alias }) => alias)).toEqual(['db1']);
    });

    it('one with the name of an alias is listed, and a warning names both places', async () => {
      const home = await makeHome({ config: 'Host web1\n' });
      const { hosts: found, warnings } = await list(home);
      expect(found.map(({ alias, route }) => [alias, route.kind])).toEqual([
        ['dev', 'url'],
        ['web1', 'url'],
      ]);
      const place = `${join(home, '.ssh', 'config')} line 1`;
      expect(warnings).toEqual([
        `${place}: the host web1 is not listed, since /i.json: web1 has that name: rename one of them`,
      ]);
    });

    it('one with the name of this machine takes its place, with a warning unless it runs there', async () => {
      const home = await makeHome({ config: 'Host db1\n' });
      const servers = { local: { url: 'http://localhost:4096' } };
      const found = await list(home, { local: true }, servers);
      expect(found.hosts.map(({ alias, route }) => [alias, route.kind])).toEqual([
        ['db1', 'unresolved'],
        ['local', 'url'],
      ]);
      expect(found.warnings).toEqual([]);
      const elsewhere = await list(home, { local: true }, { local: { url: 'http://dev.example.org:4096' } });
      expect(elsewhere.warnings).toEqual([expect.stringContaining('/i.json: local has the name of this machine')]);
    });

    it('follows the configuration when it is asked again', async () => {
      const home = await makeHome({ config: 'Host web1\n' });
      const found = await list(home);
      const known = (alias: string) => found.hosts.find((host) => host.alias === alias);
      const config = { ...defaultConfig, hosts: hosts({ local: false }), instances: { new: { url: 'http://n' } } };
      const again = await found.again(config, known, new AbortController().signal);
      expect(again.hosts.map(({ alias, route }) => [alias, route.kind])).toEqual([
        ['web1', 'unresolved'],
        ['new', 'url'],
      ]);
    });
  });

  it('knows the routes that an earlier run learnt from the same files only', async () => {
    const home = await makeHome({ config: 'Host web1\n' });
    const cache = join(home, 'cache', 'routes.json');
    const first = await discoverHosts(defaultConfig.hosts, sourcesIn(home, cache));
    expect(first.resolver.cached('web1')).toBeNull();
    await first.resolver.save();
    await expect(readFile(cache)).rejects.toThrow();
  });
});

describe('the cache of routes', () => {
  const routes = new Map<string, Route>([
    ['web1', { kind: 'ssh', options: sshOptions({ port: 2222, identityFiles: ['/k'] }) }],
    ['web2', { kind: 'ssh', options: sshOptions({ identityAgent: null, proxyJump: 'b' }) }],
    ['gone', { kind: 'unresolved', reason: 'no' }],
    ['slow', { kind: 'by-name', reason: 'slow' }],
  ]);

  it('gives back what was learnt, for the same files', async () => {
    const path = join(await makeTempDir(), 'routes.json');
    await saveRouteCache(path, 'one', routes);
    const loaded = await loadRouteCache(path, 'one');
    expect([...loaded.keys()]).toEqual(['web1', 'web2']);
    expect(loaded.get('web1')).toEqual(routes.get('web1'));
    expect(loaded.get('web2')).toEqual(routes.get('web2'));
    expect(await loadRouteCache(path, 'other')).toEqual(new Map());
  });

  it.each(['', 'not json', '{"version":1}', '{"version":2,"fingerprint":"one","routes":{"a":{}}}'])(
    'holds nothing when its file is %j',
    async (text) => {
      const path = join(await makeTempDir(), 'routes.json');
      await writeFile(path, text);
      expect(await loadRouteCache(path, 'one')).toEqual(new Map());
    },
  );
});
