import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalTransport } from '../../../src/transport/child/local-transport.ts';
import type { RunLimits } from '../../../src/transport/transport.ts';

const limits = (changes: Partial<RunLimits> = {}): RunLimits => ({
  signal: new AbortController().signal,
  idleTimeout: 10_000,
  maxBytes: 1_000_000,
  ...changes,
});

function openTransport(): LocalTransport {
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  return transport;
}

describe('a command on this machine', () => {
  it('gives its output, its errors and its exit status', async () => {
    const result = await openTransport().exec('echo out; echo err >&2; exit 7', limits());
    expect(result).toEqual({ code: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('has no input to wait for', async () => {
    expect(await openTransport().exec('cat', limits())).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('has no exit status when a signal ended it', async () => {
    expect((await openTransport().exec('kill -9 $$', limits())).code).toBeNull();
  });

  it('is given up at an abort', async () => {
    const abort = new AbortController();
    const run = openTransport().exec('sleep 1000', limits({ signal: abort.signal }));
    abort.abort();
    await expect(run).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('is given up when it is silent for too long', async () => {
    await expect(openTransport().exec('sleep 1000', limits({ idleTimeout: 20 }))).rejects.toMatchObject({
      kind: 'timeout',
    });
  });

  it('is given up when it says too much', async () => {
    await expect(openTransport().exec('yes', limits({ maxBytes: 1000 }))).rejects.toMatchObject({ kind: 'overflow' });
  });

  it('ends with the transport', async () => {
    const transport = openTransport();
    const run = transport.exec('sleep 1000', limits());
    transport.close();
    expect(transport.closed).toBe(true);
    expect((await run).code).toBeNull();
  });
});

it('a shell is not opened for what was given up', async () => {
  await expect(openTransport().shell(AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
});
