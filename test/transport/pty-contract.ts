import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Pty, PtyRequest, Transport } from '../../src/transport/transport.ts';
import { PATIENCE, runLimits } from './contract-support.ts';

const SIZE: PtyRequest = { columns: 91, rows: 23, term: 'xterm-256color' };

/** A program on a pty with what it has printed. */
interface Program extends Pty {
  readonly printed: () => string;
  /** Waits until it has printed that. */
  readonly says: (text: string | RegExp) => Promise<void>;
}

/** The contract for programs on a terminal of their own, for every kind of transport. */
export function describePty(open: () => Promise<Transport>, isAlive: (pid: string) => Promise<boolean>): void {
  describe('a program on a terminal', () => {
    const { signal } = new AbortController();

    it('has that terminal, with its size and name', async () => {
      const program = await start(await open(), 'tty; stty size; echo "$TERM" "[$COLUMNS$LINES]"');
      expect(await program.exit).toEqual({ code: 0, signal: null });
      expect(program.printed()).toMatch(/\/dev\/\S+\r\n23 91\r\nxterm-256color \[\]\r\n$/);
    });

    it.each([0, 7, 255])('gives its status %i', async (code) => {
      expect(await (await start(await open(), `exit ${code}`)).exit).toEqual({ code, signal: null });
    });

    it('is typed at, bytes that are no text too, and hears of new sizes', async () => {
      const script = "stty -echo -icanon min 1; echo ready; head -c 4 | od -An -tx1; trap 'stty size; exit 3' WINCH";
      const program = await start(await open(), `${script}; echo waiting; while :; do sleep 0.05; done`);
      await program.says('ready');
      program.write(Buffer.from([0x1b, 0xff, 0x00]));
      program.write('x');
      await program.says(/1b ff 00 78/);
      await program.says('waiting');
      program.resize(132, 50);
      await program.says('50 132');
      expect((await program.exit).code).toBe(3);
      program.write('nobody hears it');
      program.resize(1, 1);
    });

    it('is interrupted by the key for it, alone', async () => {
      const transport = await open();
      const other = await start(transport, 'echo on; sleep 1; echo untouched');
      const program = await start(
        transport,
        "trap 'echo interrupted; exit 5' INT; echo ready; while :; do sleep 0.05; done",
      );
      await program.says('ready');
      program.write('\u0003');
      expect(await program.exit).toEqual({ code: 5, signal: null });
      expect(program.printed()).toContain('interrupted');
      expect((await other.exit).code).toBe(0);
      expect(other.printed()).toContain('untouched');
    });

    it('gives all its output before its end, and waits when no one wants it', async () => {
      const program = await start(
        await open(),
        "printf '%0100000d' 1; echo go; yes 12345678 | head -n 300000; echo end",
      );
      await program.says('go');
      program.pause();
      const before = program.printed().length;
      program.resume();
      await program.exit;
      expect(program.printed().length).toBeGreaterThanOrEqual(Math.max(before, 3_000_000));
      expect(program.printed()).toMatch(/12345678\r\nend\r\n$/);
    });

    it('goes on when the transport retires, which closes after it', async () => {
      const transport = await open();
      const shell = await transport.shell(signal);
      await shell.run('true', runLimits());
      const program = await start(transport, 'sleep 1; exit 7');
      transport.retire();
      expect(transport.closed).toBe(true);
      await expect(transport.exec('true', runLimits())).rejects.toMatchObject({ kind: 'closed' });
      await expect(transport.pty('true', SIZE, signal)).rejects.toMatchObject({ kind: 'closed' });
      await shell.run('true', runLimits());
      expect(await program.exit).toEqual({ code: 7, signal: null });
      await expect(shell.run('true', runLimits())).rejects.toMatchObject({ kind: 'closed' });
    });

    it.each(['close', 'abort'] as const)('ends when it is given up by %s, whatever it ignores', async (how) => {
      const abort = new AbortController();
      const script = "trap '' INT TERM; echo pid $$; while :; do sleep 0.05; done";
      const program = await start(await open(), script, abort.signal);
      await program.says(/pid \d+/);
      const pid = /pid (\d+)/.exec(program.printed())?.[1] ?? '';
      if (how === 'close') program.close();
      else abort.abort();
      await expect(program.exit).rejects.toMatchObject({ name: 'TransportError', kind: 'aborted' });
      await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), PATIENCE);
    });

    it('is not started for what was given up', async () => {
      await expect((await open()).pty('true', SIZE, AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    });

    it('ends with the transport, which is said', async () => {
      const transport = await open();
      const program = await start(transport, 'echo pid $$; sleep 100');
      await program.says(/pid \d+/);
      const pid = /pid (\d+)/.exec(program.printed())?.[1] ?? '';
      transport.close();
      await expect(program.exit).rejects.toMatchObject({ name: 'TransportError', kind: 'closed' });
      await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), PATIENCE);
    });
  });
}

async function start(transport: Transport, script: string, signal = new AbortController().signal): Promise<Program> {
  const command = `exec /bin/sh -c '${script.replaceAll("'", "'\\''")}'`;
  const pty = await transport.pty(command, SIZE, signal);
  let printed = '';
  pty.onData((chunk) => {
    printed += chunk.toString('latin1');
  });
  onTestFinished(() => pty.close());
  const holds = (text: string | RegExp) => (typeof text === 'string' ? printed.includes(text) : text.test(printed));
  return Object.assign(pty, {
    printed: () => printed,
    says: (text: string | RegExp) => vi.waitFor(() => expect(holds(text), printed.slice(-500)).toBe(true), PATIENCE),
  });
}
