/** Milliseconds until a line that could not be painted is painted. */
const RETRY_MS = 120;

/** Paints a line over the program's screen, or for `null` what is below it. Resolves to false if this is no moment for it. */
export type PaintLine = (line: string | null) => Promise<boolean>;

/** Keeps a line of our own on the screen of a program, which knows nothing of it. */
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
   * @param line is asked for anew at each repaint
   * @param interval milliseconds until the next one: the program may have painted over it
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
