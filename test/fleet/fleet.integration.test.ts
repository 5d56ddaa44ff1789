import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from './fleet.ts';
import { findFleetProcesses } from './processes.ts';

let fleet: Fleet;

// The first start on a machine installs opencode and seeds the homes.
beforeAll(async () => {
  fleet = await startFleet({
    hosts: ['alpha', 'delta', 'homebin', 'bare', 'slow', 'refused', 'silent', 'password', 'changed', 'unknown'],
  });
}, 300_000);
afterAll(() => fleet?.close());

/** The output of a command on a host, standard error included, as a user of the system's ssh gets it. */
function ssh(alias: string, command: string, timeout = 30_000): Promise<string> {
  return new Promise((resolve) => {
    const parameters = ['-F', fleet.sshConfig, '-o', 'BatchMode=yes', alias, command];
    const child = execFile('ssh', parameters, { env: fleet.environment, timeout }, (_error, output, errors) =>
      resolve(child.killed ? 'no answer' : `${output}${errors}`.trim()),
    );
    child.stdin?.end();
  });
}

test('each open host has its own home and its own programs', async () => {
  const look = 'cd / && echo "$HOME"; for tool in opencode sqlite3 python3; do command -v $tool; done';
  const { home } = fleet.host('alpha');
  const bin = home.replace(/home$/, 'bin');
  expect(await ssh('alpha', look)).toBe([home, `${bin}/opencode`, `${bin}/sqlite3`, `${bin}/python3`].join('\n'));
  expect(await ssh('bare', look)).toBe(fleet.host('bare').home);
  expect(await ssh('homebin', 'command -v opencode; ls ~/.opencode/bin')).toBe('opencode');
});

test('the real opencode lists the seeded sessions where they moved to', async () => {
  const [first] = JSON.parse(await ssh('alpha', 'cd ~/work/api && opencode session list --format json'));
  expect(first).toMatchObject({ title: 'Fix login timeout', directory: `${fleet.host('alpha').home}/work/api` });
}, 60_000);

test('the old opencode knows no db', async () => {
  expect(await ssh('delta', 'opencode db path')).toBe('Unknown command: db');
});

test('hosts that must not be entered are not', async () => {
  expect(await ssh('refused', 'true')).toContain('Connection refused');
  expect(await ssh('password', 'true')).toContain('Permission denied (password)');
  expect(await ssh('changed', 'true')).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
  expect(await ssh('unknown', 'true')).toBe('Host key verification failed.');
  expect(await ssh('silent', 'true', 1000)).toBe('no answer');
});

test('one host can be stopped, started, paused and resumed alone', async () => {
  await fleet.stop('bare');
  expect(await ssh('bare', 'echo in')).toContain('Connection refused');
  await fleet.start('bare');
  expect(await ssh('bare', 'echo in')).toBe('in');
  await fleet.pause('bare');
  expect(await ssh('bare', 'echo in', 1000)).toBe('no answer');
  expect(await ssh('alpha', 'echo in')).toBe('in');
  await fleet.resume('bare');
  expect(await ssh('bare', 'echo in')).toBe('in');
  expect(await fleet.sshdLog('bare')).toContain('Accepted publickey');
});

test('closing leaves neither processes, daemons included, nor files', async () => {
  const other = await startFleet({ hosts: ['bare'] });
  const { machine } = other.host('bare');
  await machine?.start('/bin/sleep', ['1000'], { environment: { OCR_FLEET: other.directory } });
  expect(findFleetProcesses(other.directory).length).toBeGreaterThan(2);
  await other.close();
  expect(findFleetProcesses(other.directory)).toEqual([]);
  expect(existsSync(other.directory)).toBe(false);
  expect(existsSync(fleet.directory)).toBe(true);
}, 20_000);
