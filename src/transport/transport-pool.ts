import type { Host, Route } from '../domain/host.ts';
import type { JumpDestination } from '../domain/jump.ts';
import { onAbort } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import type { Connect } from './connector.ts';
import { HopFailures } from './hop-failures.ts';
import { blocked, isLost, openThrough } from './hop-stream.ts';
import { HopWaits } from './hop-waits.ts';
import type { ConnectLimits } from './interaction.ts';
import { givenUp } from './socket.ts';
import { hopsTo, hopTarget, type Target, targetOf, type Via } from './target.ts';
import { type Transport, TransportError } from './transport.ts';

export interface PoolParts {
  readonly connect: Connect;
  readonly clock: Clock;
  /** How a hop of a ProxyJump is reached. */
  resolveHop(destination: JumpDestination, signal: AbortSignal): Promise<Route>;
}

interface Opening {
  readonly address: string;
  readonly transport: Promise<Transport>;
  readonly asksPerson: boolean;
  /** What came of it. One that failed is forgotten. */
  opened: Transport | null;
}

/** One transport a host, opened when first asked for and opened anew after it was lost. Hops are hosts like all others. */
export class TransportPool {
  readonly #parts: PoolParts;
  readonly #open = new Map<string, Opening>();
  readonly #failures: HopFailures;
  readonly #waits = new HopWaits();
  readonly #listeners = new Set<(name: string) => void>();
  readonly #stop = new AbortController();

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#failures = new HopFailures(parts.clock);
  }

  /** Gives the host's transport. Those who ask while it connects share one attempt. Rejects with a TransportError. */
  get(host: Pick<Host, 'alias' | 'route'>, limits: ConnectLimits): Promise<Transport> {
    return this.#get(targetOf(host), limits);
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

  /** Every hop that failed is tried again by the next who wants to go through it. */
  forgetFailures(): void {
    this.#failures.clear();
  }

  /** Closes all. Whoever waits for a connection is told at once. */
  close(): void {
    this.#stop.abort();
    for (const name of [...this.#open.keys()]) this.drop(name);
  }

  async #get(target: Target, limits: ConnectLimits): Promise<Transport> {
    const { name } = target;
    const address = JSON.stringify([target.route, target.before]);
    for (;;) {
      if (this.#stop.signal.aborted) throw new TransportError('closed', 'ocr is closing');
      if (limits.signal.aborted) throw givenUp();
      const known = this.#open.get(name);
      if (known === undefined) return this.#begin(target, address, limits);
      const shared = known.address === address ? await this.#join(known, limits) : null;
      if (shared !== null) return shared;
      // Another who waited with us may have begun anew by now.
      if (this.#open.get(name) === known) this.#replace(name, known);
    }
  }

  /** The transport of an attempt, or `null` when a new one is to be made. Whoever gives up leaves the attempt to the others. */
  async #join(opening: Opening, limits: ConnectLimits): Promise<Transport | null> {
    if (opening.opened !== null) return opening.opened.closed ? null : opening.opened;
    if (opening.asksPerson && limits.interaction === null) {
      throw new TransportError('auth', 'waiting for what you are being asked');
    }
    const signal = AbortSignal.any([limits.signal, this.#stop.signal]);
    try {
      const transport = await waitFor(opening.transport, signal);
      return transport.closed ? null : transport;
    } catch (error) {
      if (signal.aborted) throw error;
      // Who began it gave up, which is no word on the host.
      if (error instanceof TransportError && error.kind === 'aborted') return null;
      // It was begun without anybody to ask: when it fails for that, it is tried again with somebody.
      if (limits.interaction !== null && !opening.asksPerson) return null;
      throw error;
    }
  }

  #replace(name: string, opening: Opening): void {
    if (opening.opened !== null) this.retire(name);
    else this.drop(name);
  }

  async #begin(target: Target, address: string, limits: ConnectLimits): Promise<Transport> {
    const { name } = target;
    const signal = AbortSignal.any([limits.signal, this.#stop.signal]);
    if (limits.interaction !== null) this.#failures.forget(name);
    const opening: Opening = {
      address,
      transport: this.#connect(target, { ...limits, signal }),
      asksPerson: limits.interaction !== null,
      opened: null,
    };
    this.#open.set(name, opening);
    try {
      const transport = await opening.transport;
      opening.opened = transport;
      if (this.#stop.signal.aborted) transport.close();
      this.#failures.forget(name);
      for (const listener of this.#listeners) listener(name);
      return transport;
    } catch (error) {
      if (this.#open.get(name) === opening) this.#open.delete(name);
      if (error instanceof TransportError && error.kind !== 'aborted') this.#failures.add(name, error);
      throw error;
    }
  }

  async #connect(target: Target, limits: ConnectLimits): Promise<Transport> {
    const { route } = target;
    const hops = hopsTo(target);
    const hop = hops.at(-1);
    if (route.kind !== 'ssh' || hop === undefined) return this.#parts.connect(target, limits, null);
    const through = hopTarget(hop, hops.slice(0, -1), await this.#parts.resolveHop(hop, limits.signal));
    const { hostname: host, port } = route.options;
    const get = () => this.#waits.run(target.name, through.name, () => this.#throughHop(through, limits));
    const via: Via = {
      name: through.name,
      ready: async () => {
        await get();
      },
      open: async () => {
        const open = (transport: Transport) => {
          limits.interaction?.progress(`connecting to ${target.name} through ${through.name}`);
          return openThrough(transport, through.name, { host, port }, limits.signal);
        };
        const transport = await get();
        try {
          return await open(transport);
        } catch (error) {
          if (!(await isLost(transport, error, limits.signal))) throw error;
          // It may be that nobody else asks the hop.
          this.retire(through.name, transport);
          return open(await get());
        }
      },
    };
    return this.#parts.connect(target, limits, via);
  }

  /** The hop's transport. What keeps it from being had is the hop's matter: whoever is behind it is blocked. */
  async #throughHop(hop: Target, limits: ConnectLimits): Promise<Transport> {
    const failure = limits.interaction === null ? this.#failures.standing(hop.name) : null;
    if (failure !== null) throw blocked(hop.name, failure);
    limits.interaction?.progress(`connecting to ${hop.name}`);
    try {
      const transport = await this.#get(hop, limits);
      limits.interaction?.progress(`${hop.name} is connected`);
      return transport;
    } catch (error) {
      throw error instanceof TransportError && error.kind !== 'aborted' ? blocked(hop.name, error) : error;
    }
  }

  #leave(name: string, leave: (transport: Transport) => void): void {
    const known = this.#open.get(name);
    this.#open.delete(name);
    known?.transport.then(leave, () => {});
  }
}

/** Waits until the signal aborts at the longest; what is waited for goes on. */
function waitFor<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(givenUp()));
    promise.then(resolve, reject).finally(stopListening);
  });
}
