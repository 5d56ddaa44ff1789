import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pLimit from 'p-limit';
import { defaultConfig } from '../../src/config/schema.ts';
import { discoverHosts } from '../../src/discovery/discover.ts';
import type { Host } from '../../src/domain/host.ts';
import { Prober } from '../../src/probe/prober.ts';
import { surveyScript } from '../../src/probe/survey-script.ts';
import { WorkerPool } from '../../src/probe/worker-pool.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { databasePath } from '../fleet/home.ts';
import { createRealPool } from '../support/real-pool.ts';
import { median, type Row, spread } from './report.ts';

const PARALLEL = 10;
const limits = () => ({
  signal: AbortSignal.timeout(120_000),
  timeout: 30_000,
  enrich: true,
  interaction: null,
  mayStartOpencode: true,
});

/** One pooled host with 500 sessions, asked again and again. */
export async function benchWarmRefresh(fleet: Fleet): Promise<Row[]> {
  const [host] = await resolve(fleet.sshConfig, ['big']);
  if (host === undefined) throw new Error('big is not in the ssh config');
  const pool = createRealPool();
  const prober = new Prober(pool, Date.now);
  const database = new DatabaseSync(join(fleet.host('big').home, databasePath));
  const touch = database.prepare(
    'UPDATE session SET time_updated = time_updated + 1 WHERE id = (SELECT min(id) FROM session)',
  );
  let snapshot = await prober.probe(host, null, limits());
  const times = { unchanged: [] as number[], changed: [] as number[] };
  for (let round = 0; round < 220; round += 1) {
    const changed = round % 2 === 0;
    if (changed) touch.run();
    const from = performance.now();
    snapshot = await prober.probe(host, snapshot, limits());
    if (round >= 20) times[changed ? 'changed' : 'unchanged'].push(performance.now() - from);
  }
  database.close();
  pool.close();
  const what = 'warm refresh, 1 host, 500 sessions';
  return [
    { what: `${what}, nothing new`, figures: spread(times.unchanged), goal: 'goal: p50 < 10 ms' },
    { what: `${what}, one changed`, figures: spread(times.changed), goal: 'goal: p50 < 10 ms' },
  ];
}

/** Many aliases of one host, connected to and asked for the first time, against the ssh binary doing the same. */
export async function benchColdProbe(fleet: Fleet, count: number, rounds: number): Promise<Row> {
  const aliases = Array.from({ length: count }, (_, index) => `cold-${index}`);
  const { address } = fleet.host('homebin');
  const sshConfig = join(fleet.directory, `cold-${count}`);
  const blocks = aliases.map((alias) => `Host ${alias}\n  HostName ${address}\n`);
  await writeFile(sshConfig, `${blocks.join('')}Host *\n  Include "${fleet.sshConfig}"\n`);
  const hosts = await resolve(sshConfig, aliases);
  const [ours, theirs] = [[] as Cost[], [] as Cost[]];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await probeAll(hosts));
    theirs.push(await sshAll(sshConfig, aliases));
  }
  const of = (costs: Cost[], key: keyof Cost) => median(costs.map((cost) => cost[key]));
  const wall = of(ours, 'wall') / of(theirs, 'wall');
  const cpu = of(ours, 'cpu') / of(theirs, 'cpu');
  const seconds = (value: number) => (value / 1000).toFixed(2);
  return {
    what: `cold probe of ${count} aliases, ${PARALLEL} at a time`,
    figures: `wall ${seconds(of(ours, 'wall'))} s : ssh ${seconds(of(theirs, 'wall'))} s = ${wall.toFixed(2)}; client CPU ${seconds(of(ours, 'cpu'))} : ${seconds(of(theirs, 'cpu'))} = ${cpu.toFixed(2)}`,
    goal: 'goal at 50: wall <= 0.7, CPU <= 0.2',
  };
}

/** Milliseconds. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function resolve(sshConfig: string, aliases: readonly string[]): Promise<Host[]> {
  const config = { ...defaultConfig.hosts, local: false, include: [...aliases] };
  const { hosts, resolver } = await discoverHosts(config, {
    sshConfigFile: sshConfig,
    sshConfigGiven: true,
    home: '/',
    routeCacheFile: null,
  });
  const { signal } = new AbortController();
  return Promise.all(hosts.map(async (host) => ({ ...host, route: await resolver.resolve(host.alias, signal) })));
}

async function probeAll(hosts: readonly Host[]): Promise<Cost> {
  const pool = createRealPool();
  const prober = new Prober(pool, Date.now);
  const workers = new WorkerPool(PARALLEL);
  const before = process.cpuUsage();
  const from = performance.now();
  await Promise.all(hosts.map((host) => workers.run(() => prober.probe(host, null, limits()))));
  const wall = performance.now() - from;
  const { user, system } = process.cpuUsage(before);
  pool.close();
  return { wall, cpu: (user + system) / 1000 };
}

/** The same script on the same hosts through the ssh binary, a process each. */
async function sshAll(sshConfig: string, aliases: readonly string[]): Promise<Cost> {
  const script = surveyScript({ opencodePath: null, fingerprint: null, enrich: true, skip: [] });
  const limit = pLimit(PARALLEL);
  const before = childrenCpu();
  const from = performance.now();
  await Promise.all(
    aliases.map((alias) =>
      limit(async () => {
        const child = spawn('ssh', ['-F', sshConfig, '-o', 'BatchMode=yes', alias, 'exec /bin/sh'], {
          stdio: ['pipe', 'ignore', 'inherit'],
        });
        child.stdin.end(script);
        const [code] = await once(child, 'exit');
        if (code !== 0) throw new Error(`ssh ${alias} ended with ${code}`);
      }),
    ),
  );
  return { wall: performance.now() - from, cpu: childrenCpu() - before };
}

/** CPU of the children that were waited for, ms: fields 16 and 17 of proc_pid_stat(5), in ticks of 10 ms. */
function childrenCpu(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
