import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { ChoiceField, ListRow, MultiField, ToggleField } from '../../store/form/field.ts';
import { rowsOf } from '../../store/form/list-field.ts';
import { type Line, type Segment, segment, untrusted } from '../paint/line.ts';
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

/** Visible rows of a list. */
const MAX_ROWS = 12;
const OWN_ANSWER = 'custom: ';
const OWN_NUMBERED = 'something else: ';

/** Paints a list to choose from: one line without the focus, else its rows around the highlighted one. */
export function listBlock(field: ChoiceField | MultiField, view: FieldView): Block {
  if (!view.isFocused) return { lines: labelled(field.label, view, chosen(field)), cursor: null };
  const isEdited = !view.isStill;
  const filters = isEdited && !field.custom;
  const filter = editLine(
    field.editor.text,
    filters ? field.editor.cursor : null,
    valueRoom(view),
    view.painter,
    false,
  );
  const asks = filters && field.editor.text === '' ? [segment(' type to filter', 'dim')] : [];
  const rows = rowsOf(field);
  const place = rows.length > 1 ? [segment(placeText(field, rows), 'dim')] : undefined;
  const first = labelled(field.label, view, field.custom ? [] : [...filter.segments, ...asks], place);

  const room = Math.max(0, Math.min(MAX_ROWS, view.most - first.length));
  const at = Math.max(0, field.at === null ? 0 : rows.indexOf(field.at));
  const start = windowStart(at, rows.length, room);
  const width = labelWidth(field);
  const seen = rows.slice(start, start + room).map((row) => rowLine(field, row, width, view));
  const own = seen.findIndex(({ x }) => x !== null);
  const description = descriptionLines(field, view);
  const lines = fitBlock(first, [seen.map(({ line }) => line), description, statusLines(field, rows, view)], view.most);
  const cursor = field.custom
    ? own < 0
      ? null
      : { x: seen[own]?.x ?? 0, y: first.length + own }
    : { x: valueLeft(view) + filter.x, y: first.length - 1 };
  return { lines, cursor: isEdited ? cursor : null };
}

/** Yes or no. */
export function toggleBlock(field: ToggleField, view: FieldView): Block {
  const value = [segment(field.isOn ? '[x] yes' : '[ ] no', field.isOn ? 'good' : 'text')];
  const first = labelled(field.label, view, value);
  if (!view.isFocused) return { lines: first, cursor: null };
  const cursor = view.isStill ? null : { x: valueLeft(view) + 1, y: first.length - 1 };
  return { lines: fitBlock(first, [hintLines(field.hint, view)], view.most), cursor };
}

/** Paints the choice on one line. */
function chosen(field: ChoiceField | MultiField): Segment[] {
  const rows: ListRow[] = field.kind === 'multi' ? [...field.checked].sort((a, b) => a - b) : [];
  if (field.kind === 'choice' && field.at !== null) rows.push(field.at);
  const labels = rows.map((row) => (row === 'own' ? field.editor.text : (field.options[row]?.label ?? '')));
  if (field.kind === 'multi' && field.custom && field.editor.text.trim() !== '') labels.push(field.editor.text);
  if (labels.length === 0) return [segment(field.loading ? 'loading' : '-', 'dim')];
  return [untrusted(brief(labels.map(brief).join(', ')))];
}

function placeText(field: ChoiceField | MultiField, rows: readonly ListRow[]): string {
  if (field.kind === 'multi') return `${field.checked.size} of ${field.options.length}`;
  return field.at === null ? `${rows.length}` : `${rows.indexOf(field.at) + 1} of ${rows.length}`;
}

/** Longest label that the descriptions are aligned to. */
const MAX_LABEL = 28;

/** Returns the column at which the descriptions of a list begin; a longer label pushes its own. */
function labelWidth({ options }: ChoiceField | MultiField): number {
  return options.reduce((width, { label }) => Math.max(width, Math.min(MAX_LABEL, textWidth(brief(label)))), 0);
}

function rowLine(
  field: ChoiceField | MultiField,
  row: ListRow,
  width: number,
  view: FieldView,
): { line: Line; x: number | null } {
  const isAt = field.at === row;
  const indent = indentOf(view);
  const mark = segment(isAt ? `${view.painter.glyph('choice')} ` : '  ', 'accent', true);
  if (row !== 'own') {
    const option = field.options[row];
    const radio = field.numbered
      ? [segment(`${view.painter.glyph(isAt ? 'radioOn' : 'radioOff')} `, isAt ? 'accent' : 'dim')]
      : [];
    const box = field.kind === 'multi' ? [segment(field.checked.has(row) ? '[x] ' : '[ ] ')] : radio;
    const number = field.numbered ? [segment(`${row + 1}  `, 'accent', true)] : [];
    const label = brief(option?.label ?? '');
    const gap = ' '.repeat(Math.max(0, width - textWidth(label)));
    const said = option?.description ? [untrusted(`${gap}${brief(`  ${option.description}`)}`, 'dim')] : [];
    return {
      line: {
        left: [segment(indent), mark, ...number, ...box, untrusted(label), ...said],
        selected: isAt,
      },
      x: null,
    };
  }
  const isOn = field.editor.text.trim() !== '';
  const box = field.kind === 'multi' ? (isOn ? '[x] ' : '[ ] ') : '';
  const own = field.numbered ? `${field.options.length + 1}  ${OWN_NUMBERED}` : OWN_ANSWER;
  const left = [segment(indent), mark, segment(`${box}${own}`, 'dim')];
  const before = indent.length + 2 + box.length + own.length;
  const room = Math.max(1, view.columns - before - 1);
  const isEdited = isAt && !view.isStill;
  const { segments, x } = editLine(field.editor.text, isEdited ? field.editor.cursor : null, room, view.painter, false);
  return { line: { left: [...left, ...segments] }, x: isEdited ? before + x : null };
}

/** The description of the highlighted option in full, where its row has no room for it. */
function descriptionLines(field: ChoiceField | MultiField, view: FieldView): Line[] {
  const option = typeof field.at === 'number' ? field.options[field.at] : undefined;
  if (!option?.description) return [];
  const columns = textWidth(printable(brief(`${option.label}  ${option.description}`)));
  return columns + indentOf(view).length + 6 <= view.columns ? [] : hintLines(option.description, view);
}

function statusLines(field: ChoiceField | MultiField, rows: readonly ListRow[], view: FieldView): Line[] {
  if (field.loading) return hintLines('asking the host for the list', view);
  if (field.note !== null) return hintLines(field.note, view, 'warn');
  if (field.options.length === 0) return hintLines('no options', view);
  return rows.length === 0 ? hintLines('nothing in the list matches', view) : hintLines(field.hint, view);
}
