/** A terminal's answer to OSC 10 or 11: its colours for characters and for what is behind them (xterm's ctlseqs). */
const ANSWER = /\u001b\](1[01]);(rgba?:[0-9a-f/]+)(?:\u0007|\u001b\\)/gi;
/** The longest answer is shorter. */
const LONGEST = 64;

/** The colours of the person's terminal, as far as it has told them to some program. */
export class TerminalColours {
  readonly #known = new Map<number, string>();

  /** Takes what the terminal sends. */
  listen(chunk: Buffer): void {
    if (chunk.length < 10 || !chunk.includes('\u001b]1')) return;
    for (const [, number, colour] of chunk
      .subarray(0, 4 * LONGEST)
      .toString('latin1')
      .matchAll(ANSWER)) {
      if (colour !== undefined) this.#known.set(Number(number), colour);
    }
  }

  /** What the terminal would answer; `null` when that is not known. */
  answer(number: number): string | null {
    const colour = this.#known.get(number);
    return colour === undefined ? null : `\u001b]${number};${colour}\u0007`;
  }
}
