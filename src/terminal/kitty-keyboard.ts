/** Entries that a program may push. */
const MAX_STACK_DEPTH = 16;

/** Tracks a program's settings of the kitty keyboard protocol, on one of its two screens. */
export class KittyKeyboard {
  /** The pushed flags, oldest first, without the base entry. */
  #pushed: readonly number[] = [];
  #bottom = 0;

  get flags(): number {
    return this.#pushed.at(-1) ?? this.#bottom;
  }

  /** `CSI > flags u` */
  push(flags: number): void {
    this.#pushed = [...this.#pushed, flags].slice(-MAX_STACK_DEPTH);
  }

  /** `CSI < number u` */
  pop(number: number): void {
    if (number > this.#pushed.length) this.#bottom = 0;
    this.#pushed = this.#pushed.slice(0, Math.max(0, this.#pushed.length - number));
  }

  /** `CSI = flags ; mode u`: 1 sets them all, 2 adds them, 3 takes them away. */
  set(flags: number, mode: number): void {
    const now = this.flags;
    const next = mode === 2 ? now | flags : mode === 3 ? now & ~flags : flags;
    if (this.#pushed.length === 0) this.#bottom = next;
    else this.#pushed = [...this.#pushed.slice(0, -1), next];
  }

  reset(): void {
    this.#pushed = [];
    this.#bottom = 0;
  }

  /** Applies the same settings to a keyboard in its initial state. */
  get restoring(): string {
    const bottom = this.#bottom === 0 ? '' : `\u001b[=${this.#bottom};1u`;
    return bottom + this.#pushed.map((flags) => `\u001b[>${flags}u`).join('');
  }

  /** Takes all of it back. */
  get undoing(): string {
    const pushed = this.#pushed.length === 0 ? '' : `\u001b[<${this.#pushed.length}u`;
    return pushed + (this.#bottom === 0 ? '' : '\u001b[=0;1u');
  }
}
