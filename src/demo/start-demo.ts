import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { writeSeen, writeSshFiles } from './demo-files.ts';
import { makeDemoFolder } from './demo-folder.ts';
import { DemoHost } from './demo-host.ts';
import { generateKey } from './generate-key.ts';
import { buildSession } from './model/build-session.ts';
import { Ids } from './model/ids.ts';
import { DemoOpencode, type Kept } from './model/opencode.ts';
import { Random } from './random.ts';
import { Director } from './script/director.ts';
import { HOST_SEEDS } from './seeds/hosts.ts';
import { type HostSeed, parseSessions, type SessionSeed } from './seeds/seed.ts';

export interface DemoOptions {
  /** Two demos of the same seed are alike. */
  readonly seed: number;
  /** True if nothing moves after the start. */
  readonly isStill: boolean;
  readonly now?: () => number;
  readonly hosts?: readonly HostSeed[];
}

/** Milliseconds between two looks at what is due. */
const TICK_MS = 500;
const LIMITS = { working: 13, waiting: 6 };
/** How long a flaky host is up, and then down, in milliseconds. */
const UP_MS = 70_000;
const DOWN_MS = 80_000;
/** Ticks between two changes of load and memory. */
const BREATH_TICKS = 20;

/** A running demo. */
export interface Demo {
  readonly folder: string;
  readonly sshConfig: string;
  /** For the environment: `XDG_STATE_HOME` and `XDG_CACHE_HOME` of the dashboard. */
  readonly stateFolder: string;
  readonly cacheFolder: string;
  readonly hosts: readonly DemoHost[];
  readonly director: Director;
  /** Removes the folder at once, for an end in which nothing can be awaited. */
  removeNow(): void;
  /** Ends the hosts and removes the folder. */
  close(): Promise<void>;
}

/** Starts the simulated hosts on ports of 127.0.0.1, with keys of their own. Leaves nothing behind if that fails. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = await makeDemoFolder();
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  try {
    return await startIn(folder, removeNow, options);
  } catch (error) {
    removeNow();
    throw error;
  }
}

async function startIn(folder: string, removeNow: () => void, options: DemoOptions): Promise<Demo> {
  const { seed, isStill, now = Date.now, hosts: seeds = HOST_SEEDS } = options;
  const random = new Random(seed);
  const opencodes = seeds.map((host) => openOpencode(host, random, now));
  const moving = opencodes.filter((_opencode, at) => seeds[at]?.behaviour === 'live');
  const director = new Director(moving, random, LIMITS, now());
  const hostKey = generateKey();
  const userKey = generateKey();
  const hosts = seeds.map(
    (host, at) =>
      new DemoHost({
        ...{ seed: host, opencode: opencodes[at] ?? openOpencode(host, random, now), director },
        ...{ root: join(folder, host.alias), hostKey: hostKey.private, userKey: parseKey(userKey.public) },
        random: new Random(seed + at),
      }),
  );
  const news = new Set(hosts.flatMap((host) => populate(host, director, random)));
  await Promise.all(hosts.map((host) => host.open()));
  const [stateFolder, cacheFolder] = [join(folder, 'state'), join(folder, 'cache')];
  await mkdir(cacheFolder);
  await writeSeen(join(stateFolder, 'ocr', 'seen.json'), hosts, news, now());
  const sshConfig = await writeSshFiles(folder, hosts, { user: userKey.private, host: hostKey.public });
  const stop = move(hosts, director, now, isStill);
  const close = async () => {
    stop();
    await Promise.allSettled(hosts.map((host) => host.close()));
    removeNow();
  };
  return { folder, sshConfig, stateFolder, cacheFolder, hosts, director, removeNow, close };
}

function openOpencode({ alias, user, version, projects }: HostSeed, random: Random, now: () => number): DemoOpencode {
  return new DemoOpencode({
    ...{ version, now, ids: new Ids(random) },
    projects: projects.map((seed) => ({ id: `${alias}-${seed.path}`, worktree: `/home/${user}/${seed.path}`, seed })),
  });
}

/** Adds the sessions of a host, in their states. Returns the ids of those that the user has not seen yet. */
function populate({ opencode }: DemoHost, director: Director, random: Random): string[] {
  const news: string[] = [];
  for (const project of opencode.projects) {
    for (const seed of parseSessions(project.seed.sessions)) {
      const kept = buildSession(opencode, project, seed, random);
      begin(opencode, kept, seed, director);
      if (seed.state.kind === 'done' || seed.state.kind === 'failed') news.push(kept.session.id);
    }
  }
  return news;
}

function begin(opencode: DemoOpencode, kept: Kept, seed: SessionSeed, director: Director): void {
  director.begin({ opencode, kept }, seed.state);
  const children = opencode.childrenOf(kept.session.id);
  seed.subagents.forEach((subagent, at) => {
    const child = children[at];
    if (child !== undefined) begin(opencode, child, subagent, director);
  });
}

/** Lets time pass for the hosts. Returns a function that stops it. */
function move(hosts: readonly DemoHost[], director: Director, now: () => number, isStill: boolean): () => void {
  const from = now();
  const flaky = hosts.filter(({ seed }) => seed.behaviour === 'flaky');
  let isUp = true;
  let ticks = 0;
  const timer = setInterval(() => {
    for (const host of hosts) void host.takeImport();
    if (isStill) return;
    director.tick(now());
    ticks += 1;
    if (ticks % BREATH_TICKS === 0) for (const host of hosts) void host.breathe();
    const isDue = (now() - from) % (UP_MS + DOWN_MS) < UP_MS;
    if (isDue === isUp) return;
    isUp = isDue;
    for (const host of flaky) void host.setReachable(isUp);
  }, TICK_MS);
  return () => clearInterval(timer);
}

function parseKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? key[0] : key;
}
