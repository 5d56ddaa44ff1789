import type { Field } from '../../store/form/field.ts';
import type { FormState, Note } from '../../store/form/form.ts';
import { type AuthView, bodyColumns, MARGIN, paragraph } from '../auth/auth-view.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import { brief } from './brief.ts';
import { type Block, type FieldView, labelColumnsOf } from './field-view.ts';
import { listBlock, toggleBlock } from './list-block.ts';
import { areaBlock, textBlock } from './text-block.ts';

/** Painting context of a dialog. */
export type DialogView = AuthView;
/** Without the animated part. */
export type DialogArea = Omit<DialogView, 'frame'>;

/** Rows of the field with the keyboard that notes above may not take. */
const LEAST_FOCUSED = 6;

/** A form as lines of the screen, and where the terminal's cursor goes; `y` counts from the first line. */
export function formLines(form: FormState, view: DialogView): Block {
  const title = titleLines(form);
  const bottom = bottomLines(form, view).slice(0, Math.max(0, view.height - 2));
  const room = Math.max(1, view.height - title.length - bottom.length);
  const others = Math.max(0, form.fields.length - 1);
  const place = placeFor(form, view);
  const whole = focusedBlock(form, place, room);
  const wanted = Math.min(room, others + Math.min(LEAST_FOCUSED, whole.lines.length));
  const notes = noteLines(form.notes, view, room - wanted);
  const fields = fieldArea(form, place, room - notes.length);
  return stack([title, notes, fields.lines, bottom], 2, fields.cursor, view.height);
}

function titleLines({ title, fields, focused }: FormState): Line[] {
  const place = fields.length > 1 ? [segment(`field ${focused + 1} of ${fields.length}${MARGIN}`, 'dim')] : [];
  return [{ left: [segment(MARGIN), untrusted(brief(title), 'accent', true)], right: place }];
}

/** Paints the bottom lines: the progress or the error. */
function bottomLines({ busy, error, leaving }: FormState, view: DialogView): Line[] {
  const columns = bodyColumns(view.columns);
  if (busy !== null) return [busyLine(busy, view)];
  if (leaving) return paragraph('esc again discards what was typed', columns, view.painter, { colour: 'warn' });
  return error === null
    ? []
    : paragraph(brief(error.text), columns, view.painter, { colour: 'bad', bold: true, most: 3 });
}

/** Work that the user is waiting for. */
export function busyLine(text: string, { painter, frame }: DialogView): Line {
  return { left: [segment(MARGIN), segment(`${painter.spinner(frame)} `, 'busy'), untrusted(brief(text))] };
}

/** Wraps the texts of a dialog, with a maximum number of lines. */
export function noteLines(notes: readonly Note[], view: DialogView, most: number): Line[] {
  const columns = bodyColumns(view.columns);
  const lines = notes.flatMap(({ text, warn }) =>
    paragraph(text, columns, view.painter, warn === true ? { colour: 'warn' } : {}),
  );
  if (lines.length <= most) return lines;
  if (most <= 0) return [];
  return [...lines.slice(0, most - 1), { left: [segment(`${MARGIN}${view.painter.glyph('ellipsis')}`, 'dim')] }];
}

/** The context shared by all fields. */
type Place = Omit<FieldView, 'most' | 'isFocused'>;

function placeFor({ fields, busy }: FormState, { painter, columns }: DialogView): Place {
  return { painter, columns, labelColumns: labelColumnsOf(fields, columns), isStill: busy !== null };
}

function focusedBlock(form: FormState, place: Place, most: number): Block {
  const field = form.fields[form.focused];
  return field === undefined ? { lines: [], cursor: null } : fieldBlock(field, { ...place, isFocused: true, most });
}

/** All fields, with the focused one in view as far as there is room. */
function fieldArea(form: FormState, place: Place, room: number): Block {
  const others = Math.max(0, form.fields.length - 1);
  const most = Math.max(Math.min(LEAST_FOCUSED, room), room - others);
  const lines: Line[] = [];
  let first = 0;
  let focused: Block = { lines: [], cursor: null };
  for (const [at, field] of form.fields.entries()) {
    const isFocused = at === form.focused;
    const block = fieldBlock(field, { ...place, isFocused, most });
    if (isFocused) {
      first = lines.length;
      focused = block;
    }
    lines.push(...block.lines);
  }
  const before = Math.floor((room - focused.lines.length) / 2);
  const start = Math.max(0, Math.min(first - before, lines.length - room));
  const { cursor } = focused;
  return {
    lines: lines.slice(start, start + room),
    cursor: cursor === null ? null : { x: cursor.x, y: cursor.y + first - start },
  };
}

function fieldBlock(field: Field, view: FieldView): Block {
  switch (field.kind) {
    case 'text':
      return field.multiline ? areaBlock(field, view) : textBlock(field, view);
    case 'toggle':
      return toggleBlock(field, view);
    default:
      return listBlock(field, view);
  }
}

/** Parts one below the other, apart where there is room; the cursor is in the part `at`. */
export function stack(parts: readonly (readonly Line[])[], at: number, cursor: Block['cursor'], height: number): Block {
  let gaps = height - parts.reduce((sum, { length }) => sum + length, 0);
  const lines: Line[] = [];
  let first = 0;
  for (const [index, part] of parts.entries()) {
    if (part.length > 0 && lines.length > 0 && gaps > 0) {
      lines.push({ left: [] });
      gaps -= 1;
    }
    if (index === at) first = lines.length;
    lines.push(...part);
  }
  const y = cursor === null ? height : cursor.y + first;
  return { lines: lines.slice(0, height), cursor: cursor === null || y >= height ? null : { x: cursor.x, y } };
}
