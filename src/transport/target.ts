import type { Duplex } from 'node:stream';
import type { Host, Route } from '../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../domain/jump.ts';
import { TransportError } from './transport.ts';

/** What a connection is made to. */
export interface Target {
  /** What the connection is known by: the alias, or `user@host:port` and the way there for a hop that has none. */
  readonly name: string;
  readonly route: Route;
  /** What ssh is told to reach it. */
  readonly destination: JumpDestination;
  /** The hops of a chain that come before it, nearest first, in place of the route's own ProxyJump. */
  readonly before: readonly JumpDestination[];
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
  return { name: alias, route, destination: { host: alias, user: null, port: null }, before: [] };
}

/**
 * The hop of a chain, `before` being the hops that come first. One that is named by its alias alone is the very host of the fleet, and shares its
 * connection. Throws a TransportError when the hop cannot be reached through others.
 */
export function hopTarget(hop: JumpDestination, before: readonly JumpDestination[], route: Route): Target {
  const target = { name: hopName(hop, before), destination: hop, before };
  if (before.length === 0) return { ...target, route };
  if (route.kind === 'by-name') {
    const name = describeHop(hop);
    const why = "can only be reached by the system's ssh by its name, which knows nothing of the hops before it";
    throw new TransportError('protocol', `${name} ${why}`, { hint: route.reason });
  }
  if (route.kind !== 'ssh') return { ...target, route };
  return { ...target, route: { kind: 'ssh', options: { ...route.options, proxyJump: null, proxyCommand: null } } };
}

/** The hops on the way to a target, nearest first. Throws a TransportError when its ProxyJump is garbage. */
export function hopsTo({ route, before }: Target): readonly JumpDestination[] {
  const jump = route.kind === 'ssh' ? route.options.proxyJump : null;
  if (before.length > 0 || jump === null) return before;
  const hops = parseProxyJump(jump);
  if (hops === null) throw new TransportError('protocol', `ProxyJump ${jump} is not understood`);
  return hops;
}

/** What the connection to a hop is known by: `hop`, or `hop via others` when the chain says how it is reached. */
export function hopName(hop: JumpDestination, before: readonly JumpDestination[]): string {
  return before.length === 0 ? describeHop(hop) : `${describeHop(hop)} via ${before.map(describeHop).join(',')}`;
}

/** `[user@]host[:port]`, brackets only where a port follows an IPv6 address: a hop that is an alias is called as the alias. */
export function describeHop({ host, user, port }: JumpDestination): string {
  const name = port !== null && host.includes(':') ? `[${host}]` : host;
  return `${user === null ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}`;
}
