import { onAbort, sleep } from '../lib/abort.ts';
import { TransportError } from './transport.ts';

/** Time for a server to notice that a closed channel's program has ended, and between two checks. */
const FREE_TIMEOUT_MS = 1000;
const FREE_CHECK_INTERVAL_MS = 20;

/** A channel held open through the gate. */
export interface Held {
  /** Calls the listener once, when the channel has closed. */
  onClose(listener: () => void): void;
}

/** The server refuses another channel on a healthy connection: it is at its limit (sshd_config(5), MaxSessions). */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

/**
 * Limits the channels of one connection to what the server allows, learned from its first refusal. Further requests
 * wait until a channel closes. Owners of channels that they can do without are asked to give them up.
 */
export class ChannelGate {
  readonly #waiting: (() => void)[] = [];
  readonly #idle = new Set<() => void>();
  #open = 0;
  #limit = Number.POSITIVE_INFINITY;
  /** Attempts to open a channel. */
  #begun = 0;
  #lastLeft = Number.NEGATIVE_INFINITY;

  /** True if a request waits for a channel. */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Opens a channel when there is room. Rejects with a ChannelRefused if not even one is allowed, with a TransportError
   * if the signal aborts.
   */
  async open<Channel extends Held>(start: () => Promise<Channel>, signal: AbortSignal): Promise<Channel> {
    for (;;) {
      while (this.#open >= this.#limit) await this.#turn(signal);
      const first = this.#open === 0;
      this.#open += 1;
      this.#begun += 1;
      const begun = this.#begun;
      try {
        const channel = await start();
        channel.onClose(() => this.#left());
        return channel;
      } catch (error) {
        this.#open -= 1;
        const refused = error instanceof ChannelRefused;
        // A channel given up while it opened may live on at the server.
        if (!refused) this.#lastLeft = performance.now();
        // Others may have opened channels since, and the channels held at the refusal may be closed by now.
        const alone = first && this.#begun === begun;
        if (refused && !alone) this.#limit = Math.max(1, this.#open);
        else if (!refused || !(await this.#isFreeing(signal))) {
          this.#wakeOne();
          throw error;
        }
      }
    }
  }

  /**
   * Registers a channel that is not needed right now: `giveUp` closes it when a request waits. Returns a function that
   * takes it back.
   */
  lend(giveUp: () => void): () => void {
    if (this.wanted) {
      giveUp();
      return () => {};
    }
    this.#idle.add(giveUp);
    return () => this.#idle.delete(giveUp);
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        stopListening();
        resolve();
      };
      this.#waiting.push(wake);
      const stopListening = onAbort(signal, () => {
        const at = this.#waiting.indexOf(wake);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(new TransportError('aborted', 'the request was cancelled'));
      });
      const [giveUp] = this.#idle;
      if (giveUp === undefined) return;
      this.#idle.delete(giveUp);
      giveUp();
    });
  }

  /** A server counts a channel until its program has ended, and does not report when that is. */
  async #isFreeing(signal: AbortSignal): Promise<boolean> {
    if (performance.now() - this.#lastLeft > FREE_TIMEOUT_MS) return false;
    await sleep(FREE_CHECK_INTERVAL_MS, signal);
    return !signal.aborted;
  }

  #left(): void {
    this.#lastLeft = performance.now();
    this.#open -= 1;
    this.#wakeOne();
  }

  #wakeOne(): void {
    this.#waiting.shift()?.();
  }
}
