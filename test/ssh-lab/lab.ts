import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Closers } from '../../src/lib/closers.ts';
import { FleetError } from '../fleet/errors.ts';
import { findFreePort } from '../fleet/free-port.ts';
import { createMachine, type Machine } from '../fleet/machine.ts';
import { checkRequirements } from '../fleet/requirements.ts';
import { createRunDirectory, removeRunDirectory, sweepRunDirectories } from '../fleet/run-directory.ts';
import { hashPassword } from './accounts.ts';
import { type LabAgent, startAgent } from './agent.ts';
import { findLabCapabilities, type LabCapabilities } from './capabilities.ts';
import { formatClientEnvironment, writeClientFiles } from './client-files.ts';
import { type LabKey, type LabKeyOptions, makeLabKeys, makeSecret } from './keyring.ts';
import type { LabBase, LabHost } from './lab-host.ts';
import { openOpencodeSource } from './opencode-source.ts';
import type { LabHostPlan } from './plan.ts';
import { startLabHosts } from './start-lab-hosts.ts';
import { computeCode, formatCodeFile } from './verification-code.ts';

export type { LabHost } from './lab-host.ts';

/** Real sshds on loopback addresses of their own, each on a machine of its own, until `close`. */
export type Lab<Alias extends string = string> = {
  readonly directory: string;
  /** For `ssh -F` and `ocr --ssh-config`. */
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly user: string;
  /** The account's password on every host, where `can.passwords`. */
  readonly password: string;
  /** The environment for a client: this process's, with a home of its own and without an ssh agent. */
  readonly environment: NodeJS.ProcessEnv;
  readonly can: LabCapabilities;
  /** A verification code that is good now, on every host that asks for one. */
  code(): string;
  /** `plain`, `encrypted`, `other` (authorized nowhere by itself), `certified`, those of `authorized` and of `createKey`. */
  key(name: string): LabKey;
  createKey(name: string, options?: LabKeyOptions): Promise<LabKey>;
  host(alias: Alias): LabHost;
  /** Starts an ssh-agent that holds these keys. */
  agent(...names: string[]): Promise<LabAgent>;
  close(): Promise<void>;
};

/** Starts a lab. Rejects with a FleetError for what a user can mend. */
export async function startLab<Alias extends string>(hosts: Record<Alias, LabHostPlan>): Promise<Lab<Alias>> {
  const system = checkRequirements();
  const can = findLabCapabilities();
  checkPlans(hosts, can);
  await sweepRunDirectories();
  const closers = new Closers();
  const directory = await createRunDirectory();
  closers.add(() => removeRunDirectory(directory));
  try {
    // sshd's privilege separation folder, which only a service start makes.
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    const { username: user } = userInfo();
    const password = makeSecret();
    const codeSecret = randomBytes(20);
    const onMachine = (machine: Machine) => closers.add(() => machine.close());
    const opencode = plansOf(hosts).some(([, plan]) => plan.opencode) ? await openOpencodeSource(directory) : undefined;
    if (opencode !== undefined) closers.add(() => opencode.close());
    const [keyring, passwordHash, port] = await Promise.all([
      makeLabKeys(join(directory, 'keys'), system.programs['ssh-keygen'], user),
      hashPassword(password, makeSecret().slice(0, 8)),
      findFreePort('0.0.0.0'),
    ]);
    const base: LabBase = {
      ...{ directory, user, port, system, can, keyring, passwordHash, opencode, onMachine },
      codeFile: formatCodeFile(codeSecret),
      hops: new Set(plansOf(hosts).flatMap(([, { behind }]) => behind ?? [])),
    };
    const started = await startLabHosts(hosts, base);
    const clients = [...started.values()].map(({ client }) => client);
    const files = await writeClientFiles(directory, {
      port,
      user,
      clients,
      authority: keyring.get('host-authority').publicKey,
    });
    const home = join(directory, 'client');
    await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
    let agents = 0;
    let agentMachine: Promise<Machine> | undefined;
    return {
      ...{ directory, user, password, can, ...files },
      environment: formatClientEnvironment(home),
      code: () => computeCode(codeSecret, Date.now()),
      key: (name) => keyring.get(name),
      createKey: (name, options) => keyring.create(name, options),
      host(alias) {
        const found = started.get(alias);
        if (found === undefined) throw new Error(`The lab has no host ${alias}`);
        return found;
      },
      async agent(...names) {
        agentMachine ??= createMachine('client', directory);
        const machine = await agentMachine;
        if (agents === 0) onMachine(machine);
        agents += 1;
        const agent = await startAgent(machine, directory, `agent-${agents}`, keyring);
        for (const name of names) await agent.add(name);
        return agent;
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

function plansOf(hosts: Record<string, LabHostPlan>): [string, LabHostPlan][] {
  return Object.entries(hosts);
}

function checkPlans(hosts: Record<string, LabHostPlan>, can: LabCapabilities): void {
  const needsCodes = plansOf(hosts).some(([, { access = 'key' }]) => ['two-prompts', 'key-and-code'].includes(access));
  if (needsCodes && can.passwords && !can.codes) {
    throw new FleetError('The lab asks for verification codes: apt-get install libpam-google-authenticator');
  }
}
