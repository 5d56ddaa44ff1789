import { FilteredPty } from './filtered-pty.ts';
import type { InteractiveExit, Pty } from './transport.ts';

/** A question that a script asks before it starts its program. */
export interface PtyQuestion {
  /** Printed by the script when it waits for the answer with echo off. */
  readonly asks: string;
  /** Printed by the script once it has read the answer. */
  readonly taken: string;
  readonly answer: string;
}

const INTERRUPT = '\u0003';
/** Bytes kept until the question, so that a script that never asks can be quoted. */
const MAX_KEPT_BYTES = 1 << 16;

/**
 * A program on a pty that first gets one answer, such as a password. Drops all output before the answer is taken,
 * including any echo of it. Keys typed meanwhile never become part of the answer. Passes on the output of a script that
 * ends without asking.
 */
export class AnsweredPty extends FilteredPty {
  /** Settles after the output of a script that did not ask was passed on. */
  override readonly exit: Promise<InteractiveExit>;
  /** The end of the output until the question and then the receipt are found; `null` afterwards. */
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
      // One character per byte, so that the bytes after it stay unchanged.
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
