import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ServicesPlan, servicesReady } from './services.ts';

/** A running services process; `stubPort` is where the stub model listens on 127.0.0.1. */
export type Services = { readonly stubPort: number; close(): Promise<void> };

/** Starts the stub model, the silent hosts and the delay proxies. Rejects when an address is taken. */
export async function startServices(plan: ServicesPlan, marker: string): Promise<Services> {
  const child = fork(fileURLToPath(new URL('services.ts', import.meta.url)), [JSON.stringify(plan)], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '', OCR_FLEET: marker },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const failed = exited.then(([code]) => {
    throw new Error(`The fleet's services ended at their start (exit code ${code}).`);
  });
  failed.catch(() => {});
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return {
    stubPort: servicesReady.parse(message).stubPort,
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
