import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../lib/errors.ts';
import type { Transport } from '../transport/transport.ts';
import { type CloneRequest, checkCommand, cloneCommand } from './git-clone-script.ts';

export type { CloneRequest } from './git-clone-script.ts';

/** A repository was not cloned, and nothing of it is left. `lines` are git's last output and what to do about it. */
export class CloneError extends UserError {
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[] = []) {
    super(message);
    this.lines = lines;
  }
}

/** Wide enough that git does not break its lines of progress. */
const TERMINAL = { columns: 250, rows: 24, term: 'dumb' };
const MAX_BYTES = 2 ** 20;
/** Lines of git that are kept, and the characters of one. */
const KEPT_LINES = 20;
const MAX_LINE_CHARS = 10_000;
/** A line that is overwritten ends with a carriage return alone. */
const LINE_ENDS = /(?<=\n|\r(?!\n))/;

/**
 * Looks whether a repository can be cloned there. Gives the directory with the home in it. Rejects with a CloneError or a TransportError.
 * @param timeout milliseconds of silence
 */
export async function checkClone(
  transport: Pick<Transport, 'exec'>,
  request: CloneRequest,
  timeout: number,
  signal: AbortSignal,
): Promise<string> {
  const output = new CloneOutput();
  const command = checkCommand(request, output.mark);
  const { stdout } = await transport.exec(command, { signal, idleTimeout: timeout, maxBytes: MAX_BYTES });
  output.push(Buffer.from(stdout));
  const directory = output.answer('free');
  if (directory === null) throw output.failure(request);
  return directory;
}

/**
 * Clones a repository on a host, on a terminal that never prompts, so that everything ends with the connection. Returns
 * the directory, without links. If the signal aborts or the connection is lost, the host removes the partial clone.
 *
 * @param tell receives git's progress, foreign text on one line
 */
export async function cloneOnHost(
  transport: Pick<Transport, 'pty'>,
  request: CloneRequest,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const output = new CloneOutput(tell);
  const pty = await transport.pty(cloneCommand(request, output.mark), TERMINAL, signal);
  pty.onData((chunk) => output.push(chunk));
  await pty.exit;
  const directory = output.answer('done');
  if (directory === null) throw output.failure(request);
  return directory;
}

/** Splits the output of git and of the script. */
class CloneOutput {
  /** Begins the script's own lines; a repository cannot guess it. */
  readonly mark = `ocr-${randomBytes(9).toString('hex')}`;
  readonly #tell: (progress: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #lines: string[] = [];
  #rest = '';
  #own: { readonly word: string; readonly text: string } | null = null;

  constructor(tell: (progress: string) => void = () => {}) {
    this.#tell = tell;
  }

  push(chunk: Buffer): void {
    const pieces = (this.#rest + this.#decoder.write(chunk)).split(LINE_ENDS);
    // Only the next chunk shows whether the line continues, and whether a carriage return ends or restarts it.
    const open = pieces.at(-1)?.endsWith('\n') ? '' : (pieces.pop() ?? '');
    this.#rest = open.slice(-MAX_LINE_CHARS);
    let progress: string | null = null;
    for (const piece of open.endsWith('\r') ? [...pieces, open] : pieces) {
      const line = piece.trim().slice(0, MAX_LINE_CHARS);
      if (line === '' || line.startsWith('Cloning into ')) continue;
      if (line.startsWith(`${this.mark} `)) {
        if (piece.endsWith('\n')) this.#takeOwn(line.slice(this.mark.length + 1));
        continue;
      }
      progress = line;
      if (piece.endsWith('\n')) this.#keep(line);
    }
    if (progress !== null) this.#tell(progress);
  }

  /** Returns the script's text after this word; `null` if it printed another word, or none. */
  answer(word: string): string | null {
    return this.#own?.word === word ? this.#own.text : null;
  }

  failure({ directory }: CloneRequest): CloneError {
    const text = this.#own?.text ?? '';
    switch (this.#own?.word) {
      case 'no-git':
        return new CloneError('git is not installed on that machine');
      case 'taken':
        return new CloneError(`${text} exists already and is not an empty folder`);
      case 'no-parent':
        return new CloneError(`${directory} cannot be created: ${text} is not a folder that you can write to`);
      default: {
        const telling = this.#lines.filter((line) => !SAYS_LITTLE.test(line));
        const reason = telling.findLast((line) => /^(fatal|error): /.test(line)) ?? telling.at(-1);
        return new CloneError(reason ?? 'the host gives no reason', [...this.#lines, ...hintsFor(this.#lines)]);
      }
    }
  }

  #takeOwn(line: string): void {
    const [, word = '', text = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
    this.#own = { word, text };
  }

  #keep(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }
}

/** Lines that git adds after ssh, or the other git, has given the reason. */
const SAYS_LITTLE = /^(fatal: Could not read from remote|Please make sure you have|and the repository exists)/;

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /prompts disabled|could not read (Username|Password)|Authentication failed|Access denied/i,
    'git needs a user name or a password, but cannot prompt here (GIT_TERMINAL_PROMPT=0). Set up a credential helper on that machine, or use an ssh URL.',
  ],
  [
    /Permission denied \(/,
    'No key of that machine is accepted, and no passphrase can be entered here (BatchMode): it needs a key without a passphrase, or an agent.',
  ],
  [
    /Host key verification failed/,
    'That machine has no host key on record for the git server, or another one. From there, connect to the git server once with ssh, and check the key before you accept it.',
  ],
];

function hintsFor(lines: readonly string[]): string[] {
  return HINTS.filter(([words]) => lines.some((line) => words.test(line))).map(([, hint]) => hint);
}
