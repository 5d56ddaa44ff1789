import type { HostEntry } from '../../domain/fleet.ts';
import { printable } from '../../domain/printable.ts';
import type { OcrState } from '../../store/state.ts';
import { commonWidth } from '../list/column.ts';

/** Titles that are measured; those of a larger fleet are a sample. */
const MAX_SAMPLE = 400;

/**
 * Measures the titles of the whole fleet, not of what is in sight, so that columns do not move while the list scrolls.
 * Measures again only when hosts appear or answer for the first time.
 */
export class TitleWidths {
  #known: { hosts: number; width: number } | null = null;

  widthOf({ entries }: Pick<OcrState, 'entries'>): number {
    let hosts = 0;
    for (const { snapshot } of entries.values()) if (snapshot !== null) hosts += 1;
    if (this.#known?.hosts === hosts) return this.#known.width;
    this.#known = { hosts, width: commonWidth(sampleTitles([...entries.values()])) };
    return this.#known.width;
  }
}

function sampleTitles(entries: readonly HostEntry[]): string[] {
  const total = entries.reduce((sum, { snapshot }) => sum + (snapshot?.sessions.length ?? 0), 0);
  const step = Math.max(1, Math.floor(total / MAX_SAMPLE));
  const titles: string[] = [];
  let at = 0;
  for (const { snapshot } of entries) {
    for (const { title, parentId } of snapshot?.sessions ?? []) {
      if (at % step === 0 && parentId === null) titles.push(printable(title || 'untitled'));
      at += 1;
    }
  }
  return titles;
}
