import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createMachine, type Machine } from '../fleet/machine.ts';
import type { Requirements } from '../fleet/requirements.ts';
import { formatPam, giveAccount } from './accounts.ts';
import type { LabCapabilities } from './capabilities.ts';
import type { ClientHost } from './client-config.ts';
import { Keyring } from './keyring.ts';
import { createLabSshd, type LabSshd } from './lab-sshd.ts';
import { formatLabSshdConfig } from './lab-sshd-config.ts';
import type { OpencodeSource } from './opencode-source.ts';
import type { KeyType, LabHostPlan } from './plan.ts';

/** The parts shared by all hosts of a lab. */
export type LabBase = {
  readonly directory: string;
  readonly user: string;
  readonly port: number;
  readonly system: Requirements;
  readonly can: LabCapabilities;
  /** The client's keys and the two authorities. */
  readonly keyring: Keyring;
  readonly passwordHash: string;
  /** The text of formatCodeFile. */
  readonly codeFile: string;
  /** Where the hosts whose plan says so get opencode from. */
  readonly opencode: OpencodeSource | undefined;
  /** Aliases that others are behind. */
  readonly hops: ReadonlySet<string>;
  /** Called for every machine as soon as it runs, so that it can be closed even if a later step fails. */
  readonly onMachine: (machine: Machine) => void;
};

/** A host of the lab. */
export type LabHost = LabSshd & {
  readonly alias: string;
  readonly address: string;
  readonly port: number;
  readonly home: string;
  /** May be written at any time: sshd reads it at every login. */
  readonly authorizedKeys: string;
  /** `ssh-ed25519 AAAA... NAME` of each host key. */
  readonly publicKeys: readonly string[];
  readonly client: ClientHost;
  readonly machine: Machine;
};

const doorway = join(import.meta.dirname, 'doorway.py');

/**
 * Sets one host up and starts its sshd. A host that others are behind listens where its own clients are and serves in a
 * network of its own, which the others join.
 * @param hop the host that this one is behind
 */
export async function startLabHost(
  alias: string,
  address: string,
  plan: LabHostPlan,
  hop: LabHost | undefined,
  base: LabBase,
): Promise<LabHost> {
  const { directory, port, system, can } = base;
  const folder = join(directory, alias);
  const home = join(folder, 'home');
  const authorizedKeys = join(folder, 'authorized_keys');
  const logFile = join(folder, 'sshd.log');
  const isHop = can.behind && base.hops.has(alias);
  const joins = can.behind ? hop?.machine.pid : undefined;
  await mkdir(folder, { recursive: true });
  const opencode = plan.opencode ? base.opencode : undefined;
  await opencode?.makeHome(home);
  await mkdir(home, { recursive: true });
  const machine = await createMachine(alias, directory, { joins, own: isHop });
  base.onMachine(machine);
  const [keys] = await Promise.all([
    makeHostKeys(folder, { alias, address }, plan, base),
    writeAuthorizedKeys(authorizedKeys, plan, base.keyring),
    writeHome(home, plan),
    can.passwords ? prepareAccount(machine, folder, plan, base) : undefined,
  ]);
  const bannerFile = plan.banner === undefined ? undefined : join(folder, 'banner');
  if (bannerFile !== undefined) await writeFile(bannerFile, plan.banner ?? '');
  const config = formatLabSshdConfig(plan, {
    ...{ address, port, authorizedKeys, bannerFile },
    hostKeys: [...keys.own.values()].map(({ path }) => path),
    hostCertificates:
      plan.trust === 'cert-authority' ? [...keys.own.values()].map(({ path }) => `${path}-cert.pub`) : [],
    userAuthority: `${base.keyring.get('user-authority').path}.pub`,
    environment: { ...opencode?.environment, OCR_FLEET: directory, ...(can.passwords ? {} : { HOME: home }) },
    tellsForwards: base.hops.has(alias),
    opensshVersion: system.opensshVersion,
  });
  const configFile = join(folder, 'sshd_config');
  await writeFile(configFile, config, { mode: 0o600 });
  const common = [system.programs.sshd, '-f', configFile, '-E', logFile];
  const [program = '', ...parameters] = isHop
    ? [system.programs.python3, doorway, address, String(port), ...common, '-i']
    : [...common, '-D'];
  const network = joins ?? process.pid;
  const sshd = createLabSshd(machine, { program, parameters, address, port, network, logFile });
  await sshd.start();
  const texts = (from: typeof keys.own) => new Map([...from].map(([type, { publicKey }]) => [type, publicKey]));
  const publicKeys = texts(keys.own);
  const identity = base.keyring.get(plan.access === 'certificate' ? 'certified' : 'plain').path;
  const client = { alias, address, port, plan, identity, publicKeys, wrongKeys: texts(keys.wrong) };
  return { ...sshd, alias, address, port, home, authorizedKeys, machine, client, publicKeys: [...publicKeys.values()] };
}

/** The host's keys, certified where its plan says so, and as many that are not its own for a known_hosts that is wrong. */
async function makeHostKeys(
  folder: string,
  names: { readonly alias: string; readonly address: string },
  { hostKeys = ['ed25519'], trust }: LabHostPlan,
  { system, keyring }: LabBase,
) {
  const own = new Keyring(folder, system.programs['ssh-keygen']);
  const make = async (type: KeyType, prefix: string) =>
    [type, await own.create(`${prefix}_${type}`, { type })] as const;
  const [right, wrong] = await Promise.all([
    Promise.all(hostKeys.map((type) => make(type, 'host'))),
    Promise.all(trust === 'changed' ? hostKeys.map((type) => make(type, 'wrong')) : []),
  ]);
  if (trust === 'cert-authority') {
    const authority = keyring.get('host-authority');
    await Promise.all(right.map(([, key]) => own.certify(key, authority, 'host', [names.address, names.alias])));
  }
  return { own: new Map(right), wrong: new Map(wrong) };
}

async function writeAuthorizedKeys(path: string, plan: LabHostPlan, keyring: Keyring): Promise<void> {
  const { authorized = ['plain', 'encrypted'] } = plan;
  const keys = await Promise.all(authorized.map((name) => keyring.create(name)));
  await writeFile(path, keys.map(({ publicKey }) => `${publicKey}\n`).join(''));
}

async function writeHome(home: string, { home: files = {} }: LabHostPlan): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
}

async function prepareAccount(machine: Machine, folder: string, plan: LabHostPlan, base: LabBase): Promise<void> {
  const code = join(folder, 'code');
  const pam = formatPam(plan.access, code);
  if (pam !== undefined) await writeFile(code, base.codeFile, { mode: 0o600 });
  const isScript = plan.shell?.startsWith('#!') ?? false;
  const shell = isScript ? join(folder, 'shell') : plan.shell;
  if (isScript) await writeFile(join(folder, 'shell'), plan.shell ?? '', { mode: 0o755 });
  const passwordHash = plan.access === 'none' ? '' : base.passwordHash;
  await giveAccount(machine, folder, { user: base.user, home: join(folder, 'home'), shell, passwordHash, pam });
}
