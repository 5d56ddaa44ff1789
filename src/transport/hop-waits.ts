import { TransportError } from './transport.ts';

interface Wait {
  readonly who: string;
  readonly hop: string;
}

/** Who waits for which hop. Two that wait for each other would do so for ever, whoever of them was asked for first. */
export class HopWaits {
  readonly #waits = new Set<Wait>();

  /** Waits for the hop. Rejects with a TransportError when the hop waits for `who` itself. */
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

  /** The way along which `from` waits for `to`; `null` when it does not. */
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
