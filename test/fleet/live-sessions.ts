import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
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

/** Starts the live sessions through the server of `home` and returns when each is busy or waits (10 s at most). */
export async function startLiveSessions(server: OpencodeServer, home: string): Promise<void> {
  for (const { directory: relative, title, prompt } of Object.values(liveSessions)) {
    const directory = join(home, relative);
    const { id } = created.parse(await server.request('POST', '/session', directory, { title }));
    await server.request('POST', `/session/${id}/prompt_async`, directory, { parts: [{ type: 'text', text: prompt }] });
    for (let round = 0; round < 200 && !(await isBusy(server, directory, id)); round += 1) await sleep(50);
  }
  for (const [kind, directory] of [['permission', web] as const, ['question', web] as const]) {
    for (let round = 0; round < 200; round += 1) {
      const pending = z.array(z.unknown()).parse(await server.request('GET', `/${kind}`, join(home, directory)));
      if (pending.length > 0) break;
      await sleep(50);
    }
  }
}

async function isBusy(server: OpencodeServer, directory: string, id: string): Promise<boolean> {
  const all = statuses.parse(await server.request('GET', '/session/status', directory));
  return all[id] !== undefined;
}
