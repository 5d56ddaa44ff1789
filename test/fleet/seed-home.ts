import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import * as z from 'zod';
import { databasePath, formatHomeEnvironment, writeOpencodeConfig } from './home.ts';
import { createMachine } from './machine.ts';
import { type OpencodeServer, startOpencodeServer } from './opencode-server.ts';
import { api, notes, type SessionSeed } from './seed-plan.ts';

const run = promisify(execFile);
const created = z.object({ id: z.string() });

/** A session that exists now, and how old it shall look in minutes. */
export type SeededSession = { readonly id: string; readonly age: number };

type SeedHomePlan = {
  readonly home: string;
  readonly seeds: readonly SessionSeed[];
  readonly binary: string;
  readonly stubPort: number;
  readonly marker: string;
};

/** Fills an empty home with git projects and, through a real server, with real sessions; nothing runs in it afterwards. */
export async function seedHome(plan: SeedHomePlan): Promise<SeededSession[]> {
  const { home, seeds, binary, stubPort, marker } = plan;
  await mkdir(join(home, notes), { recursive: true });
  for (const directory of new Set([api, ...seeds.map((seed) => seed.directory)])) {
    if (directory !== notes) await createProject(home, directory);
  }
  await writeOpencodeConfig(home, stubPort);
  const machine = await createMachine('seed', marker);
  try {
    const environment = formatHomeEnvironment(home, process.env.PATH ?? '', marker);
    const log = join(home, '.seed.log');
    const server = await startOpencodeServer({ machine, binary, environment, cwd: home, log });
    const sessions = await createSessions(server, home, seeds);
    await machine.signal(server.pid, 'TERM');
    while (await machine.isRunning(server.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    return sessions;
  } finally {
    await machine.close();
    await tidy(home);
  }
}

async function createSessions(server: OpencodeServer, home: string, seeds: readonly SessionSeed[]) {
  const ids = new Map<string, string>();
  for (const { directory: relative, title, prompts = [], parent, archived } of seeds) {
    const directory = join(home, relative);
    const parentID = parent === undefined ? undefined : ids.get(parent);
    const { id } = created.parse(await server.request('POST', '/session', directory, { title, parentID }));
    ids.set(title, id);
    for (const text of prompts) {
      await server.request('POST', `/session/${id}/message`, directory, { parts: [{ type: 'text', text }] });
    }
    if (archived) await server.request('PATCH', `/session/${id}`, directory, { time: { archived: Date.now() } });
  }
  return seeds.map(({ title, age }) => ({ id: ids.get(title) ?? '', age }));
}

/** A git repository with one commit that is the same on every host, so the same opencode project id, as with real clones. */
async function createProject(home: string, relative: string): Promise<void> {
  const cwd = join(home, relative);
  await mkdir(cwd, { recursive: true });
  const name = relative.replace(/^work\//, '');
  await writeFile(join(cwd, 'README.md'), `# ${name}\n`);
  const date = '2026-01-01T00:00:00Z';
  const env = { ...process.env, HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const git = (...parameters: string[]) =>
    run('git', ['-c', 'user.name=Fleet', '-c', 'user.email=fleet@example.com', ...parameters], { cwd, env });
  await git('init', '--quiet', '--template=', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', `Start ${name}`);
  await git('remote', 'add', 'origin', `git@example.com:acme/${encodeURIComponent(name)}.git`);
}

/** Drops what belongs to the place where the home was seeded, and leaves the database in one file. */
async function tidy(home: string): Promise<void> {
  const data = join(home, '.local/share/opencode');
  for (const path of [join(home, '.cache'), join(home, '.config'), join(data, 'log'), join(data, 'snapshot')]) {
    await rm(path, { recursive: true, force: true });
  }
  const database = new DatabaseSync(join(home, databasePath));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
