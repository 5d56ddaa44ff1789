import { FilteredPty } from './filtered-pty.ts';
import type { InteractiveExit, Pty } from './transport.ts';

/** Output bytes kept until the announcement, so that a failed login can be quoted. */
const MAX_HELD_BYTES = 1 << 16;

/**
 * A program on a pty whose script announces it right before it starts. Holds back earlier output, such as a profile's,
 * and passes it on only if the script ends without an announcement.
 */
export class AnnouncedPty extends FilteredPty {
  /** Settles after the held output was passed on. */
  override readonly exit: Promise<InteractiveExit>;
  /** One character per byte; `null` once the program is announced. */
  #held: string | null = '';
  #pid: number | null = null;
  #startedAt: number | null = null;

  /** @param announcement matches the announcement; its first group is the id of the process that becomes the program */
  constructor(pty: Pty, announcement: RegExp) {
    super(pty);
    this.exit = pty.exit.finally(() => this.#release(this.#held ?? ''));
    // Callers may ignore it.
    this.exit.catch(() => {});
    pty.onData((chunk) => {
      if (this.#held === null) return this.output.push(chunk);
      this.#held = (this.#held + chunk.toString('latin1')).slice(-MAX_HELD_BYTES);
      const found = announcement.exec(this.#held);
      if (found === null) return;
      this.#pid = Number(found[1]);
      this.#startedAt = Date.now();
      this.#release(this.#held.slice(found.index + found[0].length));
    });
  }

  /** The program's process id on its host; `null` until announced. */
  get pid(): number | null {
    return this.#pid;
  }

  /** Epoch milliseconds of the announcement; `null` until then. */
  get startedAt(): number | null {
    return this.#startedAt;
  }

  #release(rest: string): void {
    this.#held = null;
    this.pass(rest);
  }
}
