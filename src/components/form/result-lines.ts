import type { ThemeColour } from '../../domain/theme.ts';
import { countOutcome, type ResultRow, type ResultState, type RowOutcome } from '../../store/form/results.ts';
import { clampTop, type ScrollRoom } from '../../store/form/scroll.ts';
import { MARGIN, paragraph } from '../auth/auth-view.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import { placeOf } from './confirm-lines.ts';
import type { DialogArea, DialogView } from './form-lines.ts';

const COLOURS: Readonly<Record<RowOutcome, ThemeColour>> = {
  ok: 'good',
  failed: 'bad',
  skipped: 'warn',
  running: 'busy',
  waiting: 'dim',
};
/** In the order in which they are counted. */
const OUTCOMES: readonly RowOutcome[] = ['ok', 'failed', 'skipped', 'running', 'waiting'];
const OUTCOME_COLUMNS = 9;
/** Title and counts. */
const HEAD = 2;
/** Lines of a reason: the log has the rest. */
const MAX_REASON_LINES = 3;

/** Paints the items of a bulk operation with their outcomes. */
export function resultLines(results: ResultState, view: DialogView): Line[] {
  const body = bodyOf(results, view);
  const room = { count: body.length, height: Math.max(1, view.height - HEAD) };
  const top = clampTop(results.top, room);
  const title = [segment(MARGIN), untrusted(results.title, 'accent', true)];
  const head: Line[] = [{ left: title, right: placeOf(top, room) }, { left: countsOf(results) }];
  return [...head, ...body.slice(top, top + room.height)].slice(0, view.height);
}

/** Returns how far the rows scroll, for `resultReduce`. */
export function resultRoom(results: ResultState, area: DialogArea): ScrollRoom {
  return { count: bodyOf(results, { ...area, frame: 0 }).length, height: Math.max(1, area.height - HEAD) };
}

function countsOf(results: ResultState) {
  const counts = OUTCOMES.flatMap((outcome) => {
    const count = countOutcome(results, outcome);
    return count === 0 ? [] : [segment(`${count} ${outcome}${MARGIN}`, COLOURS[outcome])];
  });
  return [segment(MARGIN), ...counts];
}

function bodyOf({ rows }: ResultState, view: DialogView): Line[] {
  return rows.flatMap((row) => rowLines(row, view));
}

/** A failure's reason goes below; other notes go beside. */
function rowLines({ label, outcome, reason }: ResultRow, { painter, columns, frame }: DialogView): Line[] {
  const mark = outcome === 'running' ? `${painter.spinner(frame)} `.slice(0, 2) : MARGIN;
  const left = [segment(mark, 'busy'), segment(outcome.padEnd(OUTCOME_COLUMNS), COLOURS[outcome]), untrusted(label)];
  if (reason === null) return [{ left }];
  if (outcome !== 'failed') return [{ left: [...left, untrusted(`${MARGIN}${reason}`, 'dim')] }];
  const indent = MARGIN.length + OUTCOME_COLUMNS;
  const said = paragraph(reason, Math.max(1, columns - indent - 1), painter, { colour: 'bad', most: MAX_REASON_LINES });
  return [{ left }, ...said.map((line): Line => ({ left: [segment(' '.repeat(indent)), ...line.left.slice(1)] }))];
}
