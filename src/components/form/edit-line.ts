import { truncateText } from '../../domain/text-width.ts';
import { boundaryBefore, charactersOf } from '../../store/form/graphemes.ts';
import { type Shown, shownCharacter } from '../../store/form/shown.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { windowStart } from './window.ts';

/** A line of a text while it is edited. */
export interface EditLine {
  readonly segments: readonly Segment[];
  /** Column of the cursor; 0 when it is not on this line. */
  readonly x: number;
}

/** Longer lines are processed in chunks of this size, in UTF-16 units. */
const CHUNK_UNITS = 1000;

interface Cell extends Shown {
  readonly column: number;
  /** True if the cursor is on it. */
  readonly isCursor: boolean;
  /** True if the next character goes here. */
  readonly isEnd: boolean;
}

/** A line in at most `room` columns; with a cursor (an index) it is scrolled sideways so that this is in sight. */
export function editLine(
  line: string,
  cursor: number | null,
  room: number,
  painter: Painter,
  multiline: boolean,
): EditLine {
  const { part, start, end } = partOf(line, cursor ?? 0, room);
  const cells = cellsOf(part, cursor === null ? null : cursor - start, multiline);
  const total = cells.reduce((sum, { columns }) => sum + columns, 0);
  if (total <= room && start === 0 && end === line.length) return painted(cells, room);

  const inner = Math.max(1, room - 2);
  const at = cells.find(({ isCursor }) => isCursor)?.column ?? 0;
  const first = windowStart(at, total, inner);
  const seen = cells.filter(
    ({ column, columns, isCursor }) => isCursor || (column >= first && column + columns <= first + inner),
  );
  const cut = segment(painter.glyph('ellipsis'), 'dim');
  const isCutLeft = start > 0 || seen[0]?.column !== 0;
  const isCutRight = end < line.length || seen.at(-1) !== cells.at(-1);
  const { segments, x } = painted(seen, inner);
  const before = isCutLeft ? [cut] : [];
  return { segments: [...before, ...segments, ...(isCutRight ? [cut] : [])], x: x + before.length };
}

/** Returns the part of a line that can be visible. */
function partOf(line: string, cursor: number, room: number): { part: string; start: number; end: number } {
  const size = Math.max(CHUNK_UNITS, room);
  const start = boundaryBefore(line, Math.max(0, (Math.floor(cursor / size) - 1) * size));
  const end = boundaryBefore(line, start + 4 * size);
  return { part: line.slice(start, end), start, end };
}

function cellsOf(part: string, cursor: number | null, multiline: boolean): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = 0;
  for (const character of charactersOf(part)) {
    const shown = shownCharacter(character, multiline);
    cells.push({ ...shown, column, isCursor: at === cursor, isEnd: false });
    column += shown.columns;
    at += character.length;
  }
  if (cursor === part.length) cells.push({ text: END, columns: 1, isSign: false, column, isCursor: true, isEnd: true });
  return cells;
}

/** The cursor where the next character comes. */
const END = '_';

function painted(cells: readonly Cell[], room: number): EditLine {
  const segments: Segment[] = [];
  let width = 0;
  let x = 0;
  let run: { text: string; isSign: boolean } = { text: '', isSign: false };
  const flush = () => {
    if (run.text !== '') segments.push(run.isSign ? segment(run.text, 'warn') : segment(run.text));
    run = { text: '', isSign: false };
  };
  for (const cell of cells) {
    if (cell.isCursor) {
      flush();
      x = width;
      const text = truncateText(cell.text, Math.max(1, room - width), END);
      segments.push(cell.isEnd ? segment(text, 'accent', true) : segment(text, 'match'));
    } else {
      if (run.isSign !== cell.isSign) flush();
      run = { text: run.text + cell.text, isSign: cell.isSign };
    }
    width += cell.columns;
  }
  flush();
  return { segments, x };
}
