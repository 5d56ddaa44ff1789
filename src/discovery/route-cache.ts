import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { Route } from '../domain/host.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';

const VERSION = 1;
const optionsSchema = z.object({
  hostname: z.string(),
  port: z.number(),
  user: z.string(),
  identityFiles: z.array(z.string()),
  identitiesOnly: z.boolean(),
  identityAgent: z.string().nullable().optional(),
  userKnownHostsFiles: z.array(z.string()),
  globalKnownHostsFiles: z.array(z.string()),
  hostKeyAlias: z.string().nullable(),
  proxyJump: z.string().nullable(),
  proxyCommand: z.string().nullable(),
  connectTimeout: z.number().nullable(),
  serverAliveInterval: z.number(),
  serverAliveCountMax: z.number(),
});
const fileSchema = z.object({
  version: z.literal(VERSION),
  fingerprint: z.string(),
  routes: z.record(z.string(), optionsSchema),
});

/** Routes by alias, if they were learnt from files with this fingerprint. A missing or damaged file holds none: ssh is asked again. */
export async function loadRouteCache(path: string, fingerprint: string): Promise<Map<string, Route>> {
  const routes = new Map<string, Route>();
  try {
    const file = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    if (file.fingerprint !== fingerprint) return routes;
    for (const [alias, options] of Object.entries(file.routes)) {
      routes.set(alias, { kind: 'ssh', options: { ...options, identityAgent: options.identityAgent } });
    }
  } catch {
    // What is lost here costs one `ssh -G` an alias.
  }
  return routes;
}

export async function saveRouteCache(
  path: string,
  fingerprint: string,
  routes: ReadonlyMap<string, Route>,
): Promise<void> {
  const learnt = [...routes].flatMap(([alias, route]) => (route.kind === 'ssh' ? [[alias, route.options]] : []));
  await writePrivateFile(path, JSON.stringify({ version: VERSION, fingerprint, routes: Object.fromEntries(learnt) }));
}
