import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import * as z from 'zod';
import { createDelayProxy } from './delay-proxy.ts';
import { createStubModel } from './stub-model.ts';

/** Input of the services process, as JSON in its first argument. */
export const servicesPlan = z.object({
  silent: z.array(z.object({ host: z.string(), port: z.number() })),
  delays: z.array(z.object({ host: z.string(), port: z.number(), target: z.string(), delayMs: z.number() })),
});
export type ServicesPlan = z.infer<typeof servicesPlan>;

/** Its answer when everything listens. */
export const servicesReady = z.object({ stubPort: z.number() });

/**
 * The network services of a fleet in a process of their own, so that a test that blocks (`spawnSync`) or a busy screen does
 * not stop or delay them. It ends when its parent does, because the channel between them closes.
 */
async function main(plan: ServicesPlan): Promise<void> {
  process.on('disconnect', () => process.exit());
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const stub = createStubModel();
  await listen(stub, '127.0.0.1', 0);
  for (const { host, port } of plan.silent) {
    await listen(createServer(ignore), host, port);
  }
  for (const { host, port, target, delayMs } of plan.delays) {
    await listen(createDelayProxy({ host: target, port }, delayMs), host, port);
  }
  const address = stub.address();
  process.send?.({ stubPort: typeof address === 'object' ? address?.port : undefined });
}

function ignore(socket: import('node:net').Socket): void {
  socket.on('error', () => {});
  socket.resume();
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

if (import.meta.main) await main(servicesPlan.parse(JSON.parse(process.argv[2] ?? '{}')));
