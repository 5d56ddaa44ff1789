import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openProven } from '../../../src/opencode/server-process/proven-stream.ts';
import { TransportError } from '../../../src/transport/transport.ts';
import { aServer } from '../../support/builders.ts';
import { FakeShell, FakeTransport } from '../../support/fake-transport.ts';

const { signal } = new AbortController();
const PROVEN = '@ocr proven\n';

/** A host whose shells, one after the other, answer like that. */
function aTransport(...shells: readonly (readonly (string | Error)[])[]) {
  const transport = new FakeTransport();
  const opened: FakeShell[] = [];
  const streams: PassThrough[] = [];
  const order: string[] = [];
  transport.onShell = async () => {
    const answers = shells[opened.length];
    if (answers === undefined) throw new TransportError('protocol', 'the host opened no channel');
    const shell = new FakeShell(answers);
    opened.push(shell);
    return shell;
  };
  transport.onForward = async ({ host, port }) => {
    order.push(`${host}:${port} after ${opened.flatMap(({ scripts }) => scripts).length} proofs`);
    const stream = new PassThrough();
    streams.push(stream);
    return stream;
  };
  return { transport, opened, streams, order };
}

describe('a stream to a server', () => {
  it('is open before the proof begins, and each has a proof of its own in the same shell', async () => {
    const { transport, opened, streams, order } = aTransport([PROVEN, PROVEN]);
    expect(await openProven(transport, aServer(), signal)).toBe(streams[0]);
    expect(await openProven(transport, aServer(), signal)).toBe(streams[1]);
    expect(order).toEqual(['127.0.0.1:4096 after 0 proofs', '127.0.0.1:4096 after 1 proofs']);
    expect(opened).toHaveLength(1);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  it.each([
    ['@ocr unproven process 41 has ended\n', 'process 41 has ended'],
    ['', 'the host does not show its owner'],
    ['ocr proven', 'the host does not show its owner'],
  ])('is closed with nothing written where the host says %j', async (answer, why) => {
    const { transport, streams } = aTransport([answer]);
    await expect(openProven(transport, aServer(), signal)).rejects.toMatchObject({
      name: 'ServerProcessError',
      kind: 'unproven',
      message: `the server on port 4096 is not proven to be yours: ${why}`,
    });
    expect(streams[0]?.destroyed).toBe(true);
    expect(streams[0]?.readableLength).toBe(0);
  });

  it('is not proven where there is no shell to prove it in', async () => {
    const { transport, streams } = aTransport();
    await expect(openProven(transport, aServer(), signal)).rejects.toMatchObject({ kind: 'unproven' });
    expect(streams[0]?.destroyed).toBe(true);
  });

  it('is proven in a new shell where the old one was taken back', async () => {
    const { transport, opened } = aTransport([PROVEN], [PROVEN]);
    await openProven(transport, aServer(), signal);
    opened[0]?.close();
    await openProven(transport, aServer(), signal);
    expect(opened).toHaveLength(2);
  });

  it('fails as its connection does when that is lost', async () => {
    const lost = new TransportError('closed', 'the connection was lost');
    const { transport } = aTransport([lost], [lost]);
    await expect(openProven(transport, aServer(), signal)).rejects.toBe(lost);
  });

  it('is given up by one without the shell being lost for another', async () => {
    const { transport, opened, streams } = aTransport([PROVEN, PROVEN]);
    const one = new AbortController();
    one.abort();
    await expect(openProven(transport, aServer(), one.signal)).rejects.toMatchObject({ kind: 'aborted' });
    await openProven(transport, aServer(), signal);
    expect(opened).toHaveLength(1);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });
});
