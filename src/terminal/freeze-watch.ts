/** Milliseconds without output after a key until a program counts as stopped. */
const SILENT_MS = 3000;
/** Milliseconds that a program may be off the alternate screen, such as between two editors, before each attempt to resume it. */
const LEFT_SCREEN_MS = [300, 1000, 3000] as const;

export interface FrozenProgram {
  /** Resumes it. No-op for a running program. */
  wake(): void;
  /** Called with true while it does not answer. */
  tell(isSilent: boolean): void;
}

/**
 * Notices a program that was stopped (SIGSTOP), or that suspended itself as on Ctrl-Z: it gives up its screen and waits for a shell to resume it. It
 * leads a session of its own, so there is no shell.
 */
export class FreezeWatch {
  readonly #program: FrozenProgram;
  #silent: NodeJS.Timeout | undefined;
  #left: NodeJS.Timeout | undefined;
  #wasAlternate: boolean;
  #isSilent = false;

  /** @param wasAlternate true if the program ever had the alternate screen */
  constructor(program: FrozenProgram, wasAlternate: boolean) {
    this.#program = program;
    this.#wasAlternate = wasAlternate;
  }

  typed(): void {
    if (this.#silent !== undefined) return;
    this.#silent = setTimeout(() => {
      this.#program.wake();
      this.#silent = setTimeout(() => this.#setSilent(true), SILENT_MS);
    }, SILENT_MS);
  }

  /** @param isAlternate true if the program has the alternate screen now */
  printed(isAlternate: boolean): void {
    clearTimeout(this.#silent);
    this.#silent = undefined;
    this.#setSilent(false);
    if (isAlternate) this.#stopWaking();
    else if (this.#wasAlternate) this.#wakeSoon(0);
    this.#wasAlternate = isAlternate;
  }

  close(): void {
    clearTimeout(this.#silent);
    this.#silent = undefined;
    this.#stopWaking();
  }

  #wakeSoon(times: number): void {
    const delay = LEFT_SCREEN_MS[times];
    if (delay === undefined) return;
    this.#left = setTimeout(() => {
      this.#program.wake();
      this.#wakeSoon(times + 1);
    }, delay);
  }

  #stopWaking(): void {
    clearTimeout(this.#left);
    this.#left = undefined;
  }

  #setSilent(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#program.tell(isSilent);
  }
}
