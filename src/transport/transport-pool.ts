import type { Host, Route } from '../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../domain/jump.ts';
import type { Clock } from '../lib/clock.ts';
import type { Connect } from './connector.ts';
import type { ConnectLimits } from './interaction.ts';
import { hopTarget, type Target, targetOf, type Via } from './target.ts';
import { type Transport, TransportError } from './transport.ts';

export interface PoolParts {
  readonly connect: Connect;
  readonly clock: Clock;
  /** How a hop of a ProxyJump is reached. */
  resolveHop(destination: JumpDestination, signal: AbortSignal): Promise<Route>;
}

/** Milliseconds for which the failure of a hop stands for all who want to go through it, so that it is not hammered. */
const HOP_FAILURE = 5000;

/** Milliseconds in which a hop that was silent shows that it is there. */
const SIGN_OF_LIFE = 3000;

interface Opening {
  readonly address: string;
  readonly transport: Promise<Transport>;
  readonly asksPerson: boolean;
  settled: boolean;
  /** What came of it. */
  opened: Transport | null;
}

/** One transport a host, opened when first asked for and opened anew after it was lost. Hops are hosts like all others. */
export class TransportPool {
  readonly #parts: PoolParts;
  readonly #open = new Map<string, Opening>();
  readonly #failedHops = new Map<string, { error: TransportError; until: number }>();
  readonly #listeners = new Set<(name: string) => void>();
  readonly #stop = new AbortController();

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** Gives the host's transport. Those who ask while it connects share one attempt. Rejects with a TransportError. */
  get(host: Pick<Host, 'alias' | 'route'>, limits: ConnectLimits): Promise<Transport> {
    return this.#get(targetOf(host), limits, []);
  }

  /** Calls the listener with the name of each host or hop that was connected. Returns what ends that. */
  onConnected(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Nobody new is given the host's transport, and it is closed as soon as no program on a pty and no stream needs it. With `only`, one that has taken
   * the place of that one meanwhile is left alone.
   */
  retire(name: string, only?: Transport): void {
    if (only !== undefined && this.#open.get(name)?.opened !== only) only.retire();
    else this.#leave(name, (transport) => transport.retire());
  }

  /** Closes the host's transport, if there is one. */
  drop(name: string): void {
    this.#leave(name, (transport) => transport.close());
  }

  close(): void {
    this.#stop.abort();
    for (const name of [...this.#open.keys()]) this.drop(name);
  }

  async #get(target: Target, limits: ConnectLimits, trail: readonly string[]): Promise<Transport> {
    if (this.#stop.signal.aborted) throw new TransportError('closed', 'ocr is closing');
    const { name } = target;
    const address = JSON.stringify(target.route);
    const known = this.#open.get(name);
    if (known?.address === address) {
      const shared = await this.#join(known, limits);
      if (shared !== null) return shared;
    }
    // Another who waited with us may have begun anew by now.
    if (known !== undefined && this.#open.get(name) === known) this.#replace(name, known);
    const latest = this.#open.get(name);
    if (latest !== undefined && latest.address === address) return this.#get(target, limits, trail);
    return this.#begin(target, address, limits, trail);
  }

  /** The transport of an attempt, or `null` when a new one is to be made. */
  async #join(opening: Opening, limits: ConnectLimits): Promise<Transport | null> {
    if (!opening.settled && opening.asksPerson && limits.interaction === null) {
      throw new TransportError('auth', 'waiting for what you are being asked');
    }
    if (opening.settled || limits.interaction === null || opening.asksPerson) {
      const transport = await opening.transport;
      return transport.closed ? null : transport;
    }
    // It was begun without anybody to ask: when it fails for that, it is tried again with somebody.
    const transport = await opening.transport.catch(() => null);
    return transport === null || transport.closed ? null : transport;
  }

  #replace(name: string, opening: Opening): void {
    if (opening.settled) this.retire(name);
    else this.drop(name);
  }

  async #begin(target: Target, address: string, limits: ConnectLimits, trail: readonly string[]): Promise<Transport> {
    const { name } = target;
    const signal = AbortSignal.any([limits.signal, this.#stop.signal]);
    const opening: Opening = {
      address,
      transport: this.#connect(target, { ...limits, signal }, [...trail, name]),
      asksPerson: limits.interaction !== null,
      settled: false,
      opened: null,
    };
    this.#open.set(name, opening);
    try {
      const transport = await opening.transport;
      opening.settled = true;
      opening.opened = transport;
      if (this.#stop.signal.aborted) transport.close();
      this.#forgetFailures(name);
      for (const listener of this.#listeners) listener(name);
      return transport;
    } catch (error) {
      opening.settled = true;
      if (this.#open.get(name) === opening) this.#open.delete(name);
      throw error;
    }
  }

  async #connect(target: Target, limits: ConnectLimits, trail: readonly string[]): Promise<Transport> {
    const { route } = target;
    const jump = route.kind === 'ssh' ? route.options.proxyJump : null;
    if (route.kind !== 'ssh' || jump === null) return this.#parts.connect(target, limits, null);
    const hops = parseProxyJump(jump);
    const hop = hops?.at(-1);
    if (hops === null) throw new TransportError('protocol', `ProxyJump ${jump} is not understood`);
    if (hop === undefined) return this.#parts.connect(target, limits, null);
    const through = hopTarget(hop, hops.slice(0, -1), await this.#parts.resolveHop(hop, limits.signal));
    if (trail.includes(through.name)) {
      const chain = [...trail.slice(trail.indexOf(through.name)), through.name].join(' -> ');
      throw new TransportError('protocol', `ProxyJump goes in a circle: ${chain}`);
    }
    const { hostname, port } = route.options;
    const via: Via = {
      name: through.name,
      ready: async () => {
        await this.#throughHop(through, limits, trail);
      },
      open: async () => {
        const open = async () => {
          const transport = await this.#throughHop(through, limits, trail);
          limits.interaction?.progress(`connecting to ${target.name} through ${through.name}`);
          return { transport, stream: openThrough(transport, through.name, hostname, port, limits) };
        };
        const { transport, stream } = await open();
        try {
          return await stream;
        } catch (error) {
          if (!isLost(error) || (error.kind === 'timeout' && (await answers(transport, limits.signal)))) throw error;
          // Its connection died, maybe unheard as in a sleep, and it may be that nobody else asks the hop.
          this.retire(through.name, transport);
          return (await open()).stream;
        }
      },
    };
    return this.#parts.connect(target, limits, via);
  }

  /** The hop's transport. What keeps it from being had is the hop's matter: whoever is behind it is blocked. */
  async #throughHop(hop: Target, limits: ConnectLimits, trail: readonly string[]): Promise<Transport> {
    const { clock } = this.#parts;
    const failed = this.#failedHops.get(hop.name);
    if (failed !== undefined && limits.interaction === null && clock() < failed.until) throw blocked(hop, failed.error);
    limits.interaction?.progress(`connecting to ${hop.name}`);
    try {
      const transport = await this.#get(hop, limits, trail);
      limits.interaction?.progress(`${hop.name} is connected`);
      return transport;
    } catch (error) {
      if (!(error instanceof TransportError) || error.kind === 'aborted') throw error;
      this.#failedHops.set(hop.name, { error, until: clock() + HOP_FAILURE });
      throw blocked(hop, error);
    }
  }

  /** Neither this one nor those behind it are in the way any more. */
  #forgetFailures(name: string): void {
    for (const [hop, { error }] of this.#failedHops) {
      if (hop === name || error.by === name) this.#failedHops.delete(hop);
    }
  }

  #leave(name: string, leave: (transport: Transport) => void): void {
    const known = this.#open.get(name);
    this.#open.delete(name);
    known?.transport.then(leave, () => {});
  }
}

/** The error of a host behind a hop. The hop at which it all ends is named. */
function blocked(hop: Target, error: TransportError): TransportError {
  if (error.kind === 'blocked') {
    return new TransportError('blocked', error.message, { by: error.by ?? hop.name, hint: error.hint ?? undefined });
  }
  return new TransportError('blocked', `behind ${hop.name}: ${error.message}`, {
    by: hop.name,
    hint: error.hint ?? undefined,
    cause: error,
  });
}

async function openThrough(hop: Transport, name: string, host: string, port: number, limits: ConnectLimits) {
  try {
    return await hop.forward({ host, port }, limits.signal);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.kind === 'blocked') {
      throw new TransportError('blocked', `behind ${name}: ${error.message}`, { by: name, cause: error });
    }
    if (error.kind !== 'refused') throw error;
    throw new TransportError('refused', `${error.message}, says ${name}`, {
      hint: error.hint ?? undefined,
      cause: error,
    });
  }
}

function isLost(error: unknown): error is TransportError {
  return error instanceof TransportError && (error.kind === 'timeout' || error.kind === 'closed');
}

/** Is there anybody at the other end? A refusal is an answer too. */
async function answers(transport: Transport, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(SIGN_OF_LIFE)]);
  try {
    await transport.exec(':', { signal: within, idleTimeout: SIGN_OF_LIFE, maxBytes: 2 ** 20 });
    return true;
  } catch (error) {
    const silent = ['timeout', 'closed', 'aborted'] as const;
    return !(error instanceof TransportError && silent.some((kind) => kind === error.kind));
  }
}
