import { printable } from '../domain/printable.ts';

/** Bytes of output that are kept. */
const KEPT_BYTES = 4096;
/** Lines that are given, and characters of each. */
const MOST_LINES = 10;
const LONGEST_LINE = 300;
/** Characters of a reason. */
const LONGEST_REASON = 200;
/** Lines that are read as one message, such as an error and its explanation. */
const REASON_LINES = 3;

/** What this program sends, so that it is not taken for words of the host. */
export interface OwnWords {
  /** A host may quote it, such as in `Invalid command: ...`; `short` is put in its place. */
  readonly command: string;
  readonly short: string;
  /** Is a line an echo of what was typed? */
  isEcho(line: string): boolean;
}

/** Keeps the end of what a host printed, on stdout and stderr in the order in which it came, to quote it when something fails. */
export class LastWords {
  readonly #ours: OwnWords | null;
  #kept: Buffer = Buffer.alloc(0);

  constructor(ours: OwnWords | null = null) {
    this.#ours = ours;
  }

  add(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
  }

  forget(): void {
    this.#kept = Buffer.alloc(0);
  }

  /** Is there nothing but white space? */
  get silent(): boolean {
    return this.lines().length === 0;
  }

  /** Does the output end within a line, as that of a program does which asks for something? */
  get asks(): boolean {
    return /[^\s][^\r\n]*$/.test(this.#text);
  }

  /** The last lines, safe to paint. Empty ones are left out. */
  lines(): string[] {
    return this.#text
      .split(/[\r\n]+/)
      .map((line) => printable(line).trim().slice(0, LONGEST_LINE))
      .filter((line) => line !== '' && this.#ours?.isEcho(line) !== true)
      .slice(-MOST_LINES);
  }

  /** The last lines as one; empty when there are none. */
  reason(): string {
    return this.lines().slice(-REASON_LINES).join(' ').slice(-LONGEST_REASON);
  }

  get #text(): string {
    const text = this.#kept.toString('utf8');
    return this.#ours === null ? text : text.replaceAll(this.#ours.command, this.#ours.short);
  }
}
