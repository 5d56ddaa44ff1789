import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { popupOf } from './popup.ts';

const run = promisify(execFile);

/** The text searched for in the lines of a screen, and in those of a popup on it. */
export type Sought = string | RegExp | ((lines: readonly string[]) => boolean);

/** Milliseconds between two looks at a screen, and until one gives up. */
const LOOK_INTERVAL = 50;
const PATIENCE = 60_000;
/** Milliseconds that what runs in a terminal may take to end with it. */
const ENDING = 5000;

/** Shells without the files that would change their prompt. */
const SHELLS: Readonly<Record<string, string>> = { bash: 'bash --norc --noprofile', zsh: 'zsh -f' };

/** A real terminal: a pane of a tmux server of its own, in which commands are typed into a shell. */
export class Terminal {
  readonly #socket: string;
  readonly #environment: NodeJS.ProcessEnv;
  #started = false;

  /** @param name of the server's socket; unique among the test files that may run at the same time */
  constructor(name: string, environment: NodeJS.ProcessEnv) {
    this.#socket = `${name}-${process.pid}`;
    this.#environment = {
      ...environment,
      LC_ALL: 'C.UTF-8',
      TMUX: undefined,
      COLORTERM: undefined,
      CI: undefined,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
    };
  }

  /** Opens a terminal of that size, in place of the one before, and types the command into its shell. */
  async start(command: string, columns: number, rows: number, shell = 'sh'): Promise<void> {
    await this.close();
    const options = ['default-terminal tmux-256color', 'escape-time 0', 'status off'];
    const size = ['-x', String(columns), '-y', String(rows)];
    const session = [
      'new-session',
      '-d',
      ...size,
      `exec env PS1="ready> " TERM=tmux-256color ${SHELLS[shell] ?? shell}`,
    ];
    await this.#tmux(
      'start-server',
      ...options.flatMap((option) => [';', 'set', '-g', ...option.split(' ')]),
      ';',
      ...session,
    );
    this.#started = true;
    await this.waitFor(/^ready>$/);
    await this.run(command);
  }

  /** Types a command into the shell. */
  async run(command: string): Promise<void> {
    await this.type(command);
    await this.keys('Enter');
  }

  /** Presses keys by their names in tmux(1), such as `Enter`, `Escape`, `C-c`. */
  async keys(...names: string[]): Promise<void> {
    await this.#tmux('send-keys', ...names);
  }

  /** Types characters as they are; tmux would take a semicolon at the end for its own. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text.replace(/;$/, '\\;'));
  }

  /** The lines of the screen, without the blanks at their ends. */
  async screen(): Promise<string[]> {
    return (await this.#tmux('capture-pane', '-p')).split('\n').slice(0, -1);
  }

  /** The screen with the escape sequences of its colours and attributes. */
  async painted(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** A variable of tmux(1), FORMATS, such as `alternate_on`. */
  async variable(name: string): Promise<string> {
    return (await this.#tmux('display-message', '-p', `#{${name}}`)).trim();
  }

  /** The first screen with what is sought, or an error with the last one. */
  async waitFor(sought: Sought, timeout = PATIENCE): Promise<string[]> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const lines = await this.screen();
      if (holds(lines, sought)) return lines;
      if (Date.now() > deadline)
        throw new Error(`${sought} is not on the screen after ${timeout} ms:\n${lines.join('\n')}`);
      await sleep(LOOK_INTERVAL);
    }
  }

  /** Numbers of the processes that were started from its shell, and theirs. */
  async processes(): Promise<number[]> {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const below = (parent: number): number[] =>
      pairs.flatMap(([pid = 0, of]) => (of === parent ? [pid, ...below(pid)] : []));
    return below(Number(await this.variable('pane_pid')));
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Ends the terminal with all that runs in it. Returns once that is gone, or after a while without it. */
  async close(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    const socket = await this.variable('socket_path').catch(() => null);
    const processes = await this.processes().catch(() => []);
    await this.#tmux('kill-server').catch(() => {});
    const deadline = Date.now() + ENDING;
    while (processes.some(isRunning) && Date.now() < deadline) await sleep(LOOK_INTERVAL);
    if (socket !== null) await rm(socket, { force: true });
  }

  async #tmux(...parameters: string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-u', '-L', this.#socket, '-f', '/dev/null', ...parameters], {
      env: this.#environment,
    });
    return stdout;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function holds(lines: readonly string[], sought: Sought): boolean {
  if (typeof sought === 'function') return sought(lines);
  const searched = [...lines, ...popupOf(lines)];
  return typeof sought === 'string'
    ? searched.some((line) => line.includes(sought))
    : searched.some((line) => sought.test(line));
}
