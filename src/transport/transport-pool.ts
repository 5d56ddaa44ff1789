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
  /** Returns the route to a hop of a ProxyJump. */
  resolveHop(destination: JumpDestination, signal: AbortSignal): Promise<Route>;
}

interface Opening {
  readonly address: string;
  readonly transport: Promise<Transport>;
  readonly asksUser: boolean;
  /** Its result. A failed attempt is forgotten. */
  opened: Transport | null;
}

/** One transport per host, opened on first use and reopened after it was lost. Hops are hosts like all others. */
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

  /** Returns the host's transport. Concurrent callers share one attempt. Rejects with a TransportError. */
  get(host: Pick<Host, 'alias' | 'route'>, limits: ConnectLimits): Promise<Transport> {
    return this.#get(targetOf(host), limits);
  }

  /** Calls the listener with the name of each host or hop that was connected. Returns a function that removes it. */
  onConnected(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Stops handing out the host's transport, and closes it once no program on a pty and no stream needs it. With `only`,
   * leaves a transport alone that has replaced that one.
   */
  retire(name: string, only?: Transport): void {
    if (only !== undefined && this.#open.get(name)?.opened !== only) only.retire();
    else this.#leave(name, (transport) => transport.retire());
  }

  /** Closes the host's transport, if there is one. */
  drop(name: string): void {
    this.#leave(name, (transport) => transport.close());
  }

  /** Forgets all failures of hops, so that each is tried again on its next use. */
  forgetFailures(): void {
    this.#failures.clear();
  }

  /** Closes all transports. Pending calls reject at once. */
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
      // Another waiter may have started over by now.
      if (this.#open.get(name) === known) this.#replace(name, known);
    }
  }

  /**
   * Returns the transport of an attempt, or `null` if a new one must be made. A caller that gives up leaves the attempt
   * to the others.
   */
  async #join(opening: Opening, limits: ConnectLimits): Promise<Transport | null> {
    if (opening.opened !== null) return opening.opened.closed ? null : opening.opened;
    if (opening.asksUser && limits.interaction === null) {
      throw new TransportError('auth', 'waiting for your answer');
    }
    const signal = AbortSignal.any([limits.signal, this.#stop.signal]);
    try {
      const transport = await waitFor(opening.transport, signal);
      return transport.closed ? null : transport;
    } catch (error) {
      if (signal.aborted) throw error;
      // The caller that started it gave up, which says nothing about the host.
      if (error instanceof TransportError && error.kind === 'aborted') return null;
      // The attempt could not ask the user: if it fails for that reason, it is retried with the user.
      if (limits.interaction !== null && !opening.asksUser) return null;
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
      asksUser: limits.interaction !== null,
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
          // No other host may be using the hop.
          this.retire(through.name, transport);
          return open(await get());
        }
      },
    };
    return this.#parts.connect(target, limits, via);
  }

  /** Returns the hop's transport. A failure is the hop's own: hosts behind it are `blocked`. */
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

/** Waits until the signal aborts; the promise itself goes on. */
function waitFor<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => reject(givenUp()));
    promise.then(resolve, reject).finally(stopListening);
  });
}
