import type { ConnectionInfo } from '../../domain/connection.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import type { Route } from '../../domain/host.ts';
import type { Fact } from './fact.ts';

/** Options that are not used and are listed. */
const MAX_NOT_USED = 8;

/** Lists how a host is connected, or would be: the transport, the hops, and ignored configuration. */
export function connectionFacts({ host, snapshot, failure }: HostEntry): Fact[] {
  const connection = failure?.connection ?? snapshot?.connection ?? null;
  const options = host.route.kind === 'ssh' ? host.route.options : null;
  const hops = options?.proxyJump?.split(',').map((hop) => hop.trim());
  return [
    ...listed('ssh', compact([connection === null ? foreseen(host.route) : described(connection)])),
    ...listed('host key', compact([connection?.warning?.text])),
    ...listed('notes', connection?.notes ?? []),
    ...listed('behind', compact([hops?.join(', then ')])),
    ...listed('blocked by', compact([failure?.blockedBy])),
    ...listed('not used', shortened(options?.notUsed ?? [])),
  ];
}

function described({ kind, reason }: ConnectionInfo): string | null {
  switch (kind) {
    case 'local':
      return null;
    case 'ssh2':
      return reason === null ? 'ssh2' : `ssh2: ${reason}`;
    case 'openssh':
      return reason === null ? 'system ssh' : `system ssh: ${reason}`;
  }
}

/** Returns what is known about a host that was not connected yet. */
function foreseen(route: Route): string | null {
  if (route.kind === 'by-name') return `system ssh: ${route.reason}`;
  if (route.kind !== 'ssh' || route.options.opensshOnly.length === 0) return null;
  return `system ssh: ${route.options.opensshOnly.join(', ')}`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_NOT_USED) return lines;
  return [...lines.slice(0, MAX_NOT_USED), `${lines.length - MAX_NOT_USED} more`];
}

/** A fact with a value a line; none without values. */
function listed(name: string, values: readonly string[]): Fact[] {
  return values.map((value, at) => ({ name: at === 0 ? name : '', value }));
}

function compact(values: readonly (string | null | undefined)[]): string[] {
  return values.flatMap((value) => (value ? [value] : []));
}
