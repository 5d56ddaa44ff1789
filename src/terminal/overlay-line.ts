/** Milliseconds before a failed paint is retried. */
const RETRY_MS = 120;

/** Paints a line over the program's screen, or for `null` the content below it. Resolves to false if it cannot paint now. */
export type PaintLine = (line: string | null) => Promise<boolean>;

/** Keeps our own line on the screen of a program that knows nothing of it. */
export class OverlayLine {
  readonly #paint: PaintLine;
  #line: (() => string) | null = null;
  #interval = RETRY_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

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

  repaint(): void {
    clearTimeout(this.#timer);
    const line = this.#line;
    void this.#paint(line?.() ?? null).then((isPainted) => {
      if (this.#isClosed || line !== this.#line || (isPainted && line === null)) return;
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
