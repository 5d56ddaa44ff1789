import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createBinFolder } from './bin-folder.ts';
import { formatHomeEnvironment, writeOpencodeConfig, writeProfile } from './home.ts';
import { type HostAlias, type HostPlan, hasSshd, hostAddress, hostPlans } from './hosts.ts';
import { createMachine, type Machine } from './machine.ts';
import type { Requirements } from './requirements.ts';
import { copySeed } from './seeds.ts';
import { createSshd, type Sshd } from './sshd.ts';

const run = promisify(execFile);

/** The parts shared by all hosts of a fleet. */
export type FleetBase = {
  readonly directory: string;
  readonly net: number;
  readonly port: number;
  readonly system: Requirements;
  readonly opencode: string;
  readonly stubPort: number;
  /** Folder of the seeded homes. */
  readonly seeds: string;
  /** Hosts that have a seeded home. */
  readonly seeded: ReadonlySet<HostAlias>;
  readonly authorizedKeys: string;
  /** Called for every machine as soon as it runs, so that it can be closed even if a later step fails. */
  readonly onMachine: (machine: Machine) => void;
};

/** A host of the fleet. Those without an sshd have neither home nor machine. */
export type FleetHost = {
  readonly alias: HostAlias;
  readonly address: string;
  readonly port: number;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: string;
  readonly machine: Machine | null;
  readonly sshd: Sshd | null;
  /** `ssh-ed25519 AAAA...`; empty without an sshd. */
  readonly publicKey: string;
};

/** Sets one host up and starts its sshd. */
export async function startHost(alias: HostAlias, base: FleetBase): Promise<FleetHost> {
  const plan: HostPlan = hostPlans[alias];
  const folder = join(base.directory, alias);
  const home = join(folder, 'home');
  const bin = join(folder, 'bin');
  const log = join(folder, 'sshd.log');
  const environment = formatHomeEnvironment(home, bin, base.directory);
  const common = { alias, address: hostAddress(base.net, alias), port: base.port, home, environment, log };
  if (!hasSshd(alias)) return { ...common, machine: null, sshd: null, publicKey: '' };

  await mkdir(folder, { recursive: true });
  if (base.seeded.has(alias)) await copySeed(base.seeds, alias, home);
  await writeProfile(home, bin);
  await writeOpencodeConfig(home, base.stubPort);
  await createBinFolder(bin, plan, base.opencode, base.system);
  if (plan.opencodeInHome) {
    await mkdir(join(home, '.opencode/bin'), { recursive: true });
    await symlink(base.opencode, join(home, '.opencode/bin/opencode'));
  }
  const hostKey = join(folder, 'host_key');
  await run(base.system.programs['ssh-keygen'], ['-q', '-t', 'ed25519', '-N', '', '-C', alias, '-f', hostKey]);
  const machine = await createMachine(alias, base.directory);
  base.onMachine(machine);
  const sshd = createSshd(
    machine,
    base.system.programs.sshd,
    {
      address: hostAddress(base.net, alias, plan.delayMs > 0),
      port: base.port,
      hostKey,
      authorizedKeys: base.authorizedKeys,
      passwordOnly: plan.access === 'password',
      environment,
      opensshVersion: base.system.opensshVersion,
    },
    join(folder, 'sshd_config'),
    log,
  );
  await sshd.start();
  return { ...common, machine, sshd, publicKey: await readFile(`${hostKey}.pub`, 'utf8') };
}
