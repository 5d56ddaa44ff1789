import { scrollTo } from './scroll.ts';

/** Rows around the selected one that stay in sight at the edges. */
const CONTEXT_ROWS = 2;

/**
 * Remembers how far a list is scrolled. While the same row is selected, it keeps its line on the screen when rows come
 * and go above it.
 */
export class ListPlace {
  #first = 0;
  #selected: { key: string; index: number } | null = null;

  /** Returns the index of the first visible row. `key` and `index` are those of the selected row. */
  firstRow(key: string | null, index: number, count: number, height: number): number {
    const before = this.#selected;
    if (before !== null && key === before.key && index !== before.index) this.#first += index - before.index;
    this.#selected = key === null ? null : { key, index };
    const context = Math.min(CONTEXT_ROWS, Math.floor((height - 1) / 2));
    const least = Math.max(0, index - context);
    const most = Math.min(count - 1, index + context);
    const up = scrollTo(this.#first, most, count, height);
    this.#first = scrollTo(up, least, count, height);
    return this.#first;
  }
}
