import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { FleetError } from './errors.ts';
import type { OpencodeServer } from './opencode-server.ts';
import { api, web } from './seed-plan.ts';

/** Sessions that only a running server has: one works without end, one waits for a permission, one for an answer. */
export const liveSessions = {
  working: { directory: api, title: 'Migrate the billing tables', prompt: 'migrate them slowly' },
  permission: { directory: web, title: 'Approve the deployment script', prompt: 'ask permission to run it' },
  question: { directory: web, title: 'Choose a database', prompt: 'ask question about the database' },
} as const;

const created = z.object({ id: z.string() });
const statuses = z.record(z.string(), z.object({ type: z.string() }));

/** Starts the live sessions through the server of `home` and returns when each is busy or waits (10 s at most each). */
export async function startLiveSessions(server: OpencodeServer, home: string): Promise<void> {
  const starting = Object.values(liveSessions).map(async ({ directory: relative, title, prompt }) => {
    const directory = join(home, relative);
    const { id } = created.parse(await server.request('POST', '/session', directory, { title }));
    await server.request('POST', `/session/${id}/prompt_async`, directory, { parts: [{ type: 'text', text: prompt }] });
    await waitUntil(() => isBusy(server, directory, id));
  });
  await Promise.all(starting);
  for (const kind of ['permission', 'question'] as const) {
    const directory = join(home, liveSessions[kind].directory);
    await waitUntil(async () => {
      const pending = z.array(z.unknown()).parse(await server.request('GET', `/${kind}`, directory));
      return pending.length > 0;
    });
  }
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new FleetError('A live session did not reach its state within 10 s.');
}

async function isBusy(server: OpencodeServer, directory: string, id: string): Promise<boolean> {
  const all = statuses.parse(await server.request('GET', '/session/status', directory));
  return all[id] !== undefined;
}
