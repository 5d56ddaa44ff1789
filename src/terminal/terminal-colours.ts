/** A terminal's answer to OSC 10 or 11: its foreground and background colours (xterm's ctlseqs). */
const ANSWER = /\u001b\](1[01]);(rgba?:[0-9a-f/]+)(?:\u0007|\u001b\\)/gi;
/** The longest answer is shorter. */
const MAX_REPLY_BYTES = 64;

/** The colours of the user's terminal, learned from its answers to any program. */
export class TerminalColours {
  readonly #known = new Map<number, string>();

  /** Reads the terminal's input. */
  listen(chunk: Buffer): void {
    if (chunk.length < 10 || !chunk.includes('\u001b]1')) return;
    for (const [, number, colour] of chunk
      .subarray(0, 4 * MAX_REPLY_BYTES)
      .toString('latin1')
      .matchAll(ANSWER)) {
      if (colour !== undefined) this.#known.set(Number(number), colour);
    }
  }

  /** Returns the terminal's answer; `null` if it is not known. */
  answer(number: number): string | null {
    const colour = this.#known.get(number);
    return colour === undefined ? null : `\u001b]${number};${colour}\u0007`;
  }
}
