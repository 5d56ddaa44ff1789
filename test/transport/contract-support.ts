import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { RunLimits } from '../../src/transport/transport.ts';

export const PATIENCE = { timeout: 15_000, interval: 20 };

export const runLimits = (changes: Partial<RunLimits> = {}): RunLimits => ({
  signal: new AbortController().signal,
  idleTimeout: 20_000,
  maxBytes: 50_000_000,
  ...changes,
});

/** A TCP server on the loopback network, until the test has finished. */
export async function listen(serve: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function targetOf(server: Server): { host: string; port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { host: '127.0.0.1', port: address.port };
}
