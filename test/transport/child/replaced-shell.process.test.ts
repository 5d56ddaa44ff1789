import { expect, it, onTestFinished, vi } from 'vitest';
import { type ChildKind, ChildTransport } from '../../../src/transport/child/child-transport.ts';
import type { TransportError } from '../../../src/transport/transport.ts';

const SILENT = 'exec sleep 30';
/** As where a profile has put another shell in the place of ours: what was asked for never runs, what is typed does. */
const REPLACED = 'exec /bin/sh';

/** A transport whose shells start so, one after the other. */
function transportOf(starts: readonly string[]) {
  const started: string[] = [];
  const kind: ChildKind = {
    connection: { kind: 'local', reason: null, notes: [] },
    command: () => {
      const script = starts[started.length] ?? 'exit 9';
      started.push(script);
      return { file: '/bin/sh', args: ['-c', script], env: process.env, judge: (exit) => exit };
    },
    forward: () => Promise.reject(new Error('unexpected forward')),
    close: () => {},
  };
  const transport = new ChildTransport(kind);
  onTestFinished(() => transport.close());
  return { transport, started };
}

it('a silent shell on a host whose profile replaces shells is not diagnosed by further silent shells', async () => {
  const { transport, started } = transportOf([REPLACED, SILENT, SILENT, SILENT]);
  const { signal } = new AbortController();
  const limits = { signal, idleTimeout: 10_000, maxBytes: 1000 };
  const first = await transport.shell(signal);
  expect((await first.run('echo on', limits)).output).toBe('on\n');
  const second = await transport.shell(signal);
  const failed = vi.fn<(error: TransportError) => void>();
  second.run(':', { ...limits, idleTimeout: 100 }).catch(failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalled(), 3000);
  expect(failed.mock.calls[0]?.[0]).toMatchObject({ kind: 'timeout' });
  expect(started).toEqual([REPLACED, SILENT]);
});
