import { onAbort, sleep } from '../lib/abort.ts';
import { TransportError } from './transport.ts';

/** Milliseconds in which a server is rid of a program whose channel was closed, and between two looks. */
const FREES_WITHIN = 1000;
const PAUSE = 20;

/** What is held open through the gate. */
export interface Held {
  /** Calls the listener once, when the channel has closed. */
  onClose(listener: () => void): void;
}

/** A server refuses another channel though the connection is well: it allows no more at a time (sshd_config(5), MaxSessions). */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
}

/**
 * Lets as many channels through as the server allows on one connection, which it tells by refusing one too many. Those who come later wait for one to
 * close; whoever holds one that it could do without is asked to give it up.
 */
export class ChannelGate {
  readonly #waiting: (() => void)[] = [];
  readonly #idle = new Set<() => void>();
  #open = 0;
  #limit = Number.POSITIVE_INFINITY;
  /** Attempts to open one. */
  #begun = 0;
  #lastLeft = Number.NEGATIVE_INFINITY;

  /** Does somebody wait for a channel? */
  get wanted(): boolean {
    return this.#waiting.length > 0;
  }

  /** Opens a channel when there is room. Rejects with a ChannelRefused when not even one is allowed, with a TransportError when the signal aborts. */
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
        // What was given up in the midst may go on at the server.
        if (!refused) this.#lastLeft = performance.now();
        // Others may have overtaken it, and what they held when it was refused may be closed by now.
        const alone = first && this.#begun === begun;
        if (refused && !alone) this.#limit = Math.max(1, this.#open);
        else if (!refused || !(await this.#isFreeing(signal))) {
          this.#wakeOne();
          throw error;
        }
      }
    }
  }

  /** Registers a channel that is not needed right now: `giveUp` closes it when somebody waits. Returns what takes it back. */
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
        reject(new TransportError('aborted', 'the request was given up'));
      });
      const [giveUp] = this.#idle;
      if (giveUp === undefined) return;
      this.#idle.delete(giveUp);
      giveUp();
    });
  }

  /** A server counts a channel for as long as its program takes to end, which it does not tell. */
  async #isFreeing(signal: AbortSignal): Promise<boolean> {
    if (performance.now() - this.#lastLeft > FREES_WITHIN) return false;
    await sleep(PAUSE, signal);
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
