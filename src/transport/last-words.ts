import { printable } from '../domain/printable.ts';

/** Bytes of output kept. */
const MAX_KEPT_BYTES = 4096;
/** Limits of the quoted lines, and of the characters of each. */
const MAX_LINES = 10;
const MAX_LINE_CHARS = 300;
/** Characters of a reason. */
const MAX_REASON_CHARS = 200;
/** Lines joined into one message, such as an error and its explanation. */
const REASON_LINES = 3;

/** Text that this program sends, which must not count as the host's words. */
export interface OwnWords {
  /** A host may quote it, as in `Invalid command: ...`; `short` replaces it there. */
  readonly command: string;
  readonly short: string;
  /** True if a line is an echo of the input. */
  isEcho(line: string): boolean;
}

/** Keeps the end of a host's output, stdout and stderr in order of arrival, to quote it when something fails. */
export class LastWords {
  readonly #ours: OwnWords | null;
  #kept: Buffer = Buffer.alloc(0);

  constructor(ours: OwnWords | null = null) {
    this.#ours = ours;
  }

  add(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-MAX_KEPT_BYTES)]).subarray(-MAX_KEPT_BYTES);
  }

  forget(): void {
    this.#kept = Buffer.alloc(0);
  }

  /** True if there is nothing but white space. */
  get silent(): boolean {
    return this.lines().length === 0;
  }

  /** True if the output ends within a line, as a prompt does. */
  get asks(): boolean {
    return /[^\s][^\r\n]*$/.test(this.#text);
  }

  /** Returns the last lines, safe to paint, without empty ones. */
  lines(): string[] {
    return this.#text
      .split(/[\r\n]+/)
      .map((line) => printable(line).trim().slice(0, MAX_LINE_CHARS))
      .filter((line) => line !== '' && this.#ours?.isEcho(line) !== true)
      .slice(-MAX_LINES);
  }

  /** Returns the last lines as one; empty if there are none. */
  reason(): string {
    return this.lines().slice(-REASON_LINES).join(' ').slice(-MAX_REASON_CHARS);
  }

  get #text(): string {
    const text = this.#kept.toString('utf8');
    return this.#ours === null ? text : text.replaceAll(this.#ours.command, this.#ours.short);
  }
}
