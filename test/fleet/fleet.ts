import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Closers } from '../../src/lib/closers.ts';
import { findCacheDirectory } from './cache.ts';
import { writeClientFiles } from './client-files.ts';
import { FleetError } from './errors.ts';
import { findFreePort } from './free-port.ts';
import { type FleetBase, type FleetHost, startHost } from './host.ts';
import { type HostAlias, type HostPlan, hostAddress, hostAliases, hostPlans } from './hosts.ts';
import { startLiveSessions } from './live-sessions.ts';
import { installOpencode } from './opencode-install.ts';
import { type OpencodeServer, startOpencodeServer } from './opencode-server.ts';
import { checkRequirements } from './requirements.ts';
import { createRunDirectory, removeRunDirectory, sweepRunDirectories } from './run-directory.ts';
import { seedPlan } from './seed-plan.ts';
import { ensureSeeds } from './seeds.ts';
import { startServices } from './start-services.ts';

const run = promisify(execFile);

export type FleetOptions = {
  /** All when left out. */
  readonly hosts?: readonly HostAlias[];
  /** A server on alpha with sessions that work and wait: 7 to 12 s more. */
  readonly live?: boolean;
  /** The live server asks for it (user `opencode`); open to all if omitted. */
  readonly livePassword?: string;
  /** Receives the slow steps. */
  readonly tell?: (line: string) => void;
};

/** Real hosts on loopback, until `close`. */
export type Fleet = {
  readonly directory: string;
  /** For `ssh -F` and `ocr --ssh-config`. */
  readonly sshConfig: string;
  readonly knownHosts: string;
  /** A home of its own for each user of the fleet. */
  readonly operatorHome: string;
  /** The whole environment to run `ocr` or `ssh` in: this process's, with that home and without an ssh agent. */
  readonly environment: NodeJS.ProcessEnv;
  /** The native opencode binary that the hosts run. */
  readonly opencode: string;
  /** A host that was started. Throws for another. */
  host(alias: HostAlias): FleetHost;
  /** The server on alpha of a live fleet. */
  readonly server: OpencodeServer | null;
  start(alias: HostAlias): Promise<void>;
  /** Kills the host's sshd with its connections. */
  stop(alias: HostAlias): Promise<void>;
  /** Freezes it: TCP still connects, nothing answers. */
  pause(alias: HostAlias): Promise<void>;
  resume(alias: HostAlias): Promise<void>;
  /** The log of the host's sshd. */
  sshdLog(alias: HostAlias): Promise<string>;
  close(): Promise<void>;
};

/** Starts a fleet (3 s; some minutes the first time on a machine). Rejects with a FleetError for what a user can mend. */
export async function startFleet({
  hosts = hostAliases,
  live = false,
  livePassword,
  tell = () => {},
}: FleetOptions = {}): Promise<Fleet> {
  const system = checkRequirements();
  await sweepRunDirectories();
  const cache = findCacheDirectory();
  const opencode = await installOpencode(cache, tell);
  const closers = new Closers();
  const directory = await createRunDirectory();
  closers.add(() => removeRunDirectory(directory));
  try {
    // sshd's privilege separation folder, which only a service start makes.
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    const port = await findFreePort('0.0.0.0');
    const net = 20 + Math.floor(Math.random() * 230);
    const services = await startServices(planServices(hosts, net, port), directory);
    closers.add(() => services.close());
    const { stubPort } = services;
    const seeds = await ensureSeeds(hosts, { cache, binary: opencode, stubPort, tell });
    const identityFile = join(directory, 'id_ed25519');
    await run(system.programs['ssh-keygen'], ['-q', '-t', 'ed25519', '-N', '', '-C', 'operator', '-f', identityFile]);
    const base: FleetBase = {
      ...{ directory, net, port, system, opencode, stubPort, seeds },
      seeded: new Set(hosts.filter((alias) => seedPlan[alias] !== undefined)),
      authorizedKeys: `${identityFile}.pub`,
      onMachine: (machine) => closers.add(() => machine.close()),
    };
    const started = new Map<HostAlias, FleetHost>();
    const starting = hosts.map(async (alias) => started.set(alias, await startHost(alias, base)));
    // All have ended their start before the first failure is thrown: closing must not race with a host that is being made.
    await Promise.allSettled(starting);
    await Promise.all(starting);
    const files = await writeClientFiles(
      directory,
      identityFile,
      hosts.flatMap((alias) => started.get(alias) ?? []),
    );
    const operatorHome = join(directory, 'operator');
    await mkdir(operatorHome);
    const server = live ? await startServer(started.get('alpha'), opencode, livePassword) : null;
    const host = (alias: HostAlias): FleetHost => {
      const found = started.get(alias);
      if (found === undefined) throw new Error(`${alias} was not started`);
      return found;
    };
    return {
      ...{ directory, operatorHome, opencode, host, server, ...files },
      environment: formatOperatorEnvironment(operatorHome),
      start: async (alias) => host(alias).sshd?.start(),
      stop: async (alias) => host(alias).sshd?.stop(),
      pause: async (alias) => host(alias).sshd?.pause(),
      resume: async (alias) => host(alias).sshd?.resume(),
      sshdLog: (alias) => readFile(host(alias).log, 'utf8').catch(() => ''),
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Leaves out what would lead back to the user's own agent, configuration and opencode. */
function formatOperatorEnvironment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(SSH_|XDG_|OPENCODE_|OCR_)/.test(name));
  return { ...Object.fromEntries(own), HOME: home };
}

function planServices(hosts: readonly HostAlias[], net: number, port: number) {
  const plans = hosts.map((alias): { alias: HostAlias; plan: HostPlan } => ({ alias, plan: hostPlans[alias] }));
  return {
    silent: plans
      .filter(({ plan }) => plan.access === 'silent')
      .map(({ alias }) => ({ host: hostAddress(net, alias), port })),
    delays: plans
      .filter(({ plan }) => plan.delayMs > 0)
      .map(({ alias, plan: { delayMs } }) => ({
        host: hostAddress(net, alias),
        port,
        target: hostAddress(net, alias, true),
        delayMs,
      })),
  };
}

async function startServer(host: FleetHost | undefined, binary: string, password?: string): Promise<OpencodeServer> {
  if (!host?.machine) throw new FleetError('A live fleet needs alpha.');
  const { machine, home } = host;
  const environment = { ...host.environment, ...(password ? { OPENCODE_SERVER_PASSWORD: password } : {}) };
  const server = await startOpencodeServer({ machine, binary, environment, cwd: home, log: join(home, '.serve.log') });
  await startLiveSessions(server, home);
  return server;
}
