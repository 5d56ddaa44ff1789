import type { EventEmitter } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Milliseconds until a process that a signal was to stop is known to run on: the system ignores it where no shell could continue the process. */
const STOPS_WITHIN_MS = 300;

/** The process as far as job control sees it. */
export interface JobProcess extends Pick<EventEmitter, 'on' | 'off'> {
  readonly pid: number;
  kill(pid: number, signal: string): unknown;
}

/** What the terminal is used for. */
export interface TerminalUse {
  /** Takes the terminal from the dashboard, and paints it anew afterwards. */
  lend(callback: () => Promise<void>): Promise<void>;
  /** Does somebody else have the terminal? */
  isLent(): boolean;
  /** Leaves the attached program that is shown. Resolves to what shows it again; `null` if none is shown. */
  leaveProgram(): Promise<(() => void) | null>;
  /** Reads the terminal's size anew: a process that is stopped, or in the background, is not told of changes. */
  refreshSize(): void;
  /** Tells that there is no shell that could continue it. */
  tellNoShell(): void;
}

/**
 * Suspends the dashboard as a shell expects it: at Ctrl-Z, which is a mere key in raw mode, and at SIGTSTP. The terminal is given back as it was
 * before the process group stops; it is taken again on SIGCONT, also after a SIGSTOP, which gives no warning.
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

  /** Gives the terminal to the shell until that continues the dashboard. */
  async suspend(): Promise<void> {
    await this.#exclusively(async () => {
      const showAgain = await this.#use.leaveProgram();
      if (showAgain === null && this.#use.isLent()) {
        // An editor or ssh has the terminal and gives it back by itself; it has had the signal too.
        await this.#stop(this.#process.pid);
        return;
      }
      let hasStopped = false;
      await this.#use.lend(async () => {
        hasStopped = await this.#stop(0);
        this.#use.refreshSize();
      });
      if (!hasStopped) this.#use.tellNoShell();
      showAgain?.();
    });
  }

  /** True from when it is suspended until it has the terminal again. */
  get isSuspended(): boolean {
    return this.#isBusy;
  }

  /** While it is suspended: leaves the terminal to the shell for good. */
  close(): void {
    this.#isClosed = true;
    this.#process.off('SIGTSTP', this.#onStop);
    this.#process.off('SIGCONT', this.#onContinue);
  }

  /** Takes the terminal anew after a SIGSTOP: the shell has used it meanwhile, and may have changed its mode. */
  async #continued(): Promise<void> {
    await this.#exclusively(async () => {
      const showAgain = await this.#use.leaveProgram();
      if (showAgain === null && this.#use.isLent()) return;
      await this.#use.lend(async () => {
        this.#use.refreshSize();
        // A terminal that is let go of stops reading a turn later.
        await setImmediate();
      });
      showAgain?.();
    });
  }

  /** Stops a process, or with 0 the whole group as a terminal does, until it is continued. Resolves to false if nothing could stop it. */
  async #stop(pid: number): Promise<boolean> {
    let isContinued = false;
    const continued = Promise.withResolvers<void>();
    const onContinue = () => {
      isContinued = true;
      continued.resolve();
    };
    // Without a listener the signal does what it does to any program.
    this.#process.off('SIGTSTP', this.#onStop);
    this.#process.on('SIGCONT', onContinue);
    try {
      this.#process.kill(pid, 'SIGTSTP');
      await Promise.race([continued.promise, setTimeout(STOPS_WITHIN_MS)]);
      // After a stop the timer is due before the signal is heard.
      for (let turn = 0; turn < 2; turn += 1) await setImmediate();
    } finally {
      this.#process.off('SIGCONT', onContinue);
      if (!this.#isClosed) this.#process.on('SIGTSTP', this.#onStop);
    }
    // The dashboard has ended meanwhile: it must not take the terminal again.
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
