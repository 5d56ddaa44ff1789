import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { quoteArgument } from '../../../src/lib/shell-quote.ts';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { forwardedTargets } from '../../ssh-lab/sshd-log.ts';
import { type Answer, FakeUser } from './fake-user.ts';
import {
  addAliases,
  createClient,
  failureOf,
  followLog,
  forBothKinds,
  KINDS,
  type MatrixClient,
  PATIENCE,
  runLimits,
} from './matrix-client.ts';

const can = findLabCapabilities();
const both = forBothKinds([[]]);

const plans = {
  hop: {},
  inner: { behind: 'hop' },
  'second-hop': { behind: 'hop' },
  deep: { behind: 'second-hop' },
  'guarded-hop': { access: 'password' },
  guarded: { behind: 'guarded-hop', access: 'password' },
  'shut-hop': { sshd: ['AllowTcpForwarding no'] },
  shut: { behind: 'shut-hop' },
  certified: { behind: 'hop', access: 'certificate' },
} as const;

let lab: Lab<keyof typeof plans>;

beforeAll(async () => {
  lab = await startLab(plans);
  const { user } = lab;
  const { address: inner, port } = lab.host('inner');
  const { address: hop } = lab.host('hop');
  const identity = `IdentityFile ${lab.key('plain').path}`;
  const way = [`HostName ${inner}`, identity];
  // Python is what the lab itself cannot do without.
  const netcat = join(import.meta.dirname, 'netcat.py');
  const many = Array.from({ length: 12 }, (_, index) => [`inner-${index}`, [...way, 'ProxyJump hop']] as const);
  await addAliases(lab, {
    'by-address': [...way, `ProxyJump ${user}@${hop}:${port}`],
    'by-uri': [...way, `ProxyJump ssh://${user}@${hop}:${port}`],
    'two-in-one': [`HostName ${lab.host('deep').address}`, identity, 'ProxyJump hop,second-hop'],
    nowhere: [...way, 'ProxyJump nowhere.invalid'],
    circle: [...way, 'ProxyJump circle'],
    'closed-port': [...way, 'Port 1', 'ProxyJump hop'],
    'by-command': [...way, `ProxyCommand ssh -F ${lab.sshConfig} -W [%h]:%p -l %r hop`],
    'by-netcat': [`HostName ${hop}`, identity, `ProxyCommand python3 ${quoteArgument(netcat)} %h %p`],
    failing: [...way, `ProxyCommand sh -c 'echo the way is blocked >&2; exit 3'`],
    mute: [...way, 'ProxyCommand true'],
    hostile: [`HostName x;touch$IFS'${lab.directory}/harm'`, identity, 'ProxyCommand echo %h'],
    ...Object.fromEntries(many),
    // The name of a hop that is given by its address.
    [hop]: [identity],
  });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

const connectionsIn = (log: string) => [...log.matchAll(/Connection from /g)].length;

describe('a host is reached', () => {
  const ways = [
    ['behind a hop', 'inner', ['hop']],
    ['behind two', 'deep', ['hop', 'second-hop']],
    ['by a chain that names both', 'two-in-one', ['hop', 'second-hop']],
    ['by user@host:port', 'by-address', ['hop']],
    ['by ssh://', 'by-uri', ['hop']],
    ['by a command of ssh', 'by-command', ['hop']],
  ] as const;

  it.each(forBothKinds(ways))('by %s %s', async (kind, _, alias, hops) => {
    const logs = await Promise.all(hops.map((hop) => followLog(lab.host(hop))));
    expect(await (await createClient(lab, kind)).echo(alias)).toBe('in\n');
    for (const log of logs) expect(forwardedTargets(await log.read())).toHaveLength(1);
  });

  it.each(both)('by %s by a command that knows nothing of ssh', async (kind) => {
    expect(await (await createClient(lab, kind)).echo('by-netcat')).toBe('in\n');
  });

  it.each(both)('by %s over one connection to the hop, however many are behind it', async (kind) => {
    const client = await createClient(lab, kind);
    const log = await followLog(lab.host('hop'));
    const aliases = Array.from({ length: 12 }, (_, index) => `inner-${index}`);
    await client.echo('hop');
    expect(await Promise.all(aliases.map((alias) => client.echo(alias)))).toEqual(aliases.map(() => 'in\n'));
    expect(lab.host('hop').connections()).toBe(1);
    expect(connectionsIn(await log.read())).toBe(1);
  });

  it('by ssh2 to the hop and by the system’s ssh to the host that wants a certificate', async () => {
    const client = await createClient(lab, 'auto');
    const transport = await client.connect('certified');
    expect(transport.connection).toMatchObject({ kind: 'openssh', reason: expect.stringContaining('certificate') });
    expect((await client.connect('hop')).connection.kind).toBe('ssh2');
    expect((await transport.exec('yes | head -c 1000000', runLimits())).stdout).toHaveLength(1_000_000);
    expect(lab.host('hop').connections()).toBe(1);
  });
});

describe('a host is not reached', () => {
  it('behind a hop that is stopped, and comes back with it, by both kinds', async () => {
    const clients = await Promise.all(KINDS.map((kind) => createClient(lab, kind)));
    const forEach = (check: (client: MatrixClient) => Promise<void>) => Promise.all(clients.map(check));
    const reached = async (client: MatrixClient) => {
      expect(await client.echo('deep')).toBe('in\n');
      expect(await client.echo('inner')).toBe('in\n');
    };
    await forEach(reached);
    await lab.host('hop').stop();
    await forEach(async (client) => {
      const blocked = { kind: 'blocked', by: 'hop', message: 'behind hop: connection refused' };
      const look = async () => expect(await failureOf(client.echo('deep'))).toMatchObject(blocked);
      await vi.waitFor(look, PATIENCE);
      expect(await failureOf(client.echo('inner'))).toMatchObject(blocked);
    });
    await lab.host('hop').start();
    // For so long the failure of the hop stands for all.
    await forEach((client) => vi.waitFor(() => reached(client), { timeout: 15_000, interval: 50 }));
  });

  it.each(both)('without asking the stopped hop for each who is behind it, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    const log = await followLog(lab.host('shut-hop'));
    for (const alias of ['shut', 'shut', 'shut']) await failureOf(client.connect(alias));
    expect(connectionsIn(await log.read())).toBe(1);
  });

  it.each(both)('through a hop that forbids it, and says so, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('shut'));
    // A master of the system's ssh keeps the server's reason to itself.
    const expected = { ssh2: { kind: 'blocked', by: 'shut-hop' }, openssh: { kind: 'refused' } };
    expect(failure).toMatchObject(expected[kind]);
    expect(failure.message).toMatch(kind === 'ssh2' ? /^behind shut-hop: .*forward/ : /refused.*, says shut-hop/);
  });

  it.each(both)('where the hop finds nothing that listens, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('closed-port'));
    expect(failure.kind).toBe('refused');
    expect(failure.message).toMatch(/refused.*, says hop/);
  });

  it.each(both)('through a hop whose name does not resolve, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('nowhere'));
    expect(failure).toMatchObject({ kind: 'blocked', by: 'nowhere.invalid' });
    expect(failure.message).toContain('does not resolve');
  });

  it('through itself', async () => {
    for (const kind of KINDS) {
      const failure = await failureOf((await createClient(lab, kind)).connect('circle'));
      expect(failure.message).toMatch(/circle/);
    }
  });

  it.each(both)('by a command that fails, with its words, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('failing'));
    expect(failure).toMatchObject({
      kind: 'closed',
      message: 'ProxyCommand ended (exit status 3): the way is blocked',
    });
  });

  it.each(both)('by a command that ends without a word, by %s', async (kind) => {
    expect(await failureOf((await createClient(lab, kind)).connect('mute'))).toMatchObject({ kind: 'closed' });
  });

  it.each(both)('by a name that a shell would run, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('hostile'));
    expect(failure).toMatchObject({ kind: 'protocol', message: expect.stringContaining('ProxyCommand') });
    await expect(readFile(join(lab.directory, 'harm'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe.skipIf(!can.passwords)('a hop that wants a password', () => {
  const password = (): Answer => [/password/i, lab.password, lab.password];

  it.each(both)('blocks who is behind it while no one is asked, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('guarded'));
    expect(failure).toMatchObject({ kind: 'blocked', by: 'guarded-hop' });
    expect(failure.message).toMatch(/behind guarded-hop: .*password/);
  });

  it.each(both)('is asked for first, then the host, and then nothing, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    const person = new FakeUser([password()]);
    expect(await client.echo('guarded', { interaction: person })).toBe('in\n');
    expect(person.asked.map((line) => line.split(':')[0])).toEqual(['guarded-hop', 'guarded']);
    expect(await client.echo('guarded-hop')).toBe('in\n');
    expect(lab.host('guarded-hop').connections()).toBe(1);
  });

  it.each(both)('ends it all when the user gives up, by %s', async (kind) => {
    const person = new FakeUser([[/password/i, null]]);
    const failure = await failureOf((await createClient(lab, kind)).connect('guarded', { interaction: person }));
    expect(failure).toMatchObject({ kind: 'blocked', by: 'guarded-hop' });
    expect(person.asked).toHaveLength(1);
  });
});
