import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from './capabilities.ts';
import { type Lab, startLab } from './lab.ts';
import { runSsh, type SshOptions } from './openssh.ts';
import type { LabHostPlan } from './plan.ts';
import { authenticationAttempted, connectionEnd } from './sshd-log.ts';

const can = findLabCapabilities();

const access = {
  plain: {},
  password: { access: 'password' },
  keyboard: { access: 'keyboard-interactive' },
  prompts: { access: 'two-prompts' },
  both: { access: 'key-and-password' },
  code: { access: 'key-and-code' },
  certificate: { access: 'certificate' },
  open: { access: 'none' },
  refused: { access: 'refused' },
  third: { authorized: ['third'], sshd: ['MaxAuthTries 3'] },
} as const satisfies Record<string, LabHostPlan>;

const trust = {
  hashed: { trust: 'hashed' },
  unknown: { trust: 'unknown' },
  changed: { trust: 'changed', hostKeys: ['ecdsa', 'ed25519'] },
  revoked: { trust: 'revoked' },
  authority: { trust: 'cert-authority' },
  rsa: { hostKeys: ['rsa', 'ed25519'], trustedKeys: ['rsa'], client: ['HostKeyAlgorithms rsa-sha2-512'] },
} as const satisfies Record<string, LabHostPlan>;

let lab: Lab;
const real = { passwd: '', shadow: '', pam: '' };

async function readAccounts(): Promise<typeof real> {
  const [passwd = '', shadow = '', pam = ''] = await Promise.all(
    ['/etc/passwd', '/etc/shadow', '/etc/pam.d/sshd'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return { passwd, shadow, pam };
}

beforeAll(async () => {
  Object.assign(real, await readAccounts());
  lab = await startLab({ ...access, ...trust });
});
afterAll(() => lab?.close());

const ssh = (alias: string, options: SshOptions = {}) => runSsh(lab, alias, 'echo there', options);
const batch = ['-o', 'BatchMode=yes'];
const password = () => [['assword:', lab.password]] as const;
const passwordAndCode = () => [...password(), ['code:', lab.code()] as const];

describe('access', () => {
  it('by a key, without a question', async () => {
    expect(await ssh('plain')).toMatchObject({ code: 0, stdout: 'there\n', prompts: [] });
    expect(authenticationAttempted(await lab.host('plain').log())).toBe(true);
  });

  it('by a key with a passphrase', async () => {
    const { path, passphrase } = lab.key('encrypted');
    const options = ['-o', 'IdentitiesOnly=yes', '-o', 'IdentityFile=none', '-i', path];
    const answers = [['passphrase', passphrase]] as const;
    const only = ['-F', '/dev/null', ...clientOptions('plain'), ...options];
    const result = await ssh(lab.host('plain').address, { options: only, answers });
    expect(result).toMatchObject({ code: 0, prompts: [expect.stringContaining('Enter passphrase for')] });
    expect((await ssh(lab.host('plain').address, { options: only })).code).toBe(255);
  });

  it('not by a key that no one authorized', async () => {
    const only = ['-F', '/dev/null', ...clientOptions('plain'), ...batch, '-i', lab.key('other').path];
    expect(await ssh(lab.host('plain').address, { options: only })).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Permission denied (publickey)'),
    });
  });

  it('to nobody', async () => {
    expect(await ssh('refused')).toMatchObject({ code: 255, stderr: expect.stringMatching(/denied \(publickey\)/) });
  });

  it.skipIf(!can.passwords)('by the password alone', async () => {
    expect(await ssh('password', { answers: password() })).toMatchObject({
      ...{ code: 0, stdout: 'there\n' },
      prompts: [expect.stringMatching(/'s password: $/)],
    });
    const wrong = await ssh('password', { answers: [['assword', 'wrong']] });
    expect(wrong).toMatchObject({ code: 255, stderr: expect.stringContaining('Permission denied (password)') });
    expect(wrong.prompts).toHaveLength(3);
  });

  it.skipIf(!can.passwords)('by the password as PAM asks for it', async () => {
    const result = await ssh('keyboard', { answers: password() });
    expect(result).toMatchObject({ code: 0, prompts: [expect.stringMatching(/\) Password: $/)] });
  });

  it.skipIf(!can.codes)('by two prompts, as often as one likes', async () => {
    const prompts = [expect.stringMatching(/Password: $/), expect.stringMatching(/Verification code: $/)];
    expect(await ssh('prompts', { answers: passwordAndCode() })).toMatchObject({ code: 0, prompts });
    expect(await ssh('prompts', { answers: passwordAndCode() })).toMatchObject({ code: 0, prompts });
    const wrongCode = [...password(), ['code:', '000000']] as const;
    expect((await ssh('prompts', { answers: wrongCode, options: ['-o', 'NumberOfPasswordPrompts=1'] })).code).toBe(255);
    expect((await ssh('prompts', { answers: passwordAndCode().slice(1) })).code).toBe(255);
  });

  it.skipIf(!can.passwords)('by a key and the password', async () => {
    expect(await ssh('both', { answers: password() })).toMatchObject({ code: 0, prompts: [expect.any(String)] });
    expect(await ssh('both', { options: batch })).toMatchObject({ code: 255 });
    expect(await lab.host('both').log()).toContain('Partial publickey');
  });

  it.skipIf(!can.codes)('by a key and a code', async () => {
    const result = await ssh('code', { answers: passwordAndCode() });
    expect(result).toMatchObject({ code: 0, prompts: [expect.stringContaining('Verification code')] });
  });

  it('by a certificate, and by nothing else', async () => {
    expect(await ssh('certificate', { options: batch })).toMatchObject({ code: 0, stdout: 'there\n' });
    expect(await lab.host('certificate').log()).toContain('ED25519-CERT');
    const only = ['-F', '/dev/null', ...clientOptions('certificate'), ...batch, '-i', lab.key('plain').path];
    expect((await ssh(lab.host('certificate').address, { options: only })).code).toBe(255);
  });

  it.skipIf(!can.passwords)('to anybody', async () => {
    const options = [...batch, '-o', 'PubkeyAuthentication=no'];
    expect(await ssh('open', { options })).toMatchObject({ code: 0, stdout: 'there\n' });
    expect(await lab.host('open').log()).toContain('Accepted none');
  });

  it('by one key of many, unless too many are offered before', async () => {
    const agent = await lab.agent('other', 'plain', 'encrypted', 'third');
    const environment = { SSH_AUTH_SOCK: agent.socket };
    const options = [...batch, '-o', 'IdentityFile=none'];
    expect(await ssh('third', { environment, options })).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Too many authentication failures'),
    });
    const right = [...batch, '-o', 'IdentitiesOnly=yes', '-i', `${lab.key('third').path}.pub`];
    const only = ['-F', '/dev/null', ...clientOptions('third'), ...right];
    expect(await ssh(lab.host('third').address, { environment, options: only })).toMatchObject({ code: 0 });
    await agent.close();
    expect((await ssh(lab.host('third').address, { environment, options: only })).code).toBe(255);
  });

  it('leaves the accounts of this machine as they are', async () => {
    expect(await readAccounts()).toEqual(real);
  });
});

describe('trust', () => {
  it.each(['plain', 'hashed', 'authority', 'rsa'])('in %s', async (alias) => {
    expect(await ssh(alias, { options: batch })).toMatchObject({ code: 0, stdout: 'there\n' });
  });

  it.each([
    ['unknown', 'Host key verification failed'],
    ['changed', 'REMOTE HOST IDENTIFICATION HAS CHANGED'],
    ['revoked', 'is marked as revoked'],
  ])('not in a host whose key is %s, which no one logs in to', async (alias, message) => {
    expect(await ssh(alias, { options: batch })).toMatchObject({ code: 255, stderr: expect.stringContaining(message) });
    expect(authenticationAttempted(await lab.host(alias).waitForLog(connectionEnd))).toBe(false);
  });
});

/** The lab's configuration of a host, for a client that must read nothing else. */
function clientOptions(alias: string): string[] {
  const { port } = lab.host(alias);
  return ['-p', String(port), '-l', lab.user, '-o', `UserKnownHostsFile=${lab.knownHosts}`];
}
