import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import { aHost } from '../support/builders.ts';
import { runProgram } from '../support/fleet-program.ts';
import { createRealPool } from '../support/real-pool.ts';
import { FakeUser } from '../transport/matrix/fake-user.ts';
import { addAliases, runLimits } from '../transport/matrix/matrix-client.ts';
import { convertKey, KEY_TYPES, makeBaseKey, makeOpensslEd25519, ODDITIES, PASSPHRASE } from './key-files.ts';
import { keyRows, oddRows, opensslRows } from './key-rows.ts';
import { type RecordRow, recordRows } from './record-rows.ts';

/** Hosts asked at a time. */
const PARALLEL = 4;

let lab: Lab<'keys' | 'strange'>;

beforeAll(async () => {
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
  lab = await startLab({ keys: {}, strange: { trust: 'unknown' } });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await lab?.close();
});

/** Whether ssh got in, and by which kind of connection this program did. */
interface Outcome {
  readonly ssh: boolean;
  readonly ocr: 'ssh2' | 'openssh' | 'refused';
  readonly hint: string;
}

/** Tries an alias with the system's ssh and with this program, each as a user would who knows the passphrase, if there is one. */
async function tryBoth(alias: string, passphrase: string): Promise<Outcome> {
  const answers = passphrase === '' ? [] : ([['passphrase', passphrase]] as const);
  const options = passphrase === '' ? ['-o', 'BatchMode=yes'] : [];
  const [{ code }, ours] = await Promise.all([
    runSsh(lab, alias, 'true', { options, answers }),
    connect(alias, passphrase),
  ]);
  return { ssh: code === 0, ...ours };
}

async function connect(alias: string, passphrase: string, sshConfig = lab.sshConfig): Promise<Omit<Outcome, 'ssh'>> {
  const resolver = await createSshResolver({ configFile: sshConfig, walks: [], cacheFile: null });
  const pool = createRealPool({ resolver, configFile: sshConfig });
  const signal = new AbortController().signal;
  const host = aHost({ alias, route: await resolver.resolve(alias, signal) });
  const interaction = passphrase === '' ? null : new FakeUser([[/passphrase/i, passphrase]]);
  try {
    const transport = await pool.get(host, { signal, timeout: 20_000, interaction });
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
    const { kind, notes } = transport.connection;
    return { ocr: kind === 'openssh' ? 'openssh' : 'ssh2', hint: notes.join('\n') };
  } catch (error) {
    if (!(error instanceof Error) || !('hint' in error)) throw error;
    return { ocr: 'refused', hint: `${error.message}\n${error.hint}` };
  } finally {
    pool.close();
  }
}

describe('a private key', () => {
  /** By the names of rows. */
  const outcomes = new Map<string, Promise<Outcome>>();

  beforeAll(async () => {
    const folder = join(lab.directory, 'formats');
    await mkdir(folder);
    const authorized = await Promise.all(KEY_TYPES.map((type) => makeBaseKey(folder, type)));
    const aliases: Record<string, string[]> = {};
    const rows: [name: string, alias: string, passphrase: string][] = [];
    const pathOf = (name: string) => join(folder, name.replaceAll(' ', '_'));
    const add = async (name: string, path: string, passphrase = '') => {
      await chmod(path, 0o600);
      const alias = `row-${rows.length}`;
      aliases[alias] = [`HostName ${lab.host('keys').address}`, `IdentityFile "${path}"`, 'IdentitiesOnly yes'];
      rows.push([name, alias, passphrase]);
    };
    for (const [name, make, passphrase] of keyRows) await add(name, await make(folder), passphrase);
    for (const [name, type, format, oddity] of oddRows) {
      const text = await readFile(await convertKey(folder, type, format), 'utf8');
      await writeFile(pathOf(name), ODDITIES[oddity]!(text));
      await add(name, pathOf(name));
    }
    for (const [name, encryption] of opensslRows) {
      authorized.push(await makeOpensslEd25519(pathOf(name), encryption));
      await add(name, pathOf(name), name.endsWith('encrypted') ? PASSPHRASE : '');
    }
    await appendFile(lab.host('keys').authorizedKeys, authorized.map((line) => `${line}\n`).join(''));
    await addAliases(lab, aliases);
    const limited = pLimit(PARALLEL);
    for (const [name, alias, passphrase] of rows)
      outcomes.set(
        name,
        limited(() => tryBoth(alias, passphrase)),
      );
    await Promise.allSettled(outcomes.values());
  });

  it.each([...keyRows])('%s gets in where it does with ssh', async (name) => {
    const { ssh, ocr } = await outcomes.get(name)!;
    expect(ssh).toBe(true);
    expect(ocr).toBe(name.includes('chacha20') ? 'openssh' : 'ssh2');
  });

  it.each(opensslRows)('%s gets in, whether the installed ssh reads it or not', async (name) => {
    expect((await outcomes.get(name))?.ocr).toBe('ssh2');
  });

  it.each(oddRows)('%s is used exactly where ssh uses it', async (name) => {
    const { ssh, ocr, hint } = await outcomes.get(name)!;
    expect(ocr !== 'refused').toBe(ssh);
    if (!ssh) expect(hint).toContain(name.replaceAll(' ', '_'));
  });
});

describe('an agent', () => {
  /** As macOS lays them out: launchd's in SSH_AUTH_SOCK, those of 1Password and Secretive in folders with blanks. */
  const places = [
    ['a path with blanks', 'Library/Group Containers/agent.sock', (path: string) => `IdentityAgent "${path}"`],
    ['a variable', 'Library/Group Containers/other.sock', () => 'IdentityAgent $LAB_AGENT'],
    ['the environment', 'com.apple.launchd.x/Listeners', () => 'IdentityAgent SSH_AUTH_SOCK'],
  ] as const;

  afterEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));

  it.each(places)('at %s lets in as with ssh', async (_name, place, line) => {
    const folder = await mkdtemp(join(lab.directory, 'a-'));
    const path = join(folder, place);
    await mkdir(dirname(path), { recursive: true });
    await symlink((await lab.agent('plain')).socket, path);
    vi.stubEnv('SSH_AUTH_SOCK', path).stubEnv('LAB_AGENT', path);
    const config = join(folder, 'config');
    const { address, port } = lab.host('keys');
    const own = ['Host it', `HostName ${address}`, `Port ${port}`, `User ${lab.user}`, 'IdentityFile none', line(path)];
    await writeFile(config, [...own, `UserKnownHostsFile ${lab.knownHosts}`, ''].join('\n'));
    const environment = { SSH_AUTH_SOCK: path, LAB_AGENT: path };
    expect((await runSsh({ ...lab, sshConfig: config }, 'it', 'true', { environment })).code).toBe(0);
    expect((await connect('it', '', config)).ocr).toBe('ssh2');
  });
});

describe('known hosts', () => {
  it.each(recordRows.map((row) => [row.name, row] as const))('%s: as with ssh', async (_name, row) => {
    const [theirs, ours] = await Promise.all([prepareRecord(row), prepareRecord(row)]);
    const options = ['-o', 'BatchMode=yes'];
    const { code } = await runSsh({ ...lab, sshConfig: theirs.config }, 'it', 'true', { options });
    const { ocr } = await connect('it', '', ours.config);
    expect(ocr === 'refused').toBe(code !== 0);
    expect(await readRecords(ours.folder)).toEqual(await readRecords(theirs.folder));
  });
});

/** Writes the files of a row and an ssh config whose host `it` uses them. */
async function prepareRecord({ lines, files = {} }: RecordRow): Promise<{ folder: string; config: string }> {
  const { address, port, publicKeys } = lab.host('strange');
  const lineOf = (publicKey = '') => `[${address}]:${port} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`;
  const texts = { KNOWN: lineOf(publicKeys[0]), OTHER: lineOf(lab.key('other').publicKey) };
  const folder = await mkdtemp(join(lab.directory, 'records-'));
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), texts[content]);
  const config = join(folder, 'config');
  const own = ['Host it', ...lines(folder), `HostName ${address}`, `Port ${port}`, `User ${lab.user}`];
  const rest = [`IdentityFile ${lab.key('plain').path}`, 'GlobalKnownHostsFile /dev/null', ''];
  await writeFile(config, [...own, ...rest].join('\n'));
  return { folder, config };
}

async function readRecords(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((file) => file !== 'config').sort();
  return Promise.all(names.map(async (file) => `${file}: ${await readFile(join(folder, file), 'utf8')}`));
}

describe('the ssh config', () => {
  it('lists hosts of Match lines and of hosts.include, and warns on stderr of an alias that is not listed', async () => {
    const folder = await mkdtemp(join(lab.directory, 'match-'));
    const address = `  HostName ${lab.host('keys').address}`;
    const config = join(folder, 'config');
    const blocks = [
      'Host local\n  HostName 127.0.0.1',
      `Match originalhost by-original\n${address}`,
      `Match host by-host\n${address}`,
      `Host given*\n${address}`,
      `Match all\n  IdentityFile ${lab.key('plain').path}\n`,
    ];
    const everywhere = (await readFile(lab.sshConfig, 'utf8')).replace(/[\s\S]*(?=^Host \*$)/m, '');
    await writeFile(config, `${blocks.join('\n')}${everywhere}`);
    const settings = join(folder, 'remote-tui.yaml');
    await writeFile(settings, 'hosts:\n  include: ["by-*", given-literally]\n');
    const parameters = ['--ssh-config', config, '--config', settings, 'hosts', '--json'];
    const { stdout, stderr } = await runProgram(parameters, lab.environment);
    const hosts = JSON.parse(stdout) as { name: string; status: string }[];
    expect(hosts.map(({ name }) => name)).toEqual(['local', 'by-original', 'by-host', 'given-literally']);
    expect(hosts.slice(1).map(({ status }) => status)).toEqual(['no-opencode', 'no-opencode', 'no-opencode']);
    expect(stderr).toContain(`${config} line 1: the host local is not listed`);
  });
});
