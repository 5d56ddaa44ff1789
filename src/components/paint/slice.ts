import { graphemesOf, textWidth } from '../../domain/text-width.ts';
import type { Segment } from './line.ts';

/** Characters of one column and one UTF-16 unit each. */
const SIMPLE = /^[ -~]*$/;

/** Returns the columns from `start` to before `end` of segments, exactly. A blank stands for the half of a wide character that an edge cuts. */
export function sliceSegments(segments: readonly Segment[], start: number, end: number): Segment[] {
  const kept: Segment[] = [];
  let column = 0;
  for (const part of segments) {
    const width = textWidth(part.text);
    const text = sliceText(part.text, width, start - column, end - column);
    if (text !== '') kept.push({ ...part, text });
    column += width;
  }
  const missing = end - Math.max(start, column);
  if (missing > 0) kept.push({ text: ' '.repeat(missing) });
  return kept;
}

function sliceText(text: string, width: number, start: number, end: number): string {
  if (start >= width || end <= 0) return '';
  if (start <= 0 && end >= width) return text;
  if (SIMPLE.test(text)) return text.slice(Math.max(0, start), end);
  let column = 0;
  let kept = '';
  for (const character of graphemesOf(text)) {
    const next = column + textWidth(character);
    const visible = Math.min(next, end) - Math.max(column, start);
    // What has no width belongs to the character before it.
    if (next === column) kept += column > start && column <= end ? character : '';
    else if (visible > 0) kept += visible === next - column ? character : ' '.repeat(visible);
    column = next;
  }
  return kept;
}
