import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Pipe, Transport } from '../../src/transport/transport.ts';
import { PATIENCE, runLimits } from './contract-support.ts';

/** The contract for programs without a terminal, for every kind of transport. */
export function describePipe(open: () => Promise<Transport>): void {
  describe('a program on a pipe', () => {
    const follow = (pipe: Pipe) => {
      const seen = { out: '', errors: '', end: undefined as unknown };
      pipe.onData((chunk) => {
        seen.out += chunk.toString('latin1');
      });
      pipe.onErrors((chunk) => {
        seen.errors += chunk.toString('latin1');
      });
      pipe.onClose((end) => {
        seen.end = end;
      });
      onTestFinished(() => pipe.kill());
      return seen;
    };

    it('has its input, its output and its status as they are', async () => {
      const pipe = await (await open()).pipe(
        `echo "it's on"; echo no >&2; head -c 3 | od -An -tx1; exit 7`,
        runLimits(),
      );
      const seen = follow(pipe);
      await vi.waitFor(() => expect(seen.out).toBe("it's on\n"), PATIENCE);
      pipe.write(Buffer.from([0, 0xff]));
      pipe.write('x');
      await vi.waitFor(() => expect(seen.end).toEqual({ code: 7, signal: null }), PATIENCE);
      expect(seen.out).toBe("it's on\n 00 ff 78\n");
      expect(seen.errors).toBe('no\n');
    });

    it('outlives the retirement of its transport, and ends with the transport', async () => {
      const transport = await open();
      const pipe = await transport.pipe('echo on; while read -r line; do echo "<$line>"; done', runLimits());
      const seen = follow(pipe);
      await vi.waitFor(() => expect(seen.out).toBe('on\n'), PATIENCE);
      transport.retire();
      pipe.write('still there\n');
      await vi.waitFor(() => expect(seen.out).toBe('on\n<still there>\n'), PATIENCE);
      transport.close();
      await vi.waitFor(() => expect(seen.end).toMatchObject({ kind: 'closed' }), PATIENCE);
    });

    it('is not started for what was given up', async () => {
      const started = (await open()).pipe('true', runLimits({ signal: AbortSignal.abort() }));
      await expect(started).rejects.toMatchObject({ kind: 'aborted' });
    });
  });
}
