import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadHostKeyCheck } from '../../src/transport/host-key.ts';
import { judgeHostKey, knownHostsName, matchingEntries, parseKnownHosts } from '../../src/transport/known-hosts.ts';
import { sshOptions } from '../support/builders.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** An ed25519 public key as ssh writes it: a made-up point is as good as any. */
function makeKey(type = 'ssh-ed25519'): string {
  const field = (content: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, content.length]), content]);
  return Buffer.concat([field(Buffer.from(type)), field(randomBytes(32))]).toString('base64');
}

const KEY = makeKey();
const OTHER = makeKey();

function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** What known_hosts says of a host with KEY. */
function judge(text: string, name: string, key = KEY, keyType = 'ssh-ed25519'): string {
  return judgeHostKey(matchingEntries(parseKnownHosts(text, 'f'), name), keyType, key).kind;
}

describe('the name of a host in known_hosts', () => {
  it('has the port when it is not 22, is in lower case, and gives way to the alias of the key', () => {
    expect(knownHostsName('Web1.Example.ORG', 22, null)).toBe('web1.example.org');
    expect(knownHostsName('Web1', 2222, null)).toBe('[web1]:2222');
    expect(knownHostsName('fe80::1', 22, null)).toBe('fe80::1');
    expect(knownHostsName('web1', 2222, 'farm')).toBe('farm');
  });
});

describe('known_hosts', () => {
  it.each([
    ['a plain name', `web1 ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['one of many names', `web0,web1,10.0.0.1 ssh-ed25519 ${KEY} comment`, 'web1', 'known'],
    ['a name in upper case', `WEB1 ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['a hashed name', `${hashed('web1')} ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['a hash of another name', `${hashed('web2')} ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a hash that is damaged', `|1|x ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a name and port', `[web1]:2222 ssh-ed25519 ${KEY}`, '[web1]:2222', 'known'],
    ['a hashed name and port', `${hashed('[web1]:2222')} ssh-ed25519 ${KEY}`, '[web1]:2222', 'known'],
    ['another port', `[web1]:2222 ssh-ed25519 ${KEY}`, '[web1]:2223', 'unknown'],
    ['an IPv6 address', `fe80::1 ssh-ed25519 ${KEY}`, 'fe80::1', 'known'],
    ['an IPv6 address and port', `[fe80::1]:2222 ssh-ed25519 ${KEY}`, '[fe80::1]:2222', 'known'],
    ['a wildcard', `*.example.org ssh-ed25519 ${KEY}`, 'web1.example.org', 'known'],
    ['a wildcard of another domain', `*.example.org ssh-ed25519 ${KEY}`, 'web1.example.com', 'unknown'],
    ['a dot that is no wildcard', `web.1 ssh-ed25519 ${KEY}`, 'webx1', 'unknown'],
    ['a question mark', `web? ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['a question mark that is one letter', `web? ssh-ed25519 ${KEY}`, 'web12', 'unknown'],
    ['a negation after a wildcard', `*,!web1 ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a negation before a wildcard', `!web1,* ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a negation of another host', `*,!web2 ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['nothing but a negation', `!web2 ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['another key of the type', `web1 ssh-ed25519 ${OTHER}`, 'web1', 'changed'],
    ['another type of key', `web1 ssh-rsa ${OTHER}`, 'web1', 'unknown'],
    ['two keys of the type', `web1 ssh-ed25519 ${OTHER}\nweb1 ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['a key that is revoked', `@revoked web1 ssh-ed25519 ${KEY}`, 'web1', 'revoked'],
    ['a key that is revoked for all', `web1 ssh-ed25519 ${KEY}\n@revoked * ssh-ed25519 ${KEY}`, 'web1', 'revoked'],
    ['another key that is revoked', `@revoked * ssh-ed25519 ${OTHER}\nweb1 ssh-ed25519 ${KEY}`, 'web1', 'known'],
    ['a revoked key alone', `@revoked web1 ssh-ed25519 ${OTHER}`, 'web1', 'unknown'],
    [
      'a certificate authority, which is no key of a host',
      `@cert-authority web1 ssh-ed25519 ${KEY}`,
      'web1',
      'unknown',
    ],
    ['a marker that nobody knows', `@trusted web1 ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a comment', `# web1 ssh-ed25519 ${KEY}`, 'web1', 'unknown'],
    ['a line cut short', 'web1 ssh-ed25519', 'web1', 'unknown'],
    ['blanks, tabs and the line ends of Windows', ` \t web1\tssh-ed25519  ${KEY}\r\n`, 'web1', 'known'],
    ['nothing', '', 'web1', 'unknown'],
  ])('with %s', (_name, text, host, expected) => {
    expect(judge(text, host)).toBe(expected);
  });

  it('names file and line of the entry that differs', () => {
    const entries = parseKnownHosts(`# first\n\nweb1 ssh-ed25519 ${OTHER}\n`, '/home/ada/known_hosts');
    expect(judgeHostKey(entries, 'ssh-ed25519', KEY)).toMatchObject({
      kind: 'changed',
      entry: { file: '/home/ada/known_hosts', line: 3 },
    });
  });
});

describe.skipIf(!isInstalled('ssh-keygen'))('compared with ssh-keygen', () => {
  const NAMES = ['web1', 'web2', 'web1.example.org', '10.0.0.1', '[web1]:2222', 'fe80::1', '[fe80::1]:2222'];
  const LINES = [
    `web1,10.0.0.1 ssh-ed25519 ${makeKey()}`,
    `[web1]:2222 ssh-ed25519 ${makeKey()}`,
    `*.example.org,!bad.example.org ssh-ed25519 ${makeKey()}`,
    `fe80::1,[fe80::1]:2222 ssh-ed25519 ${makeKey()}`,
    `${hashed('web2')} ssh-ed25519 ${makeKey()}`,
  ];
  const found = (file: string, name: string): number[] => {
    try {
      const output = execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8', stdio: 'pipe' });
      return [...output.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
    } catch {
      return [];
    }
  };

  it('finds the same lines', async () => {
    const file = join(await makeTempDir(), 'known_hosts');
    await writeFile(file, `${LINES.join('\n')}\n`);
    const entries = parseKnownHosts(await readFile(file, 'utf8'), file);
    for (const name of [...NAMES, 'bad.example.org', 'web3']) {
      const ours = matchingEntries(entries, name).map(({ line }) => line);
      expect(ours, name).toEqual(found(file, name));
    }
  });

  it('reads names that ssh-keygen hashed', async () => {
    const file = join(await makeTempDir(), 'known_hosts');
    const plain = LINES.slice(0, 2).concat(LINES[3]!);
    await writeFile(file, `${plain.join('\n')}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('web1');
    const entries = parseKnownHosts(text, file);
    for (const name of ['web1', '10.0.0.1', '[web1]:2222', 'fe80::1', '[fe80::1]:2222']) {
      expect(matchingEntries(entries, name), name).toHaveLength(1);
    }
    expect(matchingEntries(entries, 'web2')).toEqual([]);
  });

  it('shows the same fingerprint, and what to do', async () => {
    const folder = await makeTempDir();
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    const [, key = ''] = (await readFile(join(folder, 'key.pub'), 'utf8')).split(' ');
    const fingerprint = execFileSync('ssh-keygen', ['-lf', join(folder, 'key.pub')], { encoding: 'utf8' }).split(
      ' ',
    )[1];
    const file = join(folder, 'known_hosts');
    const options = sshOptions({ hostname: 'web1', userKnownHostsFiles: [join(folder, 'none'), file] });

    const unknown = (await loadHostKeyCheck(options)).judge(Buffer.from(key, 'base64'));
    expect(unknown).toMatchObject({ kind: 'host-key-unknown', message: `it shows ssh-ed25519 ${fingerprint}` });

    await writeFile(file, `web1 ssh-ed25519 ${OTHER}\n`);
    const changed = (await loadHostKeyCheck(options)).judge(Buffer.from(key, 'base64'));
    expect(changed).toMatchObject({ kind: 'host-key-changed', message: `not the one in ${file}:1` });
    expect(changed?.hint).toContain(`ssh-keygen -R 'web1' -f ${file}`);
  });
});

describe('the check of a host key', () => {
  it('asks first for the type of key that is on record', async () => {
    const file = join(await makeTempDir(), 'known_hosts');
    await writeFile(file, `web1 ssh-rsa ${OTHER}\nweb2 ecdsa-sha2-nistp256 ${OTHER}\n`);
    const algorithms = async (hostname: string) =>
      (await loadHostKeyCheck(sshOptions({ hostname, userKnownHostsFiles: [file] }))).algorithms;
    expect((await algorithms('web1'))[0]).toBe('rsa-sha2-512');
    expect((await algorithms('web2'))[0]).toBe('ecdsa-sha2-nistp256');
    expect((await algorithms('web3'))[0]).toBe('ssh-ed25519');
    expect(await algorithms('web3')).toHaveLength((await algorithms('web1')).length);
  });

  it('looks in the global files too', async () => {
    const file = join(await makeTempDir(), 'ssh_known_hosts');
    await writeFile(file, `web1 ssh-ed25519 ${KEY}\n`);
    const check = await loadHostKeyCheck(sshOptions({ hostname: 'web1', globalKnownHostsFiles: [file] }));
    expect(check.judge(Buffer.from(KEY, 'base64'))).toBeNull();
  });
});
