import * as z from 'zod';
import { AUTHENTICATION_METHODS, type Route, type SshOptions } from '../domain/host.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { makeRoomForFile, readRegularFile } from '../lib/regular-file.ts';

const VERSION = 3;
const strings = z.array(z.string());
const optionsSchema = z.object({
  hostname: z.string(),
  port: z.number(),
  user: z.string(),
  addressFamily: z.enum(['any', 'inet', 'inet6']),
  bindAddress: z.string().nullable(),
  connectTimeout: z.number().nullable(),
  connectionAttempts: z.number(),
  serverAliveInterval: z.number(),
  serverAliveCountMax: z.number(),
  proxyJump: z.string().nullable(),
  proxyCommand: z.string().nullable(),
  userKnownHostsFiles: strings,
  globalKnownHostsFiles: strings,
  hostKeyAlias: z.string().nullable(),
  hostKeyPolicy: z.enum(['yes', 'ask', 'accept-new', 'no']),
  hashKnownHosts: z.boolean(),
  identityFiles: strings,
  certificateFiles: strings,
  identitiesOnly: z.boolean(),
  useKeychain: z.boolean(),
  identityAgent: z.string().nullable().optional(),
  authenticationMethods: z.array(z.enum(AUTHENTICATION_METHODS)),
  passwordPrompts: z.number(),
  forwardAgent: z.union([z.boolean(), z.string()]),
  algorithms: z.object({ ciphers: strings, macs: strings, kex: strings, hostKeys: strings, publicKeys: strings }),
  requiredRsaSize: z.number(),
  compression: z.boolean(),
  setEnv: z.record(z.string(), z.string()),
  sendEnv: strings,
  controlPath: z.string().nullable(),
  opensshOnly: strings,
  notUsed: strings,
});
const fileSchema = z.object({
  version: z.literal(VERSION),
  fingerprint: z.string(),
  routes: z.record(z.string(), optionsSchema),
});

/**
 * Routes by alias, if they were learned under this fingerprint. A missing or damaged file holds none: ssh is asked
 * again.
 */
export async function loadRouteCache(path: string, fingerprint: string): Promise<Map<string, Route>> {
  const routes = new Map<string, Route>();
  try {
    const file = fileSchema.parse(JSON.parse(await readRegularFile(path)));
    if (file.fingerprint !== fingerprint) return routes;
    for (const [alias, found] of Object.entries(file.routes)) {
      // JSON has no `undefined`: a missing agent is that of the environment.
      const options: SshOptions = { ...found, identityAgent: found.identityAgent };
      routes.set(alias, { kind: 'ssh', options });
    }
  } catch {
    // A lost cache costs one `ssh -G` per alias.
    await makeRoomForFile(path);
  }
  return routes;
}

/** Keeps routes of kind `ssh`; all others are asked for again. */
export async function saveRouteCache(
  path: string,
  fingerprint: string,
  routes: ReadonlyMap<string, Route>,
): Promise<void> {
  const learnt = [...routes].flatMap(([alias, route]) => (route.kind === 'ssh' ? [[alias, route.options]] : []));
  await writePrivateFile(path, JSON.stringify({ version: VERSION, fingerprint, routes: Object.fromEntries(learnt) }));
}
