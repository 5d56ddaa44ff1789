import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import { candidatesOf } from '../../store/form/complete.ts';
import type { TextField } from '../../store/form/field.ts';
import { lineStart } from '../../store/form/text-lines.ts';
import { lastColumns } from '../paint/last-columns.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import { brief } from './brief.ts';
import { editLine } from './edit-line.ts';
import {
  type Block,
  type FieldView,
  fitBlock,
  hintLines,
  indentOf,
  labelled,
  valueLeft,
  valueRoom,
} from './field-view.ts';
import { windowStart } from './window.ts';

/** Visible candidates. */
const MAX_CANDIDATES = 8;
/** Rows of a text of many lines, where there is room for them. */
const LEAST_ROWS = 3;

/** Paints a single-line text, with its completions below. */
export function textBlock(field: TextField, view: FieldView): Block {
  const { editor, placeholder } = field;
  const isEdited = view.isFocused && !view.isStill;
  const room = valueRoom(view);
  const { segments, x } = editLine(editor.text, isEdited ? editor.cursor : null, room, view.painter, false);
  const empty = editor.text === '' ? [untrusted(isEdited ? ` ${placeholder}` : placeholder, 'dim')] : [];
  const first = labelled(field.label, view, [...segments, ...empty]);
  if (!view.isFocused) return { lines: first, cursor: null };
  const lines = fitBlock(
    first,
    [candidateLines(field, view, view.most - first.length), noteLines(field, view), hintLines(field.hint, view)],
    view.most,
  );
  return { lines, cursor: isEdited ? { x: valueLeft(view) + x, y: first.length - 1 } : null };
}

/** A text of many lines: as many of them as there is room for, around the cursor. */
export function areaBlock(field: TextField, view: FieldView): Block {
  const { editor, placeholder } = field;
  const rows = editor.text.split('\n');
  if (!view.isFocused) return { lines: summary(field, rows, view), cursor: null };
  const row = editor.text.slice(0, editor.cursor).split('\n').length - 1;
  const column = editor.cursor - lineStart(editor.text, editor.cursor);
  const bar = `  ${view.painter.glyph('separator')} `;
  const left = textWidth(bar);
  const place = rows.length > 1 ? [segment(`line ${row + 1} of ${rows.length}`, 'dim')] : undefined;
  const head = view.most > 1 ? labelled(field.label, view, [], place) : [];
  const hint = hintLines(field.hint, view, 'dim', ' '.repeat(left)).slice(
    0,
    Math.max(0, view.most - head.length - LEAST_ROWS),
  );
  const room = Math.max(1, view.most - head.length - hint.length);
  const start = windowStart(row, rows.length, room);
  let x = 0;
  const body = rows.slice(start, start + room).map((text, at): Line => {
    const cursor = !view.isStill && start + at === row ? column : null;
    const line = editLine(text, cursor, Math.max(1, view.columns - left - 1), view.painter, true);
    if (cursor !== null) x = line.x;
    const empty = editor.text === '' ? [untrusted(` ${placeholder}`, 'dim')] : [];
    return { left: [segment(bar, 'border'), ...line.segments, ...empty] };
  });
  while (body.length < Math.min(LEAST_ROWS, room)) body.push({ left: [segment(bar, 'border')] });
  const y = head.length + row - start;
  return { lines: fitBlock([...head, ...body], [hint], view.most), cursor: view.isStill ? null : { x: left + x, y } };
}

function summary(field: TextField, rows: readonly string[], view: FieldView): Line[] {
  const { segments } = editLine(rows[0] ?? '', null, valueRoom(view), view.painter, true);
  const empty = field.editor.text === '' ? [untrusted(field.placeholder, 'dim')] : [];
  const more = rows.length > 1 ? [segment(`${rows.length} lines`, 'dim')] : undefined;
  return labelled(field.label, view, [...segments, ...empty], more);
}

function candidateLines(field: TextField, view: FieldView, room: number): Line[] {
  const candidates = candidatesOf(field);
  const most = Math.max(0, Math.min(MAX_CANDIDATES, room));
  const start = windowStart(field.picked ?? 0, candidates.length, most);
  const indent = indentOf(view);
  const columns = Math.max(1, view.columns - indent.length - 3);
  return candidates.slice(start, start + most).map(({ value, description = '' }, at): Line => {
    const isPicked = start + at === field.picked;
    const mark = segment(isPicked ? `${view.painter.glyph('choice')} ` : '  ', 'accent', true);
    const text = printable(value);
    // Paths differ at their end.
    const shown =
      textWidth(text) <= columns ? text : `${view.painter.glyph('ellipsis')}${lastColumns(text, columns - 1)}`;
    const said = description === '' ? [] : [untrusted(brief(`  ${description}`), 'dim')];
    return { left: [segment(indent), mark, segment(shown), ...said], selected: isPicked };
  });
}

function noteLines({ asking, completion, editor }: TextField, view: FieldView): Line[] {
  if (asking !== null) return hintLines('asking the host', view);
  if (completion === null || completion.value !== editor.text) return [];
  if (completion.note !== null) return hintLines(completion.note, view, 'warn');
  return completion.candidates.length === 0 ? hintLines('no match', view) : [];
}
