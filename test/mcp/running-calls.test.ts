import { describe, expect, it } from 'vitest';
import { RunningCalls } from '../../src/mcp/running-calls.ts';

/** A call that cleans up after it was cancelled, when `cleaned` resolves. */
const callThat = (cleaned: Promise<void>) => async (signal: AbortSignal) => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await cleaned;
  throw signal.reason;
};

describe('the running calls', () => {
  it('end with an error of a verb when the client cancels', async () => {
    const client = new AbortController();
    const call = new RunningCalls().run(client.signal, callThat(Promise.resolve()));
    client.abort('the user pressed Esc');
    await expect(call).rejects.toMatchObject({ name: 'VerbError', status: 130 });
  });

  it('are awaited in their clean-up when the server ends', async () => {
    const calls = new RunningCalls();
    const cleaned = Promise.withResolvers<void>();
    const outcome = calls.run(new AbortController().signal, callThat(cleaned.promise)).catch(() => 'cleaned');
    const ends: string[] = [];
    const closing = calls.close(60_000).then(() => ends.push('closed'));
    expect(ends).toEqual([]);
    cleaned.resolve();
    expect(await outcome).toBe('cleaned');
    await closing;
  });

  it('do not keep the server for ever', async () => {
    const calls = new RunningCalls();
    void calls.run(new AbortController().signal, callThat(new Promise(() => {})));
    await calls.close(1);
  });
});
