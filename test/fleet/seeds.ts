import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { withLock } from './cache.ts';
import { databasePath, opencodeVersion } from './home.ts';
import type { HostAlias } from './hosts.ts';
import { killFleetProcesses } from './processes.ts';
import { relocateDatabase } from './relocate.ts';
import { seedHome } from './seed-home.ts';
import { seedPlan } from './seed-plan.ts';

const run = promisify(execFile);

/** Facts beside a cached home: where it was seeded, and how old its sessions should look. */
const seedRecord = z.object({ home: z.string(), sessions: z.array(z.object({ id: z.string(), age: z.number() })) });

/** The sources that decide what a seeded home holds. */
const sources = ['seed-plan.ts', 'seed-home.ts', 'stub-model.ts', 'home.ts'];

export type SeedOptions = {
  readonly cache: string;
  readonly binary: string;
  readonly stubPort: number;
  readonly tell: (line: string) => void;
};

/** Seeds every home of these hosts that the cache does not hold yet (about 10 s each) and returns the cache's folder of homes. */
export async function ensureSeeds(aliases: readonly HostAlias[], options: SeedOptions): Promise<string> {
  const folder = join(options.cache, `seeds-${await hashSources()}`);
  const missing = () => aliases.filter((alias) => seedPlan[alias] && !existsSync(join(folder, alias)));
  if (missing().length === 0) return folder;
  await withLock(join(options.cache, 'seeds.lock'), async () => {
    await removeAbandoned(options.cache);
    for (const alias of missing()) await seed(alias, folder, options);
  });
  return folder;
}

/** Copies a host's seeded home to `home`, as if its sessions had been made there. */
export async function copySeed(folder: string, alias: HostAlias, home: string): Promise<void> {
  const source = join(folder, alias);
  await run('cp', ['-a', join(source, 'home'), home]);
  const record = seedRecord.parse(JSON.parse(await readFile(join(source, 'seed.json'), 'utf8')));
  relocateDatabase(join(home, databasePath), record.home, home, record.sessions, Date.now());
}

async function seed(alias: HostAlias, folder: string, options: SeedOptions): Promise<void> {
  const { cache, binary, stubPort, tell } = options;
  tell(`Seeding ${alias} (once)`);
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(cache, '.seeding-'));
  const home = join(staging, 'home');
  const sessions = await seedHome({ home, seeds: seedPlan[alias] ?? [], binary, stubPort, marker: staging });
  await writeFile(join(staging, 'seed.json'), JSON.stringify({ home, sessions }));
  await rename(staging, join(folder, alias));
}

/** Only the holder of the lock seeds, so whatever another one left is from a run that was killed. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('.seeding-')) continue;
    await killFleetProcesses(join(cache, name));
    await rm(join(cache, name), { recursive: true, force: true });
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(opencodeVersion);
  for (const name of sources) hash.update(await readFile(new URL(name, import.meta.url)));
  return hash.digest('hex').slice(0, 12);
}
