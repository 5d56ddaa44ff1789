/** Number of lines, and how many of them are visible. */
export interface ScrollRoom {
  readonly count: number;
  readonly height: number;
}

/** Returns the first visible line after a key; `null` for a key that does not scroll. */
export function scrolled(top: number, keyName: string, room: ScrollRoom): number | null {
  const page = Math.max(1, room.height - 1);
  const steps = stepsOf(keyName, page);
  return steps === null ? null : clampTop(clampTop(top, room) + steps, room);
}

/** Returns the first visible line, so that no room is left empty below the last one. */
export function clampTop(top: number, { count, height }: ScrollRoom): number {
  return Math.max(0, Math.min(top, count - height));
}

function stepsOf(keyName: string, page: number): number | null {
  switch (keyName) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'pgup':
      return -page;
    case 'pgdn':
      return page;
    case 'home':
      return Number.NEGATIVE_INFINITY;
    case 'end':
      return Number.POSITIVE_INFINITY;
    default:
      return null;
  }
}
