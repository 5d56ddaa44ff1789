import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Inside, type Order, type Probed, type Report, report } from './messages.ts';
import { MARK } from './observe.ts';
import type { Ground } from './prepare.ts';

/** How the program left, by its own word. */
export type Closed = Extract<Report, { kind: 'closed' }>;

/** The program under test, seen from outside. */
export class Child {
  readonly pid: number;
  readonly samples: Inside[] = [];
  readonly probes: Probed[] = [];
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<Closed>();

  /** Starts it, without any connection yet. `mark` is put into its environment, and so into that of what it starts. */
  constructor(ground: Ground, mark: string, log: string) {
    this.#process = fork(
      fileURLToPath(new URL('program.ts', import.meta.url)),
      [ground.configuration, ground.sshConfig, log],
      {
        execArgv: ['--expose-gc'],
        env: { ...ground.lab.environment, TMPDIR: ground.temporary, [MARK]: mark },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    this.pid = this.#process.pid ?? 0;
    this.#process.on('message', (message) => this.#receive(report.parse(message)));
    this.#exited = once(this.#process, 'exit');
    this.#exited.then(() => this.#loaded.reject(new Error('the program ended at its start')));
  }

  get loaded(): Promise<void> {
    return this.#loaded.promise;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  order(what: Order): void {
    this.#process.send(what);
  }

  /** The latest sample fulfils it, or the time (ms) is over; gives which. */
  async until(fulfils: (sample: Inside) => boolean, timeout: number): Promise<boolean> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline && this.running) {
      const latest = this.samples.at(-1);
      if (latest !== undefined && fulfils(latest)) return true;
      await sleep(200);
    }
    return false;
  }

  /** Tells it to close everything; gives what it says then, or `null` when it says nothing for so long (ms). */
  async close(timeout: number): Promise<Closed | null> {
    if (!this.running) return null;
    this.order('close');
    return Promise.race([this.#closed.promise, sleep(timeout, null, { ref: false })]);
  }

  /** Gives how long (ms) it took to end by itself, or `null` when it had to be ended. */
  async leave(timeout: number): Promise<number | null> {
    if (!this.running) return null;
    const from = performance.now();
    this.order('leave');
    const ended = await Promise.race([this.#exited.then(() => true), sleep(timeout, false, { ref: false })]);
    if (ended) return performance.now() - from;
    this.#process.kill('SIGKILL');
    await this.#exited;
    return null;
  }

  #receive(message: Report): void {
    switch (message.kind) {
      case 'loaded':
        return this.#loaded.resolve();
      case 'sample':
        this.samples.push(message.sample);
        this.probes.push(...message.probes);
        return;
      case 'closed':
        this.#closed.resolve(message);
    }
  }
}
