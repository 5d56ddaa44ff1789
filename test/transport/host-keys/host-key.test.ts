import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HostKeyPolicy, SshOptions } from '../../../src/domain/host.ts';
import { type HostKeyJudgement, loadHostKeyCheck } from '../../../src/transport/host-keys/host-key.ts';
import { KEY_TYPES } from '../../../src/transport/host-keys/host-key-algorithms.ts';
import { fingerprintOf } from '../../../src/transport/host-keys/host-key-blob.ts';
import { hashName } from '../../../src/transport/host-keys/known-hosts.ts';
import { sshOptions } from '../../support/builders.ts';
import { DEFAULT_HOST_KEY_ALGORITHMS, makeHostKey } from '../../support/host-keys.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const KEY = makeHostKey();
const OTHER = makeHostKey();
const RSA = makeHostKey('ssh-rsa');
const ECDSA = makeHostKey('ecdsa-sha2-nistp256');
const POLICIES: readonly HostKeyPolicy[] = ['yes', 'ask', 'accept-new', 'no'];

/** The check of `web1`, whose known_hosts holds that. */
async function checkWith(text: string, changes: Partial<SshOptions> = {}) {
  const file = join(await makeTempDir(), 'known_hosts');
  await writeFile(file, text);
  const options = sshOptions({
    hostname: 'web1',
    userKnownHostsFiles: [file],
    algorithms: { ...sshOptions().algorithms, hostKeys: DEFAULT_HOST_KEY_ALGORITHMS },
    ...changes,
  });
  return { file, check: await loadHostKeyCheck(options, 'alias') };
}

async function judgeWith(text: string, changes: Partial<SshOptions> = {}, key = KEY) {
  const { file, check } = await checkWith(text, changes);
  return { file, judgement: check.judge(key.blob) };
}

/** The verdict of each policy, in the order of POLICIES, on KEY. */
async function judgeByPolicies(text: string, changes: Partial<SshOptions> = {}): Promise<string[]> {
  const judgements = POLICIES.map(
    async (hostKeyPolicy) => (await judgeWith(text, { ...changes, hostKeyPolicy })).judgement,
  );
  return (await Promise.all(judgements)).map(({ kind }) => kind);
}

function errorOf(judgement: HostKeyJudgement) {
  if (judgement.kind !== 'refused' && judgement.kind !== 'ask') throw new Error(`it is ${judgement.kind}`);
  return judgement.error;
}

function algorithmsOf(hostKeys: readonly string[]): Partial<SshOptions> {
  return { algorithms: { ...sshOptions().algorithms, hostKeys } };
}

describe('the algorithms that are offered', () => {
  it('are those of the configuration that ssh2 has, in its order, without certificates', async () => {
    const { check } = await checkWith('');
    expect(check.algorithms).toEqual([
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
      'rsa-sha2-512',
      'rsa-sha2-256',
    ]);
    const own = await checkWith('', algorithmsOf(['rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']));
    expect(own.check.algorithms).toEqual(['rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']);
  });

  it('have those of the types on record first', async () => {
    const { check } = await checkWith(`web1 ${RSA.text}\nweb2 ${ECDSA.text}\n@revoked web1 ${ECDSA.text}\n`);
    expect(check.algorithms).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
  });

  it('heed the record without the port only where there is none with it', async () => {
    const first = async (text: string) => (await checkWith(text, { port: 2222 })).check.algorithms[0];
    expect(await first(`web1 ${RSA.text}\n`)).toBe('rsa-sha2-512');
    expect(await first(`web1 ${RSA.text}\n[web1]:2222 ${ECDSA.text}\n`)).toBe('ecdsa-sha2-nistp256');
  });

  it('are none where ssh2 has none that is allowed', async () => {
    const { check } = await checkWith(
      '',
      algorithmsOf(['ssh-ed25519-cert-v01@openssh.com', 'sk-ssh-ed25519@openssh.com']),
    );
    expect(check.algorithms).toEqual([]);
  });

  it('are known for all that ssh2 supports', () => {
    const constants = createRequire(import.meta.url)('ssh2/lib/protocol/constants.js');
    const { SUPPORTED_SERVER_HOST_KEY } = z.object({ SUPPORTED_SERVER_HOST_KEY: z.array(z.string()) }).parse(constants);
    expect(Object.keys(KEY_TYPES).sort()).toEqual(SUPPORTED_SERVER_HOST_KEY.sort());
  });
});

describe('a host key', () => {
  it('that is on record is trusted by every policy', async () => {
    expect(await judgeByPolicies(`web1 ${OTHER.text}\nweb1 ${KEY.text}\n`)).toEqual(POLICIES.map(() => 'trusted'));
  });

  it('that is on no record is refused, asked about or added, as the policy says', async () => {
    expect(await judgeByPolicies(`web2 ${KEY.text}\n`)).toEqual(['refused', 'ask', 'add', 'add']);
  });

  it.each([
    ['of the type', OTHER],
    ['of another type', RSA],
  ])('that is not the one on record, %s, is refused but by the policy no', async (_name, other) => {
    expect(await judgeByPolicies(`web1 ${other.text}\n`)).toEqual(['refused', 'refused', 'refused', 'trusted-changed']);
  });

  it('that is revoked is refused by every policy, and so is one of which only the name without the port is known', async () => {
    const refused = POLICIES.map(() => 'refused');
    expect(await judgeByPolicies(`web1 ${KEY.text}\n@revoked * ${KEY.text}\n`)).toEqual(refused);
    const port = 2222;
    expect(await judgeByPolicies(`@revoked web1 ${KEY.text}\n`, { port })).toEqual(refused);
    const trusted = POLICIES.map(() => 'trusted');
    expect(await judgeByPolicies(`@revoked web1 ${KEY.text}\n[web1]:2222 ${KEY.text}\n`, { port })).toEqual(trusted);
  });

  it('that is malformed is refused', async () => {
    const { check } = await checkWith('', { hostKeyPolicy: 'no' });
    for (const key of [Buffer.alloc(0), Buffer.from('key'), KEY.blob.subarray(1), KEY.blob.subarray(0, -1)]) {
      expect(check.judge(key)).toMatchObject({ kind: 'refused', error: { kind: 'protocol' } });
    }
  });

  it('that is an RSA key of too few bits is refused, on record or not', async () => {
    const rsa = makeHostKey('ssh-rsa');
    const judged = async (requiredRsaSize: number) => {
      const { check } = await checkWith(`web1 ${rsa.text}\n`, { requiredRsaSize });
      return check.judge(rsa.blob);
    };
    expect((await judged(2048)).kind).toBe('trusted');
    expect(await judged(8192)).toMatchObject({ kind: 'refused', error: { message: expect.stringContaining('8192') } });
  });

  it('counts when it is on record without the port, unless another is on record with it', async () => {
    const port = 2222;
    const { file, judgement } = await judgeWith(`web1 ${KEY.text}\n`, { port });
    expect(judgement).toEqual({ kind: 'trusted', note: `its host key is on record without the port, in ${file}:1` });
    expect((await judgeWith(`web1 ${OTHER.text}\n`, { port })).judgement.kind).toBe('ask');
    const text = `web1 ${KEY.text}\n[web1]:2222 ${OTHER.text}\n`;
    expect((await judgeWith(text, { port })).judgement.kind).toBe('refused');
  });

  it('is looked for under its alias alone, whatever the port', async () => {
    const options = { hostKeyAlias: 'Farm', port: 2222 };
    expect((await judgeWith(`farm ${KEY.text}\n`, options)).judgement.kind).toBe('trusted');
    expect((await judgeWith(`web1,[web1]:2222,[farm]:2222 ${KEY.text}\n`, options)).judgement.kind).toBe('ask');
  });

  it('is looked for in the global files too', async () => {
    const { file } = await checkWith(`web1 ${KEY.text}\n`);
    const { judgement } = await judgeWith('', { globalKnownHostsFiles: [file] });
    expect(judgement.kind).toBe('trusted');
  });
});

describe('what is told of a key', () => {
  const shown = `ssh-ed25519 ${fingerprintOf(KEY.blob)}`;

  it('that is unknown: the fingerprint, and how it gets on record', async () => {
    const { file, judgement } = await judgeWith('');
    const error = errorOf(judgement);
    expect(error).toMatchObject({ kind: 'host-key-unknown', message: `it shows ${shown}` });
    expect(error.hint).toBe(
      `The host shows ${shown}.\nCompare it with the host's own; then authenticate here, or connect once with ssh, to record it in ${file}.`,
    );
  });

  it('that is unknown where ssh is strict: the command that records it', async () => {
    const { file, judgement } = await judgeWith('', { hostKeyPolicy: 'yes' });
    expect(errorOf(judgement).hint).toContain(`echo 'web1 ${KEY.text}' >> '${file}'`);
    const nowhere = await judgeWith('', { hostKeyPolicy: 'yes', userKnownHostsFiles: [] });
    expect(errorOf(nowhere.judgement).hint).toContain('UserKnownHostsFile names no file');
  });

  it('that differs: file and line, and the command that forgets the old one', async () => {
    const { file, judgement } = await judgeWith(`# mine\n[web1]:2222 ${OTHER.text}\n`, { port: 2222 });
    const error = errorOf(judgement);
    expect(error).toMatchObject({ kind: 'host-key-changed', message: `not the one in ${file}:2` });
    expect(error.hint).toContain(`The host shows ${shown}, which differs from ${file}:2.`);
    expect(error.hint).toContain(`ssh-keygen -R '[web1]:2222' -f '${file}'`);
  });

  it('that differs where ssh does not mind: file and line', async () => {
    const { file, judgement } = await judgeWith(`web1 ${OTHER.text}\n`, { hostKeyPolicy: 'no' });
    expect(judgement).toEqual({
      kind: 'trusted-changed',
      note: `its host key ${shown} is not the one in ${file}:1, and StrictHostKeyChecking is no`,
    });
  });

  it('that is revoked: file and line', async () => {
    const { file, judgement } = await judgeWith(`@revoked * ${KEY.text}\n`);
    expect(errorOf(judgement)).toMatchObject({ kind: 'host-key-changed', message: `revoked by ${file}:1` });
  });
});

describe('the question about an unknown key', () => {
  it('shows the key, and the other names under which it is on record', async () => {
    const lines = ['build1,10.0.0.1', hashName('build2'), 'build3', 'build4', 'build5', 'build6'];
    const text = `web2 ${OTHER.text}\n@revoked web3 ${OTHER.text}\n${lines.map((hosts) => `${hosts} ${KEY.text}\n`).join('')}`;
    const { file, judgement } = await judgeWith(text, { port: 2222 });
    expect(judgement).toMatchObject({
      kind: 'ask',
      question: {
        kind: 'host-key',
        host: 'alias',
        name: '[web1]:2222',
        keyType: 'ssh-ed25519',
        fingerprint: fingerprintOf(KEY.blob),
        randomart: expect.arrayContaining(['+--[ED25519 256]--+', '+----[SHA256]-----+']),
        knownAs: [
          `build1,10.0.0.1 (${file}:3)`,
          `(hashed name) (${file}:4)`,
          `build3 (${file}:5)`,
          `build4 (${file}:6)`,
          `build5 (${file}:7)`,
        ],
        file,
      },
    });
  });

  it('has the key recorded in the first file, after which it is trusted', async () => {
    const second = (await checkWith('')).file;
    const { file } = await checkWith('');
    for (const [hostname, hashKnownHosts] of [
      ['web1', false],
      ['web2', true],
    ] as const) {
      const changes = { hostname, hashKnownHosts, userKnownHostsFiles: [file, second] };
      const { judgement } = await judgeWith('', changes);
      if (judgement.kind !== 'ask') throw new Error(`it is ${judgement.kind}`);
      await judgement.record();
      expect((await judgeWith('', changes)).judgement).toEqual({ kind: 'trusted', note: null });
    }
    expect(await readFile(file, 'utf8')).toMatch(/^web1 ssh-ed25519 \S+\n\|1\|\S+ ssh-ed25519 \S+\n$/);
    expect(await readFile(second, 'utf8')).toBe('');
  });

  it('has nothing recorded where there is no file, or /dev/null', async () => {
    for (const userKnownHostsFiles of [[], ['/dev/null']]) {
      const { check } = await checkWith('', { userKnownHostsFiles, hostKeyPolicy: 'no' });
      expect(check.keepsRecord).toBe(false);
      const judgement = check.judge(KEY.blob);
      if (judgement.kind !== 'add') throw new Error(`it is ${judgement.kind}`);
      expect(judgement.question.file).toBe('/dev/null');
      await judgement.record();
    }
    expect((await checkWith('')).check.keepsRecord).toBe(true);
  });
});

describe('a certificate authority', () => {
  const authority = `@cert-authority web* ${OTHER.text}\n`;

  it('is named while no key of the host is on record', async () => {
    const { file, check } = await checkWith(authority);
    expect(check.certificateAuthority).toMatchObject({ file, line: 1 });
    expect((await checkWith(authority, { port: 2222 })).check.certificateAuthority).toMatchObject({ line: 1 });
    expect((await checkWith(`@cert-authority db* ${OTHER.text}\n`)).check.certificateAuthority).toBeNull();
    expect((await checkWith(`${authority}web1 ${RSA.text}\n`)).check.certificateAuthority).toBeNull();
    expect((await checkWith(`${authority}web2 ${RSA.text}\n`)).check.certificateAuthority).not.toBeNull();
  });

  it('is of no account where the configuration allows no certificates', async () => {
    const { check } = await checkWith(authority, algorithmsOf(['ssh-ed25519']));
    expect(check.certificateAuthority).toBeNull();
  });
});
