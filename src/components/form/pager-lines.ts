import { printable } from '../../domain/printable.ts';
import { graphemesOf, textWidth } from '../../domain/text-width.ts';
import type { PagerLine, PagerPart, PagerState } from '../../store/form/pager.ts';
import { clampTop, type ScrollRoom } from '../../store/form/scroll.ts';
import { MARGIN } from '../auth/auth-view.ts';
import { type Line, type Segment, segment, untrusted } from '../paint/line.ts';
import { placeOf } from './confirm-lines.ts';
import type { DialogArea } from './form-lines.ts';

const HEAD = 1;
const TAB = '    ';

/** Paints a long text from its scroll position on. */
export function pagerLines(pager: PagerState, view: DialogArea): Line[] {
  const body = bodyOf(pager, view.columns);
  const room = roomOf(body.length, view.height);
  const top = clampTop(pager.top, room);
  const left = [segment(MARGIN), untrusted(pager.title, 'accent', true)];
  const seen = body.slice(top, top + room.height).map(
    (parts): Line => ({
      left: [segment(' '), ...(pager.wrap ? parts : withoutColumns(parts, pager.left)).map(painted)],
    }),
  );
  return [{ left, right: placeOf(top, room) }, ...seen].slice(0, view.height);
}

/** Returns how far the text scrolls, for `pagerReduce`. */
export function pagerRoom(pager: PagerState, view: DialogArea): ScrollRoom {
  return roomOf(bodyOf(pager, view.columns).length, view.height);
}

const roomOf = (count: number, height: number): ScrollRoom => ({ count, height: Math.max(1, height - HEAD) });

/** Wrapping a long text takes a while, and each key needs the lines. */
const wrapped = new WeakMap<readonly PagerLine[], { readonly columns: number; readonly lines: readonly PagerLine[] }>();

function bodyOf({ lines, wrap }: PagerState, columns: number): readonly PagerLine[] {
  if (!wrap) return lines;
  const known = wrapped.get(lines);
  if (known?.columns === columns) return known.lines;
  const room = Math.max(1, columns - 2);
  const made = lines.flatMap((line) => wrapParts(line, room));
  wrapped.set(lines, { columns, lines: made });
  return made;
}

/** Makes a text printable; a tab is four blanks. */
function clean(text: string): string {
  return printable(text.replaceAll('\t', TAB));
}

function painted({ text, colour, bold }: PagerPart): Segment {
  return segment(clean(text), colour, bold);
}

/** A line in lines of at most `room` columns, broken behind a blank where there is one. */
function wrapParts(line: PagerLine, room: number): PagerLine[] {
  const parts = line.map((part) => ({ ...part, text: clean(part.text) }));
  if (parts.reduce((sum, { text }) => sum + textWidth(text), 0) <= room) return [parts];
  const cells = parts.flatMap((part) => graphemesOf(part.text).map((text) => ({ text, part })));
  const lines: PagerLine[] = [];
  let start = 0;
  let behindBlank = 0;
  let width = 0;
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at];
    if (cell === undefined) break;
    width += textWidth(cell.text);
    if (width > room && at > start) {
      const end = behindBlank > start ? behindBlank : at;
      lines.push(joined(cells.slice(start, end)));
      start = end;
      width = cells.slice(start, at + 1).reduce((sum, { text }) => sum + textWidth(text), 0);
    }
    if (cell.text === ' ') behindBlank = at + 1;
  }
  lines.push(joined(cells.slice(start)));
  return lines;
}

function joined(cells: readonly { readonly text: string; readonly part: PagerPart }[]): PagerLine {
  const parts: PagerPart[] = [];
  let last: PagerPart | null = null;
  for (const { text, part } of cells) {
    const before = parts.at(-1);
    if (part === last && before !== undefined) parts[parts.length - 1] = { ...before, text: before.text + text };
    else parts.push({ ...part, text });
    last = part;
  }
  return parts;
}

/** Drops the first columns. A wide character cut in two leaves blanks. */
function withoutColumns(parts: PagerLine, columns: number): PagerLine {
  let left = columns;
  return parts.flatMap((part) => {
    if (left <= 0) return [part];
    const text = clean(part.text);
    const width = textWidth(text);
    if (width <= left) {
      left -= width;
      return [];
    }
    const characters = graphemesOf(text);
    let at = 0;
    while (left > 0) {
      left -= textWidth(characters[at] ?? '');
      at += 1;
    }
    return [{ ...part, text: ' '.repeat(-left) + characters.slice(at).join('') }];
  });
}
