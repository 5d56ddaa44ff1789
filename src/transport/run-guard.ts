import { onAbort } from '../lib/abort.ts';
import { type RunLimits, TransportError } from './transport.ts';

/** Factor on the longest silence that limits the whole run: a host may send byte after byte. */
const TOTAL_TIMEOUT_FACTOR = 10;
/** Beyond it, a timer of Node fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Enforces the limits of a run. Calls `fail` at most once, and never after `end`. */
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
    const longest = Math.min(limits.idleTimeout * TOTAL_TIMEOUT_FACTOR, MAX_TIMER_MS);
    const endless = () => new TransportError('timeout', `the answer did not end within ${seconds(longest)}s`);
    this.#longest = setTimeout(() => this.#give(endless()), longest);
    // The caller must have the guard before it fails.
    this.#stopListening = onAbort(limits.signal, () => {
      queueMicrotask(() => this.#give(new TransportError('aborted', 'the request was cancelled')));
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

/** Formats milliseconds as seconds. */
function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
