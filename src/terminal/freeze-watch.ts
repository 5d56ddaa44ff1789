/** Milliseconds without any output after a key until a program is suspected to be stopped. */
const SILENT_MS = 3000;
/** Milliseconds that a program may be off the alternate screen, such as between two editors, and until it is woken again. */
const LEFT_SCREEN_MS = [300, 1000, 3000] as const;

export interface FrozenProgram {
  /** Has it go on. No-op for one that runs. */
  wake(): void;
  /** Tells whether it still does not answer. */
  tell(isSilent: boolean): void;
}

/**
 * Notices a program that was stopped (SIGSTOP), or that has suspended itself as after Ctrl-Z: it then gives its screen back and waits for a shell to
 * continue it. It leads a session of its own, so there is none.
 */
export class FreezeWatch {
  readonly #program: FrozenProgram;
  #silent: NodeJS.Timeout | undefined;
  #left: NodeJS.Timeout | undefined;
  #wasAlternate: boolean;
  #isSilent = false;

  /** @param wasAlternate tells whether the program has ever had the alternate screen */
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

  /** @param isAlternate tells whether the program has the alternate screen now */
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
