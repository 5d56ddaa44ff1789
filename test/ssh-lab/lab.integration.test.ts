import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFleetProcesses } from '../fleet/processes.ts';
import { findProgram } from '../fleet/requirements.ts';
import { findLabCapabilities } from './capabilities.ts';
import { type Lab, startLab } from './lab.ts';
import { runSsh, type SshOptions } from './openssh.ts';
import type { LabHostPlan } from './plan.ts';
import { authenticationAttempted, connectionEnd, forwardedTargets } from './sshd-log.ts';

const can = findLabCapabilities();
const shells = ['bash', 'dash', 'fish', 'tcsh', 'zsh'].map((name) => [name, findProgram(name)] as const);

const jumps = {
  hop: {},
  inner: { behind: 'hop', trust: 'hashed' },
  innermost: { behind: 'inner', access: 'password' },
} as const satisfies Record<string, LabHostPlan>;

const limits = {
  banner: { banner: 'NOTICE\n'.repeat(2000) },
  forced: { sshd: ['ForceCommand echo forced'] },
  one: { sshd: ['MaxSessions 1'] },
  impatient: { sshd: ['LoginGraceTime 1'] },
  full: { sshd: ['MaxStartups 1'] },
  strict: { sshd: ['Ciphers aes256-gcm@openssh.com', 'KexAlgorithms curve25519-sha256'] },
  closed: { sshd: ['AllowTcpForwarding no'] },
  accepting: { sshd: ['AcceptEnv LAB_*'], client: ['SendEnv LAB_*'] },
  matching: { sshd: ['MaxAuthTries 5', 'Match User *', 'ForceCommand echo matched'] },
  noisy: { home: { '.bashrc': 'echo noise\n', '.config/some': 'text' } },
  menu: { shell: '#!/bin/sh\necho "1) shell 2) logout $*"\n' },
} as const satisfies Record<string, LabHostPlan>;

const shellHosts: Record<string, LabHostPlan> = Object.fromEntries(
  shells.flatMap(([name, path]) => (path ? [[`shell-${name}`, { shell: path }]] : [])),
);

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ plain: {}, ...jumps, ...limits, ...shellHosts });
});
afterAll(() => lab?.close());

const ssh = (alias: string, options: SshOptions & { readonly command?: string } = {}) =>
  runSsh(lab, alias, options.command ?? 'echo there', options);
const batch = ['-o', 'BatchMode=yes'];
const password = () => [['assword:', lab.password]] as const;

describe('a host behind another', () => {
  it('is reached through it, and its log says so', async () => {
    expect(await ssh('inner', { options: batch })).toMatchObject({ code: 0, stdout: 'there\n' });
    const { address, port } = lab.host('inner');
    expect(forwardedTargets(await lab.host('hop').log())).toContain(`${address}:${port}`);
  });

  it.skipIf(!can.behind)('is reached through two, and nowhere else', async () => {
    expect(await ssh('innermost', { answers: password() })).toMatchObject({ code: 0, prompts: [expect.any(String)] });
    expect(await connects('inner')).toBe(false);
    expect(await connects('innermost')).toBe(false);
    expect(await ssh('inner', { options: ['-J', 'plain', ...batch] })).toMatchObject({ code: 255 });
    expect(lab.host('hop').publicKeys).not.toEqual(lab.host('inner').publicKeys);
  });

  it('is not reached while its hop is stopped, but again after its start', async () => {
    await lab.host('hop').stop();
    const { code, stderr } = await ssh('inner', { options: batch });
    expect({ code, stderr }).toMatchObject({ code: 255, stderr: expect.stringContaining('Connection refused') });
    await lab.host('hop').start();
    expect(await ssh('inner', { options: batch })).toMatchObject({ code: 0 });
  });

  it('is not reached through a host that forwards nothing', async () => {
    const result = await ssh('plain', { options: ['-J', 'closed', ...batch] });
    expect(result).toMatchObject({ code: 255, stderr: expect.stringContaining('administratively prohibited') });
  });

  it('does not take a refused hop for a login', async () => {
    const options = ['-o', 'UserKnownHostsFile=/dev/null', ...batch];
    const direct = [...options, '-F', '/dev/null', '-p', String(lab.host('inner').port)];
    const before = (await lab.host('hop').log()).length;
    expect((await ssh(lab.host('hop').address, { options: direct })).code).toBe(255);
    await expect.poll(async () => (await lab.host('hop').log()).slice(before)).toMatch(connectionEnd);
    expect(authenticationAttempted((await lab.host('hop').log()).slice(before))).toBe(false);
  });
});

describe('a server that limits', () => {
  it('sends a banner of any size', async () => {
    const { stdout, stderr } = await ssh('banner', { options: batch });
    expect(stdout).toBe('there\n');
    expect(stderr.match(/NOTICE/g)).toHaveLength(2000);
  });

  it('runs its own command, also in a Match block', async () => {
    expect((await ssh('forced')).stdout).toBe('forced\n');
    expect((await ssh('matching')).stdout).toBe('matched\n');
  });

  it('takes one session of a connection', async () => {
    const path = `${lab.directory}/mux`;
    const shared = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${path}`, '-o', 'ControlPersist=30', ...batch];
    const first = ssh('one', { options: shared, command: 'sleep 20', timeout: 15_000 });
    await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
    const second = await ssh('one', { options: shared, environment: {} });
    expect(second.stderr).toMatch(/Session open refused|open failed/);
    await lab.host('one').stop();
    expect((await first).code).not.toBe(0);
    await lab.host('one').start();
  });

  it('ends a login that takes too long', async () => {
    expect(await lingers('impatient')).toBe(false);
  });

  it('turns away another client while another logs in', async () => {
    const socket = connect(lab.host('full').port, lab.host('full').address);
    await new Promise((resolve) => socket.once('data', resolve));
    expect(await ssh('full', { options: batch })).toMatchObject({ code: 255 });
    socket.destroy();
  });

  it('restricts algorithms', async () => {
    expect((await ssh('strict')).code).toBe(0);
    const result = await ssh('strict', { options: ['-c', 'aes128-ctr'] });
    expect(result).toMatchObject({ code: 255, stderr: expect.stringContaining('no matching cipher') });
  });

  it('accepts variables', async () => {
    const environment = { LAB_WORD: 'given' };
    expect((await ssh('accepting', { environment, command: 'echo $LAB_WORD' })).stdout).toBe('given\n');
    expect((await ssh('plain', { environment, command: 'echo $LAB_WORD' })).stdout).toBe('\n');
  });
});

describe('a login', () => {
  it('has a home of its own with its own files', async () => {
    expect((await ssh('noisy', { command: 'echo $HOME' })).stdout).toMatch(`noise\n${lab.host('noisy').home}\n`);
  });

  it.skipIf(!can.shells)('meets a menu where a shell should be', async () => {
    expect((await ssh('menu', { command: 'true' })).stdout).toBe('1) shell 2) logout -c true\n');
  });

  it.skipIf(!can.shells).each(shells)('has %s as its shell', async (name, path) => {
    if (path === undefined) return;
    expect(await ssh(`shell-${name}`, { command: 'echo $SHELL' })).toMatchObject({ code: 0, stdout: `${path}\n` });
  });

  it.skipIf(!can.shells)('sees only the processes of its own machine', async () => {
    const { stdout } = await ssh('plain', { command: 'ps -A -o args=' });
    expect(stdout.match(/\[listener\]/g)).toHaveLength(1);
  });
});

describe('an sshd', () => {
  it('stops, is refused, and starts again with the same keys', async () => {
    await lab.host('plain').stop();
    expect(await ssh('plain')).toMatchObject({ code: 255, stderr: expect.stringContaining('Connection refused') });
    await lab.host('plain').start();
    expect(await ssh('plain', { options: batch })).toMatchObject({ code: 0 });
  });

  it('counts its connections, and ends them when it stops', async () => {
    const session = ssh('plain', { command: 'echo up; sleep 60', timeout: 30_000 });
    await expect.poll(() => lab.host('plain').connections()).toBe(1);
    await lab.host('plain').stop();
    expect((await session).code).toBe(255);
    expect(lab.host('plain').connections()).toBe(0);
    await lab.host('plain').start();
  });

  it.each(['plain', 'hop'])('freezes and thaws: %s', async (alias) => {
    await lab.host(alias).pause();
    expect(await connects(alias)).toBe(true);
    expect(await ssh(alias, { options: ['-o', 'ConnectTimeout=1', ...batch] })).toMatchObject({ code: 255 });
    await lab.host(alias).resume();
    expect(await ssh(alias, { options: batch })).toMatchObject({ code: 0 });
  });
});

describe('a lab', () => {
  it('starts ten hosts and leaves nothing behind', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const other = await startLab({ ...Object.fromEntries(names.map((name) => [name, {}])), j: { behind: 'a' } });
    await other.agent('plain');
    expect(findFleetProcesses(other.directory)).not.toEqual([]);
    await other.close();
    expect(findFleetProcesses(other.directory)).toEqual([]);
    expect(existsSync(other.directory)).toBe(false);
  });

  it('ends with the process that started it, and is swept away by the next', async () => {
    const program = [
      `import { startLab } from '${join(import.meta.dirname, 'lab.ts')}';`,
      `const lab = await startLab({ a: {}, b: { behind: 'a' } });`,
      `await lab.agent('plain');`,
      `console.log(lab.directory);`,
      `setInterval(() => {}, 1000);`,
    ].join('\n');
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(child.stdout, 'data');
    const directory = String(output).trim();
    expect(findFleetProcesses(directory).length).toBeGreaterThan(4);
    child.kill('SIGKILL');
    await expect.poll(() => findFleetProcesses(directory), { timeout: 10_000 }).toEqual([]);
    await (await startLab({})).close();
    expect(existsSync(directory)).toBe(false);
  });

  it('says what is wrong with a plan', async () => {
    await expect(startLab({ a: { sshd: ['Nonsense yes'] } })).rejects.toThrow(/Bad configuration option: Nonsense/);
    await expect(startLab({ a: { behind: 'b' }, b: { behind: 'a' } })).rejects.toThrow('makes a circle');
    await expect(startLab({ a: { behind: 'b' } })).rejects.toThrow('a is behind b, which is no host');
  });
});

function connects(alias: string): Promise<boolean> {
  const { address, port } = lab.host(alias);
  return new Promise((resolve) => {
    const socket = connect(port, address).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy()).once('connect', () => resolve(true));
  });
}

/** True if a silent connection is still open after some seconds. */
function lingers(alias: string): Promise<boolean> {
  const { address, port } = lab.host(alias);
  return new Promise((resolve) => {
    const socket = connect(port, address).resume().setTimeout(8000);
    socket.once('timeout', () => socket.destroy()).once('timeout', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
}
