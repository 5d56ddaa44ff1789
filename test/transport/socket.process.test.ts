import { createServer, type Server, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openTcp, untilItSpeaks } from '../../src/transport/socket.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { sshOptions } from '../support/builders.ts';

const signal = () => AbortSignal.timeout(20_000);
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(
  onSocket: (socket: Socket) => void,
  host = '127.0.0.1',
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    closers.push(() => socket.destroy());
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closers.push(() => server.close());
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

describe('a TCP connection', () => {
  it('is made from the address of the configuration', async () => {
    let from: string | undefined;
    const { port } = await listen((socket) => {
      from = socket.remoteAddress;
    });
    const options = sshOptions({ hostname: 'localhost', port, addressFamily: 'inet', bindAddress: '127.0.0.77' });
    const socket = await openTcp(options, 5000, signal());
    socket.destroy();
    await expect.poll(() => from).toBe('127.0.0.77');
  });

  it('is tried as often as the configuration says', async () => {
    const { server, port } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));
    const options = sshOptions({ hostname: '127.0.0.1', port });
    const connect = vi.spyOn(Socket.prototype, 'connect');
    onTestFinished(() => connect.mockRestore());
    await expect(openTcp({ ...options, connectionAttempts: 2 }, 5000, signal())).rejects.toMatchObject({
      kind: 'refused',
      hint: `Nothing listens on 127.0.0.1:${port}.`,
    });
    expect(connect).toHaveBeenCalledTimes(2);
  });

  it('to a name that does not resolve says so', async () => {
    const options = sshOptions({ hostname: 'nowhere.invalid', port: 22 });
    await expect(openTcp(options, 5000, signal())).rejects.toMatchObject({ kind: 'dns' });
  });

  it('is given up when it is told to', async () => {
    const stop = new AbortController();
    // A documentation address (RFC 5737), which never answers.
    const opening = openTcp(sshOptions({ hostname: '192.0.2.1', port: 22 }), 20_000, stop.signal);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ kind: expect.stringMatching(/aborted|unreachable/) });
  });
});

describe('waiting for a server to speak', () => {
  it('loses nothing of what it says', async () => {
    const { port } = await listen((socket) => socket.write('SSH-2.0-x\r\n'));
    const socket = await openTcp(sshOptions({ hostname: '127.0.0.1', port }), 5000, signal());
    await untilItSpeaks(socket, 5000, signal());
    const [chunk] = await new Promise<Buffer[]>((resolve) => socket.once('data', (data) => resolve([data])));
    expect(String(chunk)).toBe('SSH-2.0-x\r\n');
    socket.destroy();
  });

  it('ends after a time with a server that is silent, and at once with one that hangs up', async () => {
    const silent = new PassThrough();
    await expect(untilItSpeaks(silent, 50, signal())).rejects.toMatchObject({
      kind: 'timeout',
      message: 'no SSH answer within 0.05s',
    });
    expect(silent.destroyed).toBe(true);
    const { port } = await listen((socket) => socket.end());
    const socket = await openTcp(sshOptions({ hostname: '127.0.0.1', port }), 5000, signal());
    await expect(untilItSpeaks(socket, 5000, signal())).rejects.toMatchObject({ kind: 'closed' });
  });

  it('tells the reason of a stream that knows it', async () => {
    const stream = new PassThrough();
    const waiting = untilItSpeaks(stream, 5000, signal());
    stream.destroy(new TransportError('closed', 'ProxyCommand ended'));
    await expect(waiting).rejects.toMatchObject({ message: 'ProxyCommand ended' });
  });
});
