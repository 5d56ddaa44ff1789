import type { EventEmitter } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Milliseconds after which a process has ignored a stop signal: the system does so where no shell could resume it. */
const STOP_TIMEOUT_MS = 300;

/** The part of the process that job control uses. */
export interface JobProcess extends Pick<EventEmitter, 'on' | 'off'> {
  readonly pid: number;
  kill(pid: number, signal: string): unknown;
}

/** The users of the terminal. */
export interface TerminalUse {
  /** Takes the terminal from the dashboard, and repaints it afterwards. */
  lend(callback: () => Promise<void>): Promise<void>;
  /** True if another program has the terminal. */
  isLent(): boolean;
  /** Leaves the shown program. Resolves to a function that shows it again; `null` if none is shown. */
  leaveProgram(): Promise<(() => void) | null>;
  /** Rereads the terminal's size: a stopped or background process receives no resize signals. */
  refreshSize(): void;
  /** Reports that no shell could resume the process. */
  reportNoShell(): void;
}

/**
 * Suspends the dashboard as a shell expects: on Ctrl-Z, which is a plain key in raw mode, and on SIGTSTP. Restores the terminal before the process
 * group stops, and takes it again on SIGCONT, also after a SIGSTOP, which comes without warning.
 */
export class JobControl {
  readonly #process: JobProcess;
  readonly #use: TerminalUse;
  readonly #onStop = () => void this.suspend();
  readonly #onContinue = () => void this.#continued();
  #isBusy = false;
  #isClosed = false;

  constructor(process: JobProcess, use: TerminalUse) {
    this.#process = process;
    this.#use = use;
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#onContinue);
  }

  /** Suspends to the shell until it resumes the dashboard. */
  async suspend(): Promise<void> {
    await this.#exclusively(async () => {
      const showAgain = await this.#use.leaveProgram();
      if (showAgain === null && this.#use.isLent()) {
        // An editor or ssh has the terminal. It got the signal too, and restores the terminal by itself.
        await this.#stop(this.#process.pid);
        return;
      }
      let hasStopped = false;
      await this.#use.lend(async () => {
        hasStopped = await this.#stop(0);
        this.#use.refreshSize();
      });
      if (!hasStopped) this.#use.reportNoShell();
      showAgain?.();
    });
  }

  /** True from the suspend until the dashboard has the terminal again. */
  get isSuspended(): boolean {
    return this.#isBusy;
  }

  /** Leaves the terminal to the shell for good while suspended. */
  close(): void {
    this.#isClosed = true;
    this.#process.off('SIGTSTP', this.#onStop);
    this.#process.off('SIGCONT', this.#onContinue);
  }

  /** Takes the terminal again after a SIGSTOP: the shell has used it, and may have changed its mode. */
  async #continued(): Promise<void> {
    await this.#exclusively(async () => {
      const showAgain = await this.#use.leaveProgram();
      if (showAgain === null && this.#use.isLent()) return;
      await this.#use.lend(async () => {
        this.#use.refreshSize();
        // A released terminal stops reading one turn later.
        await setImmediate();
      });
      showAgain?.();
    });
  }

  /** Stops a process (0: the whole group, as a terminal does) until it is resumed. Resolves to false if nothing could stop it. */
  async #stop(pid: number): Promise<boolean> {
    let isContinued = false;
    const continued = Promise.withResolvers<void>();
    const onContinue = () => {
      isContinued = true;
      continued.resolve();
    };
    // Without a listener the signal has its default action.
    this.#process.off('SIGTSTP', this.#onStop);
    this.#process.on('SIGCONT', onContinue);
    try {
      this.#process.kill(pid, 'SIGTSTP');
      await Promise.race([continued.promise, setTimeout(STOP_TIMEOUT_MS)]);
      // After a stop the timer fires before the signal handler runs.
      for (let turn = 0; turn < 2; turn += 1) await setImmediate();
    } finally {
      this.#process.off('SIGCONT', onContinue);
      if (!this.#isClosed) this.#process.on('SIGTSTP', this.#onStop);
    }
    // The dashboard has ended: it must not take the terminal again.
    if (this.#isClosed) await new Promise(() => {});
    return isContinued;
  }

  async #exclusively(act: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await act();
    } finally {
      this.#isBusy = false;
    }
  }
}
