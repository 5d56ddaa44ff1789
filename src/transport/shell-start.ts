import { randomBytes } from 'node:crypto';
import type { LastWords, OwnWords } from './last-words.ts';

/** Milliseconds until a shell that has not answered is helped, and between two attempts. */
const HELPED_AFTER = 1500;
/** Milliseconds for a shell to give way to the one that it was told to start, so that it does not read on. */
const GIVES_WAY_WITHIN = 300;
/** Attempts in which what reads input is given some. */
const MOST_PADDINGS = 4;
/** Empty lines for what reads a few bytes or lines of input before our shell starts. A shell does nothing for them. */
const PADDING = '\n'.repeat(256);
/** How many times as many each time. */
const MORE = 4;
const PLAIN_SHELL = 'exec /bin/sh\n';
/** Bytes in which a mark can be split over chunks. */
const LONGEST_MARK = 4096;

/** What it took to start a shell. */
export interface StartReport {
  /** Path of the login shell; empty when the host does not tell. */
  readonly loginShell: string;
  /** The shell that was asked for never ran: another one had taken its place and gave way to a plain `sh`. */
  readonly replaced: boolean;
}

/**
 * The start of a persistent `sh`: nothing is sent before it has printed a mark with a random word, so that neither a profile that reads its input nor a
 * program that is no shell is given a script. A profile that waits for input is given empty lines, and a shell that has taken the place of ours the
 * command to make room for it.
 */
export class ShellStart {
  /** For any login shell. */
  readonly command: string;
  readonly #mark = `ocr-${randomBytes(9).toString('hex')}`;
  #window: Buffer = Buffer.alloc(0);
  #attempts = 0;
  /** The mark that is waited for; `null` while the line that prints it is still to be sent. */
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

  /** Looks for the mark in what the host prints. Gives what stands before it, and what follows once the shell is ready. */
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
        this.#window = before.subarray(-LONGEST_MARK);
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

  /** Helps a shell that does not answer, again and again. Something that asks a question is left alone: the answer would be ours. */
  helpLater(write: (text: string) => void, words: LastWords): void {
    this.#timer = setTimeout(() => {
      if (words.asks) return this.helpLater(write, words);
      this.#attempts += 1;
      this.#awaited = null;
      const padding =
        words.silent && this.#attempts <= MOST_PADDINGS ? PADDING.repeat(MORE ** (this.#attempts - 1)) : '';
      write(`${padding}${this.#first ? '' : PLAIN_SHELL}`);
      this.#timer = setTimeout(() => {
        this.#awaited = this.#attempts;
        // Without quotes: what is left of a line that something has read half of it must not leave one open.
        write(`printf \\\\n%s=%s=\\\\n ${this.#mark}-${this.#attempts} $SHELL\n`);
        this.helpLater(write, words);
      }, GIVES_WAY_WITHIN);
    }, HELPED_AFTER);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #find(): { readonly number: number; readonly end: number } | null {
    // One character a byte.
    const text = this.#window.toString('latin1');
    const match = new RegExp(`\\n${this.#mark}-(\\d+)=([^\\n]*)=\\n`).exec(text);
    if (match === null) return null;
    this.#loginShell = Buffer.from(match[2] ?? '', 'latin1').toString('utf8');
    return { number: Number(match[1]), end: match.index + match[0].length };
  }
}
