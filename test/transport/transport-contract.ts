import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Shell, Transport } from '../../src/transport/transport.ts';
import { listen, PATIENCE, runLimits, targetOf } from './contract-support.ts';
import { describeForward } from './forward-contract.ts';
import { describePipe } from './pipe-contract.ts';
import { describePty } from './pty-contract.ts';

export interface ContractKind {
  /** Opens a transport to a host that shares the loopback network with the tests. */
  readonly open: () => Promise<Transport>;
}

/** The contract for every kind of transport. */
export function describeTransport(name: string, kind: ContractKind): void {
  describe(`${name} keeps the contract of a transport:`, () => {
    let shared: Transport;
    beforeAll(async () => {
      shared = await kind.open();
    });
    afterAll(() => shared?.close());
    const open = async () => {
      const transport = await kind.open();
      onTestFinished(() => transport.close());
      return transport;
    };
    const isAlive = async (pid: string) => (await shared.exec(`kill -0 ${pid}`, runLimits())).code === 0;

    describeExec(() => shared);
    describeShell(() => shared, isAlive);
    describeForward(() => shared);
    describeEnd(open, isAlive);
    describePty(open, isAlive);
    describePipe(open);
  });
}

function describeExec(transport: () => Transport): void {
  describe('a command', () => {
    it('gives its output, its errors and its status', async () => {
      const result = await transport().exec('echo out; echo err >&2; exit 7', runLimits());
      expect(result).toMatchObject({ code: 7, stdout: expect.stringMatching(/out\n$/), stderr: 'err\n' });
    });

    it('may have a status that ssh has itself', async () => {
      expect((await transport().exec('exit 255', runLimits())).code).toBe(255);
    });

    it('has no status when a signal ended it', async () => {
      expect((await transport().exec('kill -9 $$', runLimits())).code).toBeNull();
    });

    it('has no input to wait for', async () => {
      expect(await transport().exec('cat', runLimits())).toMatchObject({ code: 0, stderr: '' });
    });

    it('says what ssh would take for its own words', async () => {
      const said = 'Received exit status from master 3\nHost key verification failed.\n';
      const result = await transport().exec(`printf '${said.replaceAll('\n', '\\n')}' >&2; exit 255`, runLimits());
      expect(result).toMatchObject({ code: 255, stderr: said });
    });

    it('gives much to its last byte', async () => {
      const { stdout } = await transport().exec('yes 12345678 | head -n 500000; echo end', runLimits());
      expect(stdout.length).toBeGreaterThanOrEqual(4_500_004);
      expect(stdout.endsWith('12345678\nend\n')).toBe(true);
    });

    it('gives bytes that are no text as replacement characters', async () => {
      const { stdout } = await transport().exec(`printf '\\377\\376\\000x\\033[31m'`, runLimits());
      expect(stdout.endsWith('\ufffd\ufffd\0x\u001b[31m')).toBe(true);
    });

    it('is given up when it says too much', async () => {
      await expect(transport().exec('yes', runLimits({ maxBytes: 100_000 }))).rejects.toMatchObject({
        kind: 'overflow',
      });
    });

    it('is given up when it is silent for too long', async () => {
      await expect(transport().exec('sleep 3', runLimits({ idleTimeout: 300 }))).rejects.toMatchObject({
        kind: 'timeout',
      });
    });

    it('is given up at an abort', async () => {
      const abort = new AbortController();
      const run = transport().exec('echo started; sleep 3', runLimits({ signal: abort.signal }));
      setImmediate(() => abort.abort());
      await expect(run).rejects.toMatchObject({ kind: 'aborted' });
      const late = transport().exec('true', runLimits({ signal: abort.signal }));
      await expect(late).rejects.toMatchObject({ kind: 'aborted' });
    });

    it('does not wait for others', async () => {
      const runs = [1, 2, 3, 4, 5].map((number) => transport().exec(`echo ${number}`, runLimits()));
      const lines = (await Promise.all(runs)).map(({ stdout }) => stdout.trim().split('\n').at(-1));
      expect(lines).toEqual(['1', '2', '3', '4', '5']);
    });
  });
}

function describeShell(transport: () => Transport, isAlive: (pid: string) => Promise<boolean>): void {
  describe('a shell', () => {
    const openShell = async (): Promise<Shell> => {
      const shell = await transport().shell(new AbortController().signal);
      onTestFinished(() => shell.close());
      return shell;
    };

    it('answers scripts in their order, and remembers', async () => {
      const shell = await openShell();
      const runs = ['cd /; a=1', 'pwd', 'echo "$a"; echo no >&2', 'cat', 'printf "two\\nlines"'];
      const replies = await Promise.all(runs.map((script) => shell.run(script, runLimits())));
      expect(replies.map(({ output }) => output)).toEqual(['', '/\n', '1\n', '', 'two\nlines']);
      expect(replies[1]?.latency).toBeGreaterThanOrEqual(0);
    });

    it('gives much to its last byte', async () => {
      const { output } = await (await openShell()).run('yes 12345678 | head -n 200000', runLimits());
      expect(output.length).toBe(1_800_000);
    });

    it('ends what waits when it is closed, and then itself', async () => {
      const shell = await openShell();
      const pid = (await shell.run('echo $$', runLimits())).output.trim();
      const runs = [shell.run('sleep 1', runLimits()), shell.run('echo next', runLimits())];
      shell.close();
      expect(shell.closed).toBe(true);
      for (const run of runs) await expect(run).rejects.toMatchObject({ kind: 'closed' });
      await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), PATIENCE);
    });

    it('is closed once it ended by itself', async () => {
      const shell = await openShell();
      await expect(shell.run('exit 3', runLimits())).rejects.toMatchObject({ kind: 'closed' });
      expect(shell.closed).toBe(true);
    });

    it('is not opened for what was given up', async () => {
      await expect(transport().shell(AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    });
  });
}

function describeEnd(open: () => Promise<Transport>, isAlive: (pid: string) => Promise<boolean>): void {
  describe('the end', () => {
    const { signal } = new AbortController();

    it('takes commands, shells and streams with it', async () => {
      const transport = await open();
      const server = await listen((socket) => socket.resume());
      const stream = await transport.forward(targetOf(server), signal);
      // Unread output need not be complete.
      stream.resume();
      const streamClosed = new Promise((resolve) => stream.once('close', resolve));
      const shell = await transport.shell(signal);
      const pid = (await shell.run('echo $$', runLimits())).output.trim();
      const command = transport.exec('sleep 5; echo late', runLimits()).then(
        ({ code, stdout }) => ({ code, late: stdout.includes('late') }),
        (error) => error.kind,
      );
      transport.close();
      transport.close();
      expect(transport.closed).toBe(true);
      expect(['closed', { code: null, late: false }]).toContainEqual(await command);
      await expect(shell.run('echo', runLimits())).rejects.toMatchObject({ kind: 'closed' });
      await streamClosed;
      await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), PATIENCE);
    });

    it('by retiring waits for the streams that others are using', async () => {
      const transport = await open();
      const stream = await transport.forward(targetOf(await listen((socket) => socket.pipe(socket))), signal);
      transport.retire();
      expect(transport.closed).toBe(true);
      stream.end('still there');
      expect(await text(stream)).toBe('still there');
    });

    it.each(['close', 'retire'] as const)('by %s gives nothing any more', async (how) => {
      const transport = await open();
      transport[how]();
      expect(transport.closed).toBe(true);
      const target = { host: '127.0.0.1', port: 9 };
      for (const wait of [
        transport.exec('true', runLimits()),
        transport.shell(signal),
        transport.forward(target, signal),
        transport.pty('true', { columns: 80, rows: 24, term: 'dumb' }, signal),
      ]) {
        await expect(wait).rejects.toMatchObject({ name: 'TransportError', kind: 'closed' });
      }
    });
  });
}
