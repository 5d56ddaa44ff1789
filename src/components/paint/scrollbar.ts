export type ScrollbarCell = 'thumb' | 'track';

/**
 * Returns the cells of a scrollbar from top to bottom; `null` if everything fits. The thumb is at an end only where the list is.
 *
 * @param total lines of the list
 * @param height lines that are shown
 * @param first the line that is shown first, from 0
 */
export function scrollbar(total: number, height: number, first: number): readonly ScrollbarCell[] | null {
  if (height <= 0 || total <= height) return null;
  const size = Math.min(height, Math.max(1, Math.round((height * height) / total)));
  const last = total - height;
  const at = Math.min(last, Math.max(0, first));
  const room = height - size;
  const nearest = Math.round((at / last) * room);
  const top =
    at === 0 || room === 0 ? 0 : at === last ? room : clamp(nearest, Math.min(1, room), Math.max(0, room - 1));
  return Array.from({ length: height }, (_, row) => (row >= top && row < top + size ? 'thumb' : 'track'));
}

const clamp = (value: number, least: number, most: number) => Math.max(Math.min(value, most), Math.min(least, most));
