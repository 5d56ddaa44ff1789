import { TransportError } from './transport.ts';

interface Wait {
  readonly who: string;
  readonly hop: string;
}

/** Tracks who waits for which hop. Two that wait for each other would never finish. */
export class HopWaits {
  readonly #waits = new Set<Wait>();

  /** Waits for the hop. Rejects with a TransportError if the hop waits for `who` itself. */
  async run<T>(who: string, hop: string, wait: () => Promise<T>): Promise<T> {
    const chain = this.#chain(hop, who, new Set());
    if (chain !== null) {
      throw new TransportError('protocol', `ProxyJump goes in a circle: ${[...chain, hop].join(' -> ')}`);
    }
    const waiting = { who, hop };
    this.#waits.add(waiting);
    try {
      return await wait();
    } finally {
      this.#waits.delete(waiting);
    }
  }

  /** Returns the chain of waits from `from` to `to`; `null` if there is none. */
  #chain(from: string, to: string, seen: Set<string>): string[] | null {
    if (from === to) return [from];
    seen.add(from);
    for (const { who, hop } of this.#waits) {
      const rest = who === from && !seen.has(hop) ? this.#chain(hop, to, seen) : null;
      if (rest !== null) return [from, ...rest];
    }
    return null;
  }
}
