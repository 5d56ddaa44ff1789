import { randomBytes } from 'node:crypto';
import { FilteredPty } from './filtered-pty.ts';
import { LastWords } from './last-words.ts';
import type { ProfileFault } from './start-files.ts';
import type { InteractiveExit, Pty } from './transport.ts';

/** Milliseconds of silence allowed at the start: a profile may be slow. */
const SILENCE_TIMEOUT_MS = 15_000;
/** Milliseconds of silence after output, which then is not our script's. */
const OUTPUT_TIMEOUT_MS = 5000;
/** Milliseconds in total: a program may print endlessly. */
const PROOF_TIMEOUT_MS = 45_000;
/** Bytes within which a mark may be split over chunks. */
const MAX_MARK_BYTES = 4096;
/** Matches the switch to the alternate screen, by programs that take the whole terminal (xterm). */
const TAKES_SCREEN = /\u001b\[\?(?:\d+;)*(?:47|1047|1049)[;h]/;

/** The random word of a script's marks. */
export interface PtyMark {
  readonly word: string;
}

export function createPtyMark(): PtyMark {
  return { word: randomBytes(9).toString('hex') };
}

/** The reason why a script on a pty was not proven to run. */
export class NotProven extends Error {
  override readonly name = 'NotProven';
  /** True if the login ran the command that starts the script, so the fault came after it. */
  readonly reached: boolean;
  readonly why: ProfileFault;
  /** Path of the login shell; empty when not known. */
  readonly loginShell: string;
  readonly exit: InteractiveExit | null;
  readonly words: LastWords;

  constructor(parts: Pick<NotProven, 'reached' | 'why' | 'loginShell' | 'exit' | 'words'>) {
    super(`the script did not start: ${parts.why}`);
    ({ reached: this.reached, why: this.why, loginShell: this.loginShell, exit: this.exit, words: this.words } = parts);
  }
}

/**
 * A program on a pty whose script must prove by its mark that it runs. Earlier output is never shown: it is kept as the last words of a failed login,
 * and dropped otherwise.
 */
export class ProvenPty extends FilteredPty {
  override readonly exit: Promise<InteractiveExit>;
  /** Resolves with the login shell once the script runs. Rejects with a NotProven, or as `exit` does; the pty is closed then. */
  readonly proven: Promise<{ readonly loginShell: string }>;
  readonly #mark: RegExp;
  readonly #words = new LastWords();
  readonly #settled = Promise.withResolvers<{ readonly loginShell: string }>();
  readonly #longest: NodeJS.Timeout;
  #patience: NodeJS.Timeout;
  /** The end of the output, one character per byte; `null` once the script runs. */
  #window: string | null = '';
  #reached = false;
  #loginShell = '';

  constructor(pty: Pty, { word }: PtyMark) {
    super(pty);
    this.#mark = new RegExp(`\\u001b_ocr:(reached|runs) ${word} ([^\\u001b]*)\\u001b\\\\`);
    this.exit = pty.exit;
    this.proven = this.#settled.promise;
    this.proven.catch(() => {});
    this.#patience = setTimeout(() => this.#fail('silent', null), SILENCE_TIMEOUT_MS);
    this.#longest = setTimeout(() => this.#fail('silent', null), PROOF_TIMEOUT_MS);
    pty.onData((chunk) => (this.#window === null ? this.output.push(chunk) : this.#look(chunk)));
    pty.exit.then(
      (exit) => this.#fail('ended', exit),
      (error: unknown) => {
        this.#stop();
        this.#settled.reject(error);
      },
    );
  }

  override write(data: string | Uint8Array): void {
    if (this.#window === null) this.pty.write(data);
  }

  #look(chunk: Buffer): void {
    this.#window += chunk.toString('latin1');
    for (let found = this.#find(); found !== null; found = this.#find()) {
      this.#loginShell = Buffer.from(found.shell, 'latin1').toString('utf8');
      if (found.stage === 'runs') return this.#run(found.rest);
      this.#reached = true;
      this.#window = found.rest;
      this.#words.forget();
    }
    if (TAKES_SCREEN.test(this.#window ?? '')) return this.#fail('screen-taken', null);
    this.#words.add(chunk);
    this.#window = (this.#window ?? '').slice(-MAX_MARK_BYTES);
    clearTimeout(this.#patience);
    const patience = this.#words.silent ? SILENCE_TIMEOUT_MS : OUTPUT_TIMEOUT_MS;
    this.#patience = setTimeout(() => this.#fail('silent', null), patience);
  }

  #find(): { readonly stage: string; readonly shell: string; readonly rest: string } | null {
    const text = this.#window ?? '';
    const match = this.#mark.exec(text);
    if (match === null) return null;
    const [all, stage = '', shell = ''] = match;
    return { stage, shell, rest: text.slice(match.index + all.length) };
  }

  #run(rest: string): void {
    this.#stop();
    this.#window = null;
    this.#words.forget();
    this.#settled.resolve({ loginShell: this.#loginShell });
    this.pass(rest);
  }

  #fail(why: ProfileFault, exit: InteractiveExit | null): void {
    this.#stop();
    if (this.#window === null) return;
    const { reached, words, loginShell } = { reached: this.#reached, words: this.#words, loginShell: this.#loginShell };
    this.#settled.reject(new NotProven({ reached, why, loginShell, exit, words }));
    if (exit === null) this.pty.close();
  }

  #stop(): void {
    clearTimeout(this.#patience);
    clearTimeout(this.#longest);
  }
}
