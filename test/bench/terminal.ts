import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MadeUpHome } from './made-up-fleet.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/ocr.js', import.meta.url));
/** Asked by the program at its start; a terminal answers at once. */
const ATTRIBUTES_QUESTION = '\u001b[c';
const ATTRIBUTES_ANSWER = '\u001b[?62;22c';

/** The built program on a pty of 160x50, made by script(1). */
export class Terminal {
  readonly #child: ChildProcess;
  #written = '';
  #output = '';
  #listeners = new Set<() => void>();

  constructor({ home, sshConfig, config }: MadeUpHome) {
    const program = `stty cols 160 rows 50; exec '${process.execPath}' '${PROGRAM}' --ssh-config '${sshConfig}' --config '${config}'`;
    this.#child = spawn('script', ['-qfc', program, '/dev/null'], {
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: '', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      if (text.includes(ATTRIBUTES_QUESTION)) this.write(ATTRIBUTES_ANSWER);
      for (const listener of this.#listeners) listener();
    });
  }

  write(text: string): void {
    this.#written = (this.#written + text).slice(-40);
    this.#child.stdin?.write(text);
  }

  /** Milliseconds from now until the output since now holds the text. Rejects after 20 s. */
  async waitFor(text: string): Promise<number> {
    const from = performance.now();
    const seen = () => this.#output.includes(text);
    this.#output = '';
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!seen()) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(performance.now() - from);
      };
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `"${text}" never came after ${JSON.stringify(this.#written)}; the screen said ${this.#output.slice(-300)}`,
            ),
          ),
        20_000,
      );
      this.#listeners.add(look);
    });
  }

  /** Milliseconds from writing the key until the text is on the screen. */
  press(key: string, text: string): Promise<number> {
    const waiting = this.waitFor(text);
    this.write(key);
    return waiting;
  }

  /** Resident memory of the program, MB (proc_pid_status(5)). */
  memory(): number {
    const child = readdirSync('/proc').find((name) => /^\d+$/.test(name) && parentOf(name) === this.#child.pid);
    const status = readFileSync(`/proc/${child}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.write('\u001b');
    await new Promise((resolve) => setTimeout(resolve, 200));
    this.write('q');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(timer);
  }
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined;
  }
}
