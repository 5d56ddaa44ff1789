import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { addAliases, createClient, failureOf, followLog, KINDS, runLimits } from './matrix-client.ts';

const run = promisify(execFile);

const plans = {
  plain: {},
  certificate: { access: 'certificate' },
  authority: { trust: 'cert-authority' },
  'umac-server': { sshd: ['MACs umac-128-etm@openssh.com,umac-64@openssh.com', 'Ciphers aes128-ctr,aes256-ctr'] },
  'sntrup-server': { sshd: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] },
  refused: { access: 'refused', sshd: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] },
} as const;

let lab: Lab<keyof typeof plans>;

beforeAll(async () => {
  lab = await startLab(plans);
  const { address } = lab.host('plain');
  const certified = lab.key('certified').path;
  // A key without its certificate beside it.
  const alone = join(lab.directory, 'keys', 'alone');
  await copyFile(certified, alone);
  const identity = `IdentityFile ${lab.key('plain').path}`;
  const way = [`HostName ${address}`, identity];
  const toCertificate = `HostName ${lab.host('certificate').address}`;
  await addAliases(lab, {
    'certificate-file': [toCertificate, `IdentityFile ${alone}`, `CertificateFile ${certified}-cert.pub`],
    'certificate-without': [toCertificate, `IdentityFile ${alone}`],
    'umac-client': [...way, 'MACs umac-128-etm@openssh.com', 'Ciphers aes128-ctr'],
    'sntrup-client': [...way, 'KexAlgorithms sntrup761x25519-sha512@openssh.com'],
    'authority-client': [
      ...[`HostName ${lab.host('authority').address}`, identity],
      'HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com',
    ],
    pkcs11: [...way, 'PKCS11Provider /nonexistent/provider.so'],
    'security-key': [...way, 'SecurityKeyProvider /nonexistent/provider.so'],
    fdpass: [...way, 'CheckHostIP yes'],
    'known-hosts-command': [...way, 'KnownHostsCommand /bin/true'],
    legacy: [...way, 'Ciphers aes256-cbc,aes128-ctr', 'KexAlgorithms diffie-hellman-group14-sha256', 'MACs hmac-sha1'],
  });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

describe('the system’s ssh is chosen by itself, and says why:', () => {
  const rows = [
    ['a certificate beside the key', 'certificate', /certificate .*certified-cert\.pub/],
    ['CertificateFile', 'certificate-file', /CertificateFile/],
    ['an authority for the host', 'authority', /certificate .*known_hosts:\d+/],
    ['a host key algorithm of certificates', 'authority-client', /certificate|HostKeyAlgorithms/],
    ['a client’s MACs that ssh2 has none of', 'umac-client', /MACs umac-128-etm/],
    ['a client’s KexAlgorithms that ssh2 has none of', 'sntrup-client', /KexAlgorithms sntrup761/],
    ['a server’s MACs that ssh2 has none of', 'umac-server', /no matching/],
    ['a server’s key exchange that ssh2 does not have', 'sntrup-server', /no matching key exchange/],
    ['PKCS11Provider', 'pkcs11', /PKCS11Provider/],
    ['SecurityKeyProvider', 'security-key', /SecurityKeyProvider/],
    ['CheckHostIP', 'fdpass', /CheckHostIP/],
    ['KnownHostsCommand', 'known-hosts-command', /KnownHostsCommand/],
  ] as const;

  it.each(rows)('%s', async (_, alias, reason) => {
    const client = await createClient(lab, 'auto');
    const transport = await client.connect(alias);
    expect(transport.connection).toMatchObject({ kind: 'openssh', reason: expect.stringMatching(reason) });
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
  });

  it.each(rows)('%s, and without it the reason is the error', async (_, alias, reason) => {
    const failure = await failureOf((await createClient(lab, 'ssh2')).connect(alias));
    expect(failure.kind).toBe('protocol');
    expect(failure.message).toMatch(reason);
  });

  it('once for a server that ssh2 has nothing in common with', async () => {
    const client = await createClient(lab, 'auto');
    await client.connect('sntrup-server');
    client.pool.drop('sntrup-server');
    const log = await followLog(lab.host('sntrup-server'));
    await client.connect('sntrup-server');
    expect(await log.read()).not.toContain('Unable to negotiate');
  });

  it('even where that is not let in either', async () => {
    const client = await createClient(lab, 'auto');
    expect(await failureOf(client.connect('refused'))).toMatchObject({ kind: 'auth' });
    const log = await followLog(lab.host('refused'));
    expect(await failureOf(client.connect('refused'))).toMatchObject({ kind: 'auth' });
    expect(await log.untilEnd()).not.toContain('Unable to negotiate');
  });
});

describe('a ControlMaster of the user', () => {
  /** Starts a master, which ends with the test. */
  async function startMaster(alias: string, path: string): Promise<void> {
    const common = ['-F', lab.sshConfig, '-o', `ControlPath=${path}`];
    await run('ssh', [...common, '-fN', '-o', 'ControlMaster=yes', '-E', '/dev/null', alias]);
    onTestFinished(async () => void (await run('ssh', [...common, '-O', 'exit', alias])));
  }

  it.each([
    ['where the configuration says', 'controlled', undefined],
    ['where the commands that were shown leave it', 'plain', 'shown'],
  ])('%s is used, and stays', async (_, alias, shown) => {
    const path = join(lab.directory, shown ?? 'master');
    const way = [`HostName ${lab.host('plain').address}`, `IdentityFile ${lab.key('plain').path}`];
    await addAliases(lab, { controlled: [...way, `ControlPath ${lab.directory}/master`] });
    await startMaster(alias, path);
    const client = await createClient(lab, 'auto', shown === undefined ? {} : { masterPathOf: () => path });
    const transport = await client.connect(alias);
    expect(transport.connection).toMatchObject({ kind: 'openssh', reason: expect.stringContaining(path) });
    expect(await client.echo(alias)).toBe('in\n');
    expect(lab.host('plain').connections()).toBe(1);
    client.pool.close();
    await run('ssh', ['-F', 'none', '-O', 'check', '-o', `ControlPath=${path}`, alias]);
    expect(lab.host('plain').connections()).toBe(1);
  });

  it('is not used by ssh2', async () => {
    const path = join(lab.directory, 'unused');
    await startMaster('plain', path);
    const client = await createClient(lab, 'ssh2', { masterPathOf: () => path });
    const { connection } = await client.connect('plain');
    expect(connection).toEqual({ kind: 'ssh2', reason: null, notes: [], warning: null });
  });

  it('that is dead does not matter', async () => {
    const client = await createClient(lab, 'auto', { masterPathOf: () => lab.sshConfig });
    expect((await client.connect('plain')).connection.kind).toBe('ssh2');
  });
});

describe('what the configuration of ocr says goes', () => {
  it.each(KINDS)('before all else: %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('plain');
    expect(transport.connection.kind).toBe(kind);
    expect(transport.connection.reason === null).toBe(kind === 'ssh2');
  });

  it.each(['auto', ...KINDS] as const)('with old algorithms that both have: %s', async (kind) => {
    const client = await createClient(lab, kind);
    expect(await client.echo('legacy').catch((error: unknown) => String(error))).toBe('in\n');
    expect((await client.connect('legacy')).connection.kind).toBe(kind === 'openssh' ? 'openssh' : 'ssh2');
  });

  it('with a key that wants its certificate: not let in', async () => {
    for (const kind of KINDS) {
      const failure = await failureOf((await createClient(lab, kind)).connect('certificate-without'));
      expect(failure.kind).toBe('auth');
    }
  });
});
