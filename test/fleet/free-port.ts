import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port that is free on that address; on 0.0.0.0 it is free on every address. */
export async function findFreePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error(`No TCP port on ${address}`);
  return bound.port;
}
