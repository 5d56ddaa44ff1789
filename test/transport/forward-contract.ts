import { once } from 'node:events';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Transport } from '../../src/transport/transport.ts';
import { listen, PATIENCE, runLimits, targetOf } from './contract-support.ts';

/** The contract for streams of every kind of transport. */
export function describeForward(transport: () => Transport): void {
  describe('a forwarded stream', () => {
    const forward = async (server: Server): Promise<Duplex> => {
      const stream = await transport().forward(targetOf(server), new AbortController().signal);
      onTestFinished(() => void stream.destroy());
      return stream;
    };

    it('carries bytes both ways, and many of them', async () => {
      const stream = await forward(await listen((socket) => socket.pipe(socket)));
      const sent = Buffer.alloc(3_000_001, 'abc\0\xff');
      stream.end(sent);
      expect(Buffer.compare(await buffer(stream), sent)).toBe(0);
    });

    it('hears the answer after its own end', async () => {
      const server = await listen(async (socket) => socket.end(`${(await buffer(socket)).length} bytes`));
      const stream = await forward(server);
      stream.end('hello');
      expect(await text(stream)).toBe('5 bytes');
    });

    it('hears a server that speaks first and one that waits', async () => {
      const polite = await forward(await listen((socket) => socket.write('welcome')));
      expect(String((await once(polite, 'data'))[0])).toBe('welcome');
      const shy = await forward(await listen((socket) => socket.on('data', (data) => socket.write(`got ${data}`))));
      shy.write('x');
      expect(String((await once(shy, 'data'))[0])).toBe('got x');
    });

    it('ends at the server with the stream', async () => {
      let ended = false;
      const server = await listen((socket) => {
        socket.resume();
        socket.on('end', () => {
          ended = true;
        });
      });
      const stream = await forward(server);
      stream.destroy();
      await vi.waitFor(() => expect(ended).toBe(true), PATIENCE);
    });

    it('fails where no one listens, and leaves the transport as it was', async () => {
      const server = await listen(() => {});
      const target = targetOf(server);
      await new Promise((resolve) => server.close(resolve));
      const refused = transport().forward(target, new AbortController().signal);
      await expect(refused).rejects.toMatchObject({ name: 'TransportError', kind: 'refused' });
      expect((await transport().exec('exit 4', runLimits())).code).toBe(4);
    });

    it('is one of many, and opens no port on this side', async () => {
      const server = await listen((socket) => socket.pipe(socket));
      const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
      const before = servers();
      const streams = await Promise.all(Array.from({ length: 12 }, () => forward(server)));
      expect(servers()).toBe(before);
      for (const [index, stream] of streams.entries()) stream.end(`stream ${index}`);
      const heard = await Promise.all(streams.map((stream) => text(stream)));
      expect(heard).toEqual(streams.map((_, index) => `stream ${index}`));
    });

    it('is not opened for what was given up', async () => {
      const target = targetOf(await listen(() => {}));
      await expect(transport().forward(target, AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    });
  });
}
