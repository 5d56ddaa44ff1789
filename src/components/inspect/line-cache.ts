import type { Line } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

/** The context in which lines are composed. */
export interface LineView {
  readonly painter: Painter;
  /** Columns that a line may take. */
  readonly width: number;
  /** Tool calls or diffs are shown in full. */
  readonly unfolded: boolean;
}

/** Caches the lines of an item for each context. Items are immutable: a changed item is a new one. */
export function cachedLines<Item extends object>(
  compose: (item: Item, view: LineView) => readonly Line[],
): (item: Item, view: LineView) => readonly Line[] {
  const known = new WeakMap<Item, LineView & { readonly lines: readonly Line[] }>();
  return (item, view) => {
    const last = known.get(item);
    if (last?.painter === view.painter && last.width === view.width && last.unfolded === view.unfolded)
      return last.lines;
    const { painter, width, unfolded } = view;
    const lines = compose(item, view);
    known.set(item, { painter, width, unfolded, lines });
    return lines;
  };
}
