import { onAbort } from '../lib/abort.ts';
import { type RunLimits, TransportError } from './transport.ts';

/** How many times the longest silence a run may take in all: somebody may drip byte after byte. */
const LONGEST = 10;
/** Milliseconds: beyond it a timer of Node fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Holds a run to its limits. Calls `fail` at most once, and never after `end`. */
export class RunGuard {
  readonly #limits: RunLimits;
  readonly #fail: (error: TransportError) => void;
  readonly #idle: NodeJS.Timeout;
  readonly #longest: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #length = 0;
  #over = false;

  constructor(limits: RunLimits, fail: (error: TransportError) => void) {
    this.#limits = limits;
    this.#fail = fail;
    const silence = () => new TransportError('timeout', `no answer within ${seconds(limits.idleTimeout)}s`);
    this.#idle = setTimeout(() => this.#give(silence()), limits.idleTimeout);
    const longest = Math.min(limits.idleTimeout * LONGEST, LONGEST_TIMER);
    const endless = () => new TransportError('timeout', `the answer did not end within ${seconds(longest)}s`);
    this.#longest = setTimeout(() => this.#give(endless()), longest);
    // Whoever makes the guard must have it before it fails.
    this.#stopListening = onAbort(limits.signal, () => {
      queueMicrotask(() => this.#give(new TransportError('aborted', 'the request was given up')));
    });
  }

  received(chunk: Buffer): void {
    if (this.#over) return;
    this.#idle.refresh();
    this.#length += chunk.length;
    const { maxBytes } = this.#limits;
    if (this.#length > maxBytes)
      this.#give(new TransportError('overflow', `the host sent more than ${maxBytes} bytes`));
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#longest);
    this.#stopListening();
  }

  #give(error: TransportError): void {
    if (this.#over) return;
    this.end();
    this.#fail(error);
  }
}

/** Milliseconds as seconds, for a person. */
function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
