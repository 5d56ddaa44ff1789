import type { Line } from '../paint/line.ts';

/** Lines that belong together. */
export interface Section {
  readonly lines: readonly Line[];
  /** If there is no room for all, sections of a lower rank are shown first. */
  readonly rank: number;
  /** Index of the line that stays in sight when the section is cut; the first one unless given. */
  readonly focus?: number;
  /** A part of it would be of no use. */
  readonly whole?: boolean;
}

/** Fits the sections into `height` lines, in order. Spare room goes to empty lines between them. */
export function fitSections(sections: readonly Section[], height: number): Line[] {
  const rooms = shareOut(sections, height);
  const shown = sections.flatMap((section) => {
    const lines = windowOf(section, rooms.get(section) ?? 0);
    return lines.length > 0 ? [lines] : [];
  });
  let gaps = height - shown.reduce((sum, lines) => sum + lines.length, 0);
  return shown.flatMap((lines, at) => {
    if (at === 0 || gaps <= 0) return lines;
    gaps -= 1;
    return [{ left: [] }, ...lines];
  });
}

/** Returns the number of lines for each section. */
function shareOut(sections: readonly Section[], height: number): Map<Section, number> {
  let left = height;
  const rooms = new Map<Section, number>();
  for (const section of [...sections].sort((a, b) => a.rank - b.rank)) {
    const count = section.lines.length;
    const room = section.whole === true && count > left ? 0 : Math.min(count, left);
    rooms.set(section, room);
    left -= room;
  }
  return rooms;
}

function windowOf({ lines, focus = 0 }: Section, room: number): readonly Line[] {
  const first = Math.max(0, focus - room + 1);
  return lines.slice(first, first + room);
}
