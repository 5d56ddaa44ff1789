/**
 * Returns the first visible index of `count` items so that `at` is visible. The window moves by half its size, which
 * shows context on both sides, and depends only on these numbers.
 */
export function windowStart(at: number, count: number, room: number): number {
  if (count <= room) return 0;
  const half = Math.floor(room / 2);
  const start = half === 0 ? at : Math.max(0, (Math.floor(at / half) - 1) * half);
  return Math.min(start, count - Math.max(1, room));
}
