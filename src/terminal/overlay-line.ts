/** Milliseconds before a failed paint is retried. */
const RETRY_MS = 120;
/** Milliseconds after which the program's output is looked at for damage to the line. */
const SOON_MS = 50;

/**
 * Paints a line over the program's screen, or for `null` the content below it. Resolves to false if it cannot paint now.
 *
 * @param isSoon right after output of the program, as opposed to after the interval
 */
export type PaintLine = (line: string | null, isSoon: boolean) => Promise<boolean>;

/** Keeps our own line on the screen of a program that knows nothing of it. */
export class OverlayLine {
  readonly #paint: PaintLine;
  #line: (() => string) | null = null;
  #interval = RETRY_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** True if the program has printed something since the last paint. */
  #isSoon = false;
  /** When it was last repainted at its interval, milliseconds. */
  #repaintedAt = Number.NEGATIVE_INFINITY;

  constructor(paint: PaintLine) {
    this.#paint = paint;
  }

  get isShown(): boolean {
    return this.#line !== null;
  }

  /**
   * @param line returns the text for each repaint
   * @param interval milliseconds between repaints: the program may have painted over it
   */
  show(line: () => string, interval: number): void {
    this.#line = line;
    this.#interval = interval;
    this.repaint();
  }

  hide(): void {
    if (this.#line === null) return;
    this.#line = null;
    this.repaint();
  }

  /** Repaints the line shortly after the program's output, once for all output until then. */
  repaintSoon(): void {
    if (this.#line === null || this.#isSoon) return;
    this.#isSoon = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#repaint(true), SOON_MS);
  }

  repaint(): void {
    this.#repaint(false);
  }

  #repaint(isEarly: boolean): void {
    clearTimeout(this.#timer);
    this.#isSoon = false;
    const line = this.#line;
    const now = performance.now();
    const isSoon = isEarly && now - this.#repaintedAt < this.#interval;
    if (!isSoon) this.#repaintedAt = now;
    void this.#paint(line?.() ?? null, isSoon).then((isPainted) => {
      if (this.#isClosed || line !== this.#line || (isPainted && line === null)) return;
      // Output that came meanwhile has set a timer of its own.
      if (this.#isSoon) return;
      this.#timer = setTimeout(() => this.repaint(), isPainted ? this.#interval : RETRY_MS);
    });
  }

  /** Forgets the line and leaves the screen alone. */
  close(): void {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    this.#line = null;
  }
}
