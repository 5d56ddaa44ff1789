import { FilteredPty } from './filtered-pty.ts';
import type { InteractiveExit, Pty } from './transport.ts';

/** What a script asks for before it starts its program. */
export interface PtyQuestion {
  /** What the script prints when it waits for the answer, and echoes nothing. */
  readonly asks: string;
  /** What it prints when it has the answer. */
  readonly taken: string;
  readonly answer: string;
}

const INTERRUPT = '\u0003';
/** Bytes kept until the question: the last words of a script that never asks. */
const MAX_KEPT_BYTES = 1 << 16;

/**
 * A program on a pty that gets one answer first, such as a password. Drops all output before the answer is taken, with any echo of it; keys typed
 * meanwhile do not become part of it. Passes on the output of a script that ends without asking.
 */
export class AnsweredPty extends FilteredPty {
  /** Settles after the output of a script that did not ask was passed on. */
  override readonly exit: Promise<InteractiveExit>;
  /** The end of the output, until it holds the question and then the receipt; `null` afterwards. */
  #seen: string | null = '';

  constructor(pty: Pty, question: PtyQuestion) {
    super(pty);
    let awaited = question.asks;
    this.exit = pty.exit.finally(() => {
      if (this.#seen !== null && awaited === question.asks) this.#open(this.#seen);
    });
    // Callers may ignore it.
    this.exit.catch(() => {});
    pty.onData((chunk) => {
      if (this.#seen === null) return this.output.push(chunk);
      // One character a byte, so that nothing of what follows changes.
      this.#seen += chunk.toString('latin1');
      for (let found = this.#seen.indexOf(awaited); found >= 0; found = this.#seen.indexOf(awaited)) {
        this.#seen = this.#seen.slice(found + awaited.length);
        if (awaited === question.taken) return this.#open(this.#seen);
        awaited = question.taken;
        pty.write(`${question.answer}\n`);
      }
      this.#seen = this.#seen.slice(-(awaited === question.asks ? MAX_KEPT_BYTES : awaited.length));
    });
  }

  override write(data: string | Uint8Array): void {
    if (this.#seen === null) this.pty.write(data);
    else if (hasInterrupt(data)) this.pty.write(INTERRUPT);
  }

  #open(rest: string): void {
    this.#seen = null;
    this.pass(rest);
  }
}

function hasInterrupt(data: string | Uint8Array): boolean {
  return typeof data === 'string' ? data.includes(INTERRUPT) : data.includes(INTERRUPT.charCodeAt(0));
}
