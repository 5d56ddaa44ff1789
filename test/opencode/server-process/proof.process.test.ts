import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kernelAddresses } from '../../../src/opencode/server-process/kernel-address.ts';
import { parseListeners } from '../../../src/opencode/server-process/listening-address.ts';
import { type ProvenProcess, proofScript } from '../../../src/opencode/server-process/proof-script.ts';
import { isInstalled } from '../../support/programs.ts';

const SHELLS = ['sh', 'dash', 'bash', 'ksh', 'mksh', 'yash', 'busybox'].filter(isInstalled);

describe('the addresses of sockets that take a connection', () => {
  it.each([
    ['127.0.0.1', '0100007F'],
    ['192.168.1.7', '0701A8C0'],
    ['::1', '00000000000000000000000001000000'],
    ['fe80:0:0:0:5054:ff:fee4:6cab', '000080FE00000000FF005450AB6CE4FE'],
    ['fe80::5054:ff:fee4:6cab', '000080FE00000000FF005450AB6CE4FE'],
  ])('to %s are read back as it', (hostname, kernel) => {
    expect(kernelAddresses(hostname).exact[0]).toBe(kernel);
    const [listener] = parseListeners(`1=${kernel}:1000`);
    expect(kernelAddresses(listener?.hostname ?? '').exact[0]).toBe(kernel);
  });

  it.each(['localhost', '1.2.3', '256.1.1.1', '::1::', '1:2', 'g::1', '', "'; id; '"])(
    'are none for %j',
    (hostname) => {
      expect(kernelAddresses(hostname)).toEqual({ exact: [], any: [] });
    },
  );
});

const startOf = (pid: number) => /^.*\) (?:\S+ ){19}(\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
const lsofStartOf = (pid: number) =>
  execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } })
    .toString()
    .trim()
    .split(/\s+/)
    .join('_');

const sources = [['/proc', startOf], ...(isInstalled('lsof') ? ([['lsof', lsofStartOf]] as const) : [])] as const;

async function listen(hostname: string, port = 0): Promise<Server> {
  const server = createServer().listen(port, hostname);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function open(hostname: string, port: number): Promise<Socket> {
  const socket = connect(port, hostname);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Another process that listens on a port; the first line that it reads has it close the listener and keep what it has accepted. */
async function listenElsewhere(hostname: string, port = 0): Promise<{ child: ChildProcess; port: number }> {
  const program = `
    const server = require('node:net').createServer(() => process.stdout.write('accepted '));
    server.listen(${port}, ${JSON.stringify(hostname)}, () => process.stdout.write(server.address().port + ' '));
    process.stdin.once('data', () => server.close() && setTimeout(() => process.stdout.write('closed '), 50));
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout!, 'data');
  return { child, port: Number(String(said).trim()) };
}

function prove(server: ProvenProcess, shell = 'sh'): string {
  const args = shell === 'busybox' ? ['ash', '-s'] : ['-s'];
  return execFileSync(shell, args, { input: proofScript(server), stdio: ['pipe', 'pipe', 'inherit'] })
    .toString()
    .trim();
}

describe.each(sources)('the proof by %s that a listener is a process', (_name, start) => {
  const me = { pid: process.pid, startId: start(process.pid) };

  it.each(SHELLS)('holds under %s', async (shell) => {
    const port = portOf(await listen('127.0.0.1'));
    await open('127.0.0.1', port);
    expect(prove({ ...me, hostname: '127.0.0.1', port }, shell)).toBe('@ocr proven');
    expect(prove({ ...me, startId: start(1), hostname: '127.0.0.1', port }, shell)).toMatch(
      /unproven process \d+ has ended/,
    );
  });

  it.each([
    ['127.0.0.1', '0.0.0.0'],
    ['::1', '::'],
    ['::1', '::1'],
  ])('holds for %s where it listens on %s', async (hostname, bound) => {
    const port = portOf(await listen(bound));
    await open(hostname, port);
    expect(prove({ ...me, hostname, port })).toBe('@ocr proven');
  });

  it("fails for a process that is alive and whose port is another one's", async () => {
    const { port } = await listenElsewhere('127.0.0.1');
    await open('127.0.0.1', port);
    expect(prove({ ...me, hostname: '127.0.0.1', port })).toMatch(/^@ocr unproven /);
  });

  it('fails where nothing listens, and for a process that has ended', async () => {
    const { child, port } = await listenElsewhere('127.0.0.1');
    const pid = child.pid ?? 0;
    const server = { pid, startId: start(pid), hostname: '127.0.0.1', port };
    expect(prove(server)).toBe('@ocr proven');
    expect(prove({ ...server, port: port === 1 ? 2 : 1 })).toMatch(/^@ocr unproven its process does not listen/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await listen('127.0.0.1', port);
    expect(prove(server)).toBe(`@ocr unproven process ${pid} has ended`);
  });

  it('fails where it listens on another address of that port', async () => {
    const port = portOf(await listen('127.0.0.2'));
    await listenElsewhere('127.0.0.1', port);
    await open('127.0.0.1', port);
    expect(prove({ ...me, hostname: '127.0.0.1', port })).toMatch(/^@ocr unproven /);
    expect(prove({ ...me, hostname: '127.0.0.2', port })).toBe('@ocr proven');
  });
});

describe('the proof by /proc', () => {
  it('fails for a connection that another process has accepted, though its listener is gone and the right one is back', async () => {
    const { child, port } = await listenElsewhere('127.0.0.1');
    const accepted = once(child.stdout!, 'data');
    await open('127.0.0.1', port);
    await accepted;
    const closed = once(child.stdout!, 'data');
    child.stdin?.write('\n');
    await closed;
    await listen('127.0.0.1', port);
    const server = { pid: process.pid, startId: startOf(process.pid), hostname: '127.0.0.1', port };
    expect(prove(server)).toBe('@ocr unproven another process uses that port');
  });

  it('fails where another process listens on the very address and the right one on all of IPv6', async () => {
    const { port } = await listenElsewhere('127.0.0.1');
    const six = createServer().listen({ port, host: '::', ipv6Only: true });
    onTestFinished(() => void six.close());
    await once(six, 'listening');
    const server = { pid: process.pid, startId: startOf(process.pid), port };
    expect(prove({ ...server, hostname: '127.0.0.1' })).toBe('@ocr unproven another process uses that port');
    expect(prove({ ...server, hostname: '::1' })).toBe('@ocr proven');
  });
});

it.skipIf(!isInstalled('shellcheck'))('is a script that shellcheck accepts', () => {
  for (const startId of ['123', 'Sat_Nov_28_16:00:00_2026']) {
    for (const hostname of ['127.0.0.1', '::1']) {
      const script = proofScript({ pid: 1, startId, hostname, port: 4096 });
      execFileSync('shellcheck', ['-s', 'sh', '-e', 'SC2086,SC2046,SC2193', '-'], {
        input: `#!/bin/sh\n${script}`,
        stdio: ['pipe', 'inherit', 'inherit'],
      });
    }
  }
});
