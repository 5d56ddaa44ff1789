import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killFleetProcesses } from '../fleet/processes.ts';
import type { MadeUpHome } from './made-up-fleet.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/ocr.js', import.meta.url));
/** Asked by the program at its start; a terminal answers at once. */
const ATTRIBUTES_QUESTION = '\u001b[c';
const ATTRIBUTES_ANSWER = '\u001b[?62;22c';
const WAIT_TIMEOUT_MS = 20_000;
const QUIT_TIMEOUT_MS = 3000;

const openTerminals = new Set<Terminal>();

/** Kills the programs of all terminals, whatever they are waiting for. Each pending wait rejects. */
export async function killTerminals(): Promise<void> {
  await Promise.all([...openTerminals].map((terminal) => terminal.kill()));
}

export interface BenchSize {
  readonly columns: number;
  readonly rows: number;
}

const USUAL_SIZE: BenchSize = { columns: 160, rows: 50 };

/** The built program, or another one to compare it with, on a pty made by script(1). */
export class Terminal {
  /** In the environment of the program and its descendants, so that none is left behind. */
  readonly #mark = `bench-terminal-${randomUUID()}`;
  readonly #ended: Promise<unknown>;
  #hasEnded = false;
  readonly #child: ChildProcess;
  #written = '';
  #output = '';
  #listeners = new Set<() => void>();

  constructor({ home, sshConfig, config }: MadeUpHome, program = PROGRAM, { columns, rows } = USUAL_SIZE) {
    const words = program === PROGRAM ? `--ssh-config '${sshConfig}' --config '${config}'` : '';
    const command = `stty cols ${columns} rows ${rows}; exec '${process.execPath}' '${program}' ${words}`;
    this.#child = spawn('script', ['-qfc', command, '/dev/null'], {
      env: {
        ...process.env,
        HOME: home,
        XDG_CACHE_HOME: '',
        TERM: 'xterm-256color',
        COLORTERM: 'truecolor',
        OCR_FLEET: this.#mark,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    openTerminals.add(this);
    this.#ended = once(this.#child, 'exit').finally(() => {
      this.#hasEnded = true;
      for (const listener of this.#listeners) listener();
    });
    // The wait for some text reports the end. A write into a closed pty needs no report of its own.
    this.#ended.catch(() => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      if (text.includes(ATTRIBUTES_QUESTION)) this.write(ATTRIBUTES_ANSWER);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Bytes of output since the last wait began. */
  get outputBytes(): number {
    return Buffer.byteLength(this.#output);
  }

  write(text: string): void {
    this.#written = (this.#written + text).slice(-40);
    this.#child.stdin?.write(text);
  }

  /** Milliseconds from now until the output since now holds the text. Rejects after a timeout (milliseconds), and when the program ends. */
  async waitFor(text: string, timeout = WAIT_TIMEOUT_MS): Promise<number> {
    const from = performance.now();
    this.#output = '';
    return new Promise((resolve, reject) => {
      const fail = (trouble: string) => {
        stop();
        const screen = this.#output.slice(-300);
        reject(
          new Error(
            `"${text}" never came after ${JSON.stringify(this.#written)}: ${trouble}; the screen said ${screen}`,
          ),
        );
      };
      const look = () => {
        if (this.#output.includes(text)) {
          stop();
          resolve(performance.now() - from);
        } else if (this.#hasEnded) fail('the program ended');
      };
      const timer = setTimeout(() => fail(`${timeout / 1000} s passed`), timeout);
      const stop = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Milliseconds from writing the key until the text is on the screen. */
  press(key: string, text: string): Promise<number> {
    const waiting = this.waitFor(text);
    this.write(key);
    return waiting;
  }

  /** Resident memory of the program now, and the most so far, MB (proc_pid_status(5)). */
  memory(): { now: number; most: number } {
    const status = readFileSync(`/proc/${this.#program()}/status`, 'utf8');
    const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
  }

  /** CPU time of the program and of its children that have ended, milliseconds: fields 14 to 17 of proc_pid_stat(5), in ticks of 10 ms. */
  cpu(): number {
    const fields = readFileSync(`/proc/${this.#program()}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
  }

  /** CPU time of the program's threads, milliseconds, by the scheduler's own clock: ticks of 10 ms tell nothing about a program that wakes for a millisecond. */
  threadsCpu(): number {
    const tasks = `/proc/${this.#program()}/task`;
    const nanoseconds = (thread: string) => Number(readFileSync(`${tasks}/${thread}/schedstat`, 'utf8').split(' ')[0]);
    return readdirSync(tasks).reduce((sum, thread) => sum + nanoseconds(thread) / 1e6, 0);
  }

  #program(): string {
    const child = readdirSync('/proc').find((name) => /^\d+$/.test(name) && parentOf(name) === this.#child.pid);
    if (child === undefined) throw new Error('the program does not run');
    return child;
  }

  /** Quits the program as a user does, or kills it if it does not end. */
  async close(): Promise<void> {
    this.write('\u001b');
    await Promise.race([this.#ended, sleep(200)]);
    this.write('q');
    await Promise.race([this.#ended, sleep(QUIT_TIMEOUT_MS)]);
    await this.kill();
  }

  async kill(): Promise<void> {
    await killFleetProcesses(this.#mark);
    await this.#ended;
    openTerminals.delete(this);
  }
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined;
  }
}
