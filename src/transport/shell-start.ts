import { randomBytes } from 'node:crypto';
import type { LastWords, OwnWords } from './last-words.ts';

/** Milliseconds before a silent shell gets help, and between two attempts. */
const HELP_DELAY_MS = 1500;
/** Milliseconds for a shell to make room for the new one, so that it does not read on. */
const REPLACE_DELAY_MS = 300;
/** Attempts that send padding to a program that reads input. */
const MAX_PADDINGS = 4;
/** Empty lines for a program that reads a few bytes or lines before our shell starts. A shell ignores them. */
const PADDING = '\n'.repeat(256);
/** Growth factor per attempt. */
const PADDING_GROWTH = 4;
const PLAIN_SHELL = 'exec /bin/sh\n';
/** Bytes within which a mark may be split over chunks. */
const MAX_MARK_BYTES = 4096;

/** A report on a shell's start. */
export interface StartReport {
  /** Path of the login shell; empty if the host does not tell. */
  readonly loginShell: string;
  /** True if the requested shell never ran: another one had replaced it, and made room for a plain `sh`. */
  readonly replaced: boolean;
}

/**
 * Starts a persistent `sh`. Sends no script before the shell has printed a mark with a random word, so that neither a profile that reads its input
 * nor a program that is no shell gets one. Sends empty lines to a profile that waits for input, and the command to make room to a shell that replaced
 * ours.
 */
export class ShellStart {
  /** A command line for any login shell. */
  readonly command: string;
  readonly #mark = `ocr-${randomBytes(9).toString('hex')}`;
  #window: Buffer = Buffer.alloc(0);
  #attempts = 0;
  /** The awaited mark; `null` while the line that prints it is still to be sent. */
  #awaited: number | null = 0;
  #first = false;
  #loginShell = '';
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.command = `exec /bin/sh -c 'printf "\\n%s=%s=\\n" ${this.#mark}-0 "$SHELL"; exec /bin/sh'`;
  }

  get ownWords(): OwnWords {
    const short = PLAIN_SHELL.trim();
    return { command: this.command, short, isEcho: (line) => line === short || line.includes(this.#mark) };
  }

  /** Searches the host's output for the mark. Returns the output before it, and the rest once the shell is ready. */
  receive(chunk: Buffer): {
    readonly before: Buffer;
    readonly after: Buffer | null;
    readonly report: StartReport | null;
  } {
    this.#window = Buffer.concat([this.#window, chunk]);
    for (;;) {
      const found = this.#find();
      if (found === null) {
        const before = this.#window;
        this.#window = before.subarray(-MAX_MARK_BYTES);
        return { before: chunk, after: null, report: null };
      }
      this.#window = this.#window.subarray(found.end);
      if (found.number === 0) this.#first = true;
      if (found.number !== this.#awaited) continue;
      this.stop();
      const report = { loginShell: this.#loginShell, replaced: !this.#first };
      return { before: Buffer.alloc(0), after: this.#window, report };
    }
  }

  /** Helps a silent shell, repeatedly. Leaves alone a program that asks a question: the help would answer it. */
  helpLater(write: (text: string) => void, words: LastWords): void {
    this.#timer = setTimeout(() => {
      if (words.asks) return this.helpLater(write, words);
      this.#attempts += 1;
      this.#awaited = null;
      const padding =
        words.silent && this.#attempts <= MAX_PADDINGS ? PADDING.repeat(PADDING_GROWTH ** (this.#attempts - 1)) : '';
      write(`${padding}${this.#first ? '' : PLAIN_SHELL}`);
      this.#timer = setTimeout(() => {
        this.#awaited = this.#attempts;
        // No quotes: if a program has read half of the line, the rest must not leave a quote open.
        write(`printf \\\\n%s=%s=\\\\n ${this.#mark}-${this.#attempts} $SHELL\n`);
        this.helpLater(write, words);
      }, REPLACE_DELAY_MS);
    }, HELP_DELAY_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #find(): { readonly number: number; readonly end: number } | null {
    // One character per byte.
    const text = this.#window.toString('latin1');
    const match = new RegExp(`\\n${this.#mark}-(\\d+)=([^\\n]*)=\\n`).exec(text);
    if (match === null) return null;
    this.#loginShell = Buffer.from(match[2] ?? '', 'latin1').toString('utf8');
    return { number: Number(match[1]), end: match.index + match[0].length };
  }
}
