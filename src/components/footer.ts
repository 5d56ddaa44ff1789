import { textWidth } from '../domain/text-width.ts';
import type { FooterHints, Hint } from './keys/footer-hints.ts';
import { type Line, segment } from './paint/line.ts';

/** Columns around a hint's key and label: one before, one between. */
const BLANKS = 3;

/**
 * Composes the line of keys. Where they do not fit, the view's keys go first, the rightmost before the others, then
 * those of the row up to its primary one; the way out and `?` stay.
 */
export function footerLine(hints: FooterHints, columns: number): Line {
  const { view, last } = hints;
  // Short labels come before fewer keys.
  const isTight = widthOf([...hints.row, ...last]) > columns;
  const row = isTight ? hints.row.map(({ key, hint }) => ({ key, hint: hint.split(' ', 1)[0] ?? hint })) : hints.row;
  const primary = row.slice(0, 1);
  let room = columns - widthOf([...primary, ...last]);
  const kept: Hint[] = [];
  let isFull = false;
  for (const hint of [...row.slice(1), ...view]) {
    const width = widthOf([hint]);
    if (isFull || width > room) {
      isFull = true;
      continue;
    }
    room -= width;
    kept.push(hint);
  }
  return {
    left: [...primary, ...kept, ...last].flatMap(({ key, hint }) => [
      segment(` ${key}`, 'accent', true),
      segment(hint === '' ? '' : ` ${hint} `, 'dim'),
    ]),
  };
}

function widthOf(hints: readonly Hint[]): number {
  return hints.reduce((sum, { key, hint }) => sum + textWidth(key) + textWidth(hint) + BLANKS, 0);
}
