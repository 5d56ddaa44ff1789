import { type Ground, groundOf, type Line, layOutLine, type Segment } from './line.ts';
import { sliceSegments } from './slice.ts';

/** The upper left corner of a popup, from 0, and its width. */
export interface PopupPlace {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
}

export interface OverlayScreen {
  readonly columns: number;
  readonly height: number;
}

/**
 * Puts a popup over a dimmed view. Returns `screen.height` lines, each exactly `screen.columns` wide. Parts of the popup beside the screen are cut.
 *
 * @param ellipsis the painter's, for lines that are too wide
 */
export function overlayLines(
  lines: readonly Line[],
  popup: readonly Line[],
  { x, y, columns }: PopupPlace,
  screen: OverlayScreen,
  ellipsis = '…',
): Line[] {
  const left = Math.min(screen.columns, Math.max(0, x));
  const right = Math.min(screen.columns, Math.max(left, x + columns));
  return Array.from({ length: screen.height }, (_, row) => {
    const view = layOutLine(lines[row] ?? { left: [] }, screen.columns, ellipsis);
    const over = popup[row - y];
    if (over === undefined || right <= left) return { left: view.map(dimmed) };
    const shown = sliceSegments(popupSegments(over, columns, ellipsis), left - x, right - x);
    return {
      left: [
        ...sliceSegments(view, 0, left).map(dimmed),
        ...shown,
        ...sliceSegments(view, right, screen.columns).map(dimmed),
      ],
    };
  });
}

/** Lays out a line that belongs to a popup, each segment with its ground. */
export function popupSegments(line: Line, columns: number, ellipsis: string): Segment[] {
  const ofLine = groundOf(line);
  return withGround(layOutLine(line, columns, ellipsis), ofLine === 'view' ? 'popup' : ofLine);
}

/** Sets the ground of segments that have none of their own. */
export function withGround(segments: readonly Segment[], ground: Ground): Segment[] {
  return segments.map((part) => (part.ground === undefined ? { ...part, ground } : part));
}

const dimmed = (part: Segment): Segment => ({ ...part, ground: 'dimmed' });
