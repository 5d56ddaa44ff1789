import { randomBytes } from 'node:crypto';
import { formatHashedKnownHost, formatKnownHost } from '../fleet/known-hosts.ts';
import type { KeyType, LabHostPlan } from './plan.ts';

/** The parts of a host that the client's files need. */
export type ClientHost = {
  readonly alias: string;
  readonly address: string;
  readonly port: number;
  readonly plan: LabHostPlan;
  /** Its host keys by type. */
  readonly publicKeys: ReadonlyMap<KeyType, string>;
  /** A key of each type that it does not have. */
  readonly wrongKeys: ReadonlyMap<KeyType, string>;
  readonly identity: string;
};

/** The lines of known_hosts that a host's plan asks for. */
export function formatKnownHosts(host: ClientHost, authority: string): string[] {
  const { trust = 'known', trustedKeys } = host.plan;
  const { address, port } = host;
  const keys = (from: ReadonlyMap<KeyType, string>) =>
    [...from]
      .filter(([type]) => trustedKeys?.includes(type) ?? true)
      .map(([, publicKey]) => ({ address, port, publicKey }));
  const known = keys(host.publicKeys);
  const lines: Record<typeof trust, () => string[]> = {
    known: () => known.map(formatKnownHost),
    hashed: () => known.map((line) => formatHashedKnownHost(line, randomBytes(20))),
    unknown: () => [],
    changed: () => keys(host.wrongKeys).map(formatKnownHost),
    // Known too: a client that does not heed the revocation would connect.
    revoked: () => known.map(formatKnownHost).flatMap((line) => [line, `@revoked ${line}`]),
    'cert-authority': () => [`@cert-authority ${formatKnownHost({ address, port, publicKey: authority })}`],
  };
  return lines[trust]();
}

/** The client's ssh_config(5): what hosts ask for themselves comes first, so it wins. */
export function formatClientConfig(
  hosts: readonly ClientHost[],
  everywhere: { readonly port: number; readonly user: string; readonly knownHosts: string },
): string {
  return [
    ...hosts.map(formatHostBlock),
    'Host *',
    `  Port ${everywhere.port}`,
    `  User ${everywhere.user}`,
    `  UserKnownHostsFile "${everywhere.knownHosts}"`,
    '  GlobalKnownHostsFile /dev/null',
    '',
  ].join('\n');
}

function formatHostBlock({ alias, address, plan, identity }: ClientHost): string {
  const own = plan.client ?? [];
  const says = (word: RegExp) => own.some((line) => word.test(line));
  const jump = plan.behind === undefined || says(/^\s*proxy(jump|command)\b/i) ? [] : [`ProxyJump ${plan.behind}`];
  const key = says(/^\s*identityfile\b/i) ? [] : [`IdentityFile "${identity}"`];
  const lines = [...own, ...(says(/^\s*hostname\b/i) ? [] : [`HostName ${address}`]), ...jump, ...key];
  return [`Host ${alias}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}
