/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A complete screen, ready to be written. */
export interface PaintedScreen {
  /** One painted text per row of the terminal, each exactly as wide as the terminal. */
  readonly lines: readonly string[];
  /** Place of the terminal's own cursor, which input methods follow; `null` hides it. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** A screen that is composed when it is about to be written. */
export interface ScreenRequest {
  /** The size that it is composed for. A terminal of another size never shows it. */
  readonly size: TerminalSize;
  compose(): PaintedScreen;
  /** Called after the screen has been written. */
  painted(): void;
}

/** The terminal as the dashboard paints it. */
export interface ScreenTarget {
  readonly size: TerminalSize;
  /** Calls the listener after each change of the size. Returns the way to stop that. */
  onResize(listener: () => void): () => void;
  /** Paints a screen soon; of several that are waiting, only the last. */
  paint(request: ScreenRequest): void;
}
