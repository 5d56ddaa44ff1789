import type { ConfirmOption, ConfirmState } from '../../store/form/confirm.ts';
import { clampTop, type ScrollRoom } from '../../store/form/scroll.ts';
import { bodyColumns, MARGIN, paragraph } from '../auth/auth-view.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { busyLine, type DialogArea, type DialogView, noteLines, stack } from './form-lines.ts';

/** Shows a confirmation: scrollable details, and the choices below. */
export function confirmLines(confirm: ConfirmState, view: DialogView): readonly Line[] {
  const { body, tail, room } = layOut(confirm, view);
  const top = clampTop(confirm.top, room);
  const shown = body.slice(top, top + Math.max(0, Math.min(room.height, view.height - 1 - tail.length)));
  const left = [segment(MARGIN), untrusted(confirm.title, 'accent', true)];
  return stack([[{ left, right: placeOf(top, room) }], shown, tail], 0, null, view.height).lines;
}

/** Returns how far a confirmation scrolls, for `confirmReduce`. */
export function confirmRoom(confirm: ConfirmState, area: DialogArea): ScrollRoom {
  return layOut(confirm, { ...area, frame: 0 }).room;
}

/** Returns the visible range of lines, for the right end of a title. */
export function placeOf(top: number, { count, height }: ScrollRoom) {
  if (count <= height) return [];
  return [segment(`${top + 1}-${Math.min(count, top + height)} of ${count}${MARGIN}`, 'dim')];
}

function layOut(confirm: ConfirmState, view: DialogView): { body: Line[]; tail: Line[]; room: ScrollRoom } {
  const body = noteLines(confirm.lines, view, Number.POSITIVE_INFINITY);
  const tail = [
    ...saidLines(confirm, view),
    ...confirm.options.map((option) => optionLine(option, confirm.enter === option.key, view.painter)),
    keepLine(confirm, view),
  ];
  return { body, tail, room: { count: body.length, height: Math.max(1, view.height - 1 - tail.length) } };
}

const KEY_COLUMNS = 6;

function optionLine({ key, label, danger }: ConfirmOption, isAt: boolean, painter: Painter): Line {
  const left = [
    segment(isAt ? `${painter.glyph('choice')} ` : MARGIN, 'accent', true),
    segment(`${key.padEnd(KEY_COLUMNS)} `, 'accent', true),
  ];
  return {
    left: [...left, untrusted(label.replace('…', painter.glyph('ellipsis')), danger === true ? 'bad' : 'text')],
  };
}

/** The line with the cursor; Enter chooses it. */
function keepLine({ busy, keep, enter }: ConfirmState, { painter }: DialogView): Line {
  const isBusy = busy !== null;
  return {
    left: [
      segment(isBusy || enter !== null ? MARGIN : `${painter.glyph('choice')} `, 'accent', true),
      segment(`${(isBusy ? 'esc' : 'n').padEnd(KEY_COLUMNS)} `, 'accent', true),
      untrusted(isBusy ? 'stop' : keep, 'dim'),
      ...(isBusy ? [] : [segment(enter === null ? ' (also esc, q and enter)' : ' (also esc and q)', 'dim')]),
    ],
  };
}

function saidLines({ busy, error }: ConfirmState, view: DialogView): Line[] {
  if (busy !== null) return [busyLine(busy, view)];
  if (error === null) return [];
  return paragraph(error, bodyColumns(view.columns), view.painter, { colour: 'bad', bold: true, most: 2 });
}
