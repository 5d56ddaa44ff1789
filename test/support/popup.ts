import { graphemesOf, textWidth } from '../../src/domain/text-width.ts';

/** The upper and the lower border of a popup, drawn in lines or in ASCII; the view may go on at both sides. */
const UPPER = /╭[ ─].*?╮|\+(?: [^+]* )?-{2,}(?: [^+]* )?\+(?= |$)/;
const LOWER = /^(╰.*╯|\+[ -].*\+)$/;

/**
 * Returns what a popup says: its title, its text as it would stand in a window without a frame, and the keys of its lower border. Empty without a
 * popup. Of two frames the lower one counts: a popup may hide the end of the panel of a first run.
 */
export function popupOf(lines: readonly string[]): string[] {
  for (let top = lines.length - 1; top > 0; top -= 1) {
    const popup = UPPER.test(lines[top] ?? '') ? framedFrom(lines, top) : [];
    if (popup.length > 0) return popup;
  }
  return [];
}

function framedFrom(lines: readonly string[], top: number): string[] {
  const border = UPPER.exec(lines[top] ?? '');
  if (border === null) return [];
  const from = textWidth((lines[top] ?? '').slice(0, border.index));
  const to = from + textWidth(border[0]);
  const framed = lines.slice(top).map((line) => cut(line, from, to));
  const bottom = framed.findIndex((line, row) => row > 0 && LOWER.test(line));
  if (bottom < 0) return [];
  return framed.slice(0, bottom + 1).map((line, row) => {
    const inside = line.slice(2, -2);
    return row === 0 || row === bottom ? inside.replace(/ ?[─-]{2,}( .*)?$/, '').trimEnd() : inside.trimEnd();
  });
}

/** Returns what stands in those columns. */
function cut(line: string, from: number, to: number): string {
  let column = 0;
  let text = '';
  for (const grapheme of graphemesOf(line)) {
    if (column >= from && column < to) text += grapheme;
    column += textWidth(grapheme);
  }
  return text;
}
