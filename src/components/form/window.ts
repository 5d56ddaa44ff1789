/**
 * The first of `count` places to show in a room so that `at` is among them. The window moves by half a room: what stands around `at` is
 * seen on both sides, and it depends on nothing but these numbers.
 */
export function windowStart(at: number, count: number, room: number): number {
  if (count <= room) return 0;
  const half = Math.floor(room / 2);
  const start = half === 0 ? at : Math.max(0, (Math.floor(at / half) - 1) * half);
  return Math.min(start, count - Math.max(1, room));
}
