import type { Duplex } from 'node:stream';
import type { Host, Route } from '../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../domain/jump.ts';
import { TransportError } from './transport.ts';

/** The destination of a connection. */
export interface Target {
  /** Name of the connection: the alias, or `user@host:port` and the route for a hop without one. */
  readonly name: string;
  readonly route: Route;
  /** The address given to ssh. */
  readonly destination: JumpDestination;
  /** The hops before it in a chain, nearest first, instead of the route's own ProxyJump. */
  readonly before: readonly JumpDestination[];
}

/** The way to a target through a connected host. */
export interface Via {
  readonly name: string;
  /** Connects to the hop if needed. Rejects with a TransportError. */
  ready(): Promise<void>;
  /** Connects to the hop if needed, and opens a stream from there to the target. Rejects with a TransportError. */
  open(): Promise<Duplex>;
}

export function targetOf({ alias, route }: Pick<Host, 'alias' | 'route'>): Target {
  return { name: alias, route, destination: { host: alias, user: null, port: null }, before: [] };
}

/**
 * Returns the target of a hop; `before` are the hops that come first. A hop named only by its alias is that host of the
 * fleet, and shares its connection. Throws a TransportError if the hop cannot be reached through others.
 */
export function hopTarget(hop: JumpDestination, before: readonly JumpDestination[], route: Route): Target {
  const target = { name: hopName(hop, before), destination: hop, before };
  if (before.length === 0) return { ...target, route };
  if (route.kind === 'by-name') {
    const name = describeHop(hop);
    const why = "can only be reached by name by the system's ssh, which does not know the hops before it";
    throw new TransportError('protocol', `${name} ${why}`, { hint: route.reason });
  }
  if (route.kind !== 'ssh') return { ...target, route };
  return { ...target, route: { kind: 'ssh', options: { ...route.options, proxyJump: null, proxyCommand: null } } };
}

/** Returns the hops on the way to a target, nearest first. Throws a TransportError if its ProxyJump is invalid. */
export function hopsTo({ route, before }: Target): readonly JumpDestination[] {
  const jump = route.kind === 'ssh' ? route.options.proxyJump : null;
  if (before.length > 0 || jump === null) return before;
  const hops = parseProxyJump(jump);
  if (hops === null) throw new TransportError('protocol', `ProxyJump ${jump} is not understood`);
  return hops;
}

/** Returns the name of a hop's connection: `hop`, or `hop via others` if the chain says how it is reached. */
export function hopName(hop: JumpDestination, before: readonly JumpDestination[]): string {
  return before.length === 0 ? describeHop(hop) : `${describeHop(hop)} via ${before.map(describeHop).join(',')}`;
}

/**
 * Returns `[user@]host[:port]`, with brackets only if a port follows an IPv6 address. A hop that is an alias is named
 * by it.
 */
export function describeHop({ host, user, port }: JumpDestination): string {
  const name = port !== null && host.includes(':') ? `[${host}]` : host;
  return `${user === null ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}`;
}
