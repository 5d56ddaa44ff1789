import type { Duplex } from 'node:stream';
import type { Host, Route } from '../domain/host.ts';
import type { JumpDestination } from '../domain/jump.ts';

/** What a connection is made to. */
export interface Target {
  /** What the connection is known by: the alias, or `user@host:port` and the way there for a hop that has none. */
  readonly name: string;
  readonly route: Route;
  /** What ssh is told to reach it. */
  readonly destination: JumpDestination;
}

/** The way to a target through a host that a connection is open to. */
export interface Via {
  readonly name: string;
  /** Connects to the hop, unless that is done already. Rejects with a TransportError. */
  ready(): Promise<void>;
  /** Connects to the hop, unless that is done already, and opens a stream from there to the target. Rejects with a TransportError. */
  open(): Promise<Duplex>;
}

export function targetOf({ alias, route }: Pick<Host, 'alias' | 'route'>): Target {
  return { name: alias, route, destination: { host: alias, user: null, port: null } };
}

/**
 * The hop of a chain, `before` being the hops that come first. One that is named by its alias alone is the very host of the fleet, and shares its
 * connection.
 */
export function hopTarget(hop: JumpDestination, before: readonly JumpDestination[], route: Route): Target {
  const name = hopName(hop, before);
  if (before.length === 0 || route.kind !== 'ssh') return { name, route, destination: hop };
  const proxyJump = before.map(describeHop).join(',');
  return {
    name,
    route: { kind: 'ssh', options: { ...route.options, proxyJump, proxyCommand: null } },
    destination: hop,
  };
}

/** What the connection to a hop is known by: `hop`, or `hop via others` when the chain says how it is reached. */
export function hopName(hop: JumpDestination, before: readonly JumpDestination[]): string {
  return before.length === 0 ? describeHop(hop) : `${describeHop(hop)} via ${before.map(describeHop).join(',')}`;
}

/** `[user@]host[:port]`, as in a ProxyJump. */
export function describeHop({ host, user, port }: JumpDestination): string {
  const name = port !== null && host.includes(':') ? `[${host}]` : host;
  return `${user === null ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}`;
}
