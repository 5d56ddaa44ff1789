/**
 * The first row to show so that the selected one is visible, moving as little as can be from where the list stood.
 * Rows that went away leave no empty space at the end.
 */
export function scrollTo(first: number, selected: number, count: number, height: number): number {
  const last = Math.max(0, count - height);
  const least = selected - height + 1;
  return Math.max(0, Math.min(last, Math.max(least, Math.min(first, selected))));
}
