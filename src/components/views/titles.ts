import type { HostEntry } from '../../domain/fleet.ts';
import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { OcrState } from '../../store/state.ts';
import { commonWidth } from '../list/column.ts';

/** Widths that the contents of columns need. */
export interface CommonWidths {
  /** Nine of ten titles fit into it. */
  readonly title: number;
  /** The longest name of a host fits into it. */
  readonly host: number;
}

/** Titles that are measured; those of a larger fleet are a sample. */
const MAX_SAMPLE = 400;

/**
 * Measures the titles of the whole fleet, not of what is in sight, so that columns do not move while the list scrolls.
 * Measures again only when hosts appear or answer for the first time.
 */
export class TitleWidths {
  #known: { hosts: number; widths: CommonWidths } | null = null;

  widthsOf({ entries }: Pick<OcrState, 'entries'>): CommonWidths {
    let hosts = 0;
    for (const { snapshot } of entries.values()) if (snapshot !== null) hosts += 1;
    if (this.#known?.hosts === hosts) return this.#known.widths;
    const listed = [...entries.values()];
    const host = listed.reduce((widest, { host: { label } }) => Math.max(widest, textWidth(printable(label))), 0);
    this.#known = { hosts, widths: { title: commonWidth(sampleTitles(listed)), host } };
    return this.#known.widths;
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
