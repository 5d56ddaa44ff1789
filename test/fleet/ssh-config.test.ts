import { expect, test } from 'vitest';
import { parseOpensshVersion } from './requirements.ts';
import { formatSshConfig } from './ssh-config.ts';
import { formatSshdConfig } from './sshd-config.ts';

const sshd = {
  address: '127.0.1.10',
  port: 2222,
  hostKey: '/f/host_key',
  authorizedKeys: '/f/id.pub',
  passwordOnly: false,
  environment: { HOME: '/f/a "b"', PATH: '/f/bin' },
  opensshVersion: 9.02,
};

test('an sshd gets all variables on the one SetEnv line that it honours, quoted', () => {
  const lines = formatSshdConfig(sshd).split('\n');
  expect(lines.filter((line) => line.startsWith('SetEnv'))).toEqual([
    String.raw`SetEnv "HOME=/f/a \"b\"" "PATH=/f/bin"`,
  ]);
});

test('a password host takes no keys, and penalties are named only where sshd knows them', () => {
  const text = formatSshdConfig({ ...sshd, passwordOnly: true, opensshVersion: 9.09 });
  expect(text).toContain('PubkeyAuthentication no\nPasswordAuthentication yes\n');
  expect(text).toContain('PerSourcePenalties no');
  expect(formatSshdConfig(sshd)).not.toContain('PerSourcePenalties');
});

test('the client configuration has its Include first and the shared options last, without a ConnectTimeout', () => {
  const hosts = [{ alias: 'alpha', address: '127.0.1.10' }];
  const plan = {
    port: 2222,
    user: 'me',
    identityFile: '/f/id',
    knownHosts: '/f/known_hosts',
    hosts,
    include: '/f/more',
  };
  const text = formatSshConfig(plan);
  const blocks = text.split('\n').filter((line) => /^\S/.test(line));
  expect(blocks).toEqual(['Include "/f/more"', 'Host alpha', 'Host fleet-*', 'Host *']);
  expect(text).not.toContain('ConnectTimeout');
});

test('versions of OpenSSH compare as numbers', () => {
  expect(parseOpensshVersion('OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19')).toBe(9.02);
  expect(parseOpensshVersion('OpenSSH_10.0p2')).toBeGreaterThan(parseOpensshVersion('OpenSSH_9.12p1'));
  expect(parseOpensshVersion('dropbear')).toBe(0);
});
