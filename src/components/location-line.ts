import { printable } from '../domain/printable.ts';
import { textWidth } from '../domain/text-width.ts';
import type { LineInput } from '../store/line-input.ts';
import type { ViewName } from '../store/view.ts';
import { editLine } from './form/edit-line.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import { ALL_VIEWS, viewOf } from './views/views.ts';

export interface LocationProps {
  readonly view: ViewName;
  readonly query: string;
  readonly input: LineInput | null;
  /** Parts of a place below a view, such as host, project and title; empty at the root. */
  readonly crumbs: readonly string[];
  /** Where the cursor is, such as `3/22`; with a filter also how many match. */
  readonly position: string;
  readonly painter: Painter;
  readonly columns: number;
}

/** A line, and the column of the cursor where text is typed. */
export interface LocationLine {
  readonly line: Line;
  readonly cursor: number | null;
}

/** Composes the line of places: the tabs, the filter, or the filter or command that is typed. */
export function locationLine(props: LocationProps): LocationLine {
  const { view, query, input, crumbs, position, painter, columns } = props;
  const right = [segment(`${position} `, 'dim')];
  if (input !== null) return inputLine(input, right, painter, columns);
  const title = viewOf(view).title;
  if (query !== '') {
    const left = [
      segment(` ${title} `, 'accent', true),
      segment(`${separator(painter)} `, 'dim'),
      untrusted(query, 'match'),
    ];
    return { line: { left, right }, cursor: null };
  }
  if (crumbs.length === 0) return { line: { left: tabs(view, columns - widthOf(right) - 1), right }, cursor: null };
  const places = crumbs.flatMap((crumb, index) => [
    segment(` ${separator(painter)} `, 'dim'),
    segment(printable(crumb), index === crumbs.length - 1 ? 'text' : 'dim'),
  ]);
  return { line: { left: [segment(` ${title}`, 'dim'), ...places], right }, cursor: null };
}

/** Composes the line of places over the help: what is searched in it, and how many keys are left. */
export function helpLocation(query: string, count: number, painter: Painter): LocationLine {
  const head = [segment(' Help ', 'accent', true), segment(`${separator(painter)} `, 'dim')];
  const typed = query === '' ? [segment('type to find a key or a word', 'dim')] : [untrusted(query, 'match')];
  const right = [segment(`${count} ${count === 1 ? 'key' : 'keys'} `, 'dim')];
  return { line: { left: [...head, ...typed], right }, cursor: widthOf(head) + textWidth(query) };
}

function separator(painter: Painter): string {
  return painter.icons.set === 'ascii' ? '>' : '›';
}

function inputLine(input: LineInput, right: readonly Segment[], painter: Painter, columns: number): LocationLine {
  const sign = input.kind === 'filter' ? ' / ' : ' : ';
  // The text matters more than the counts beside it.
  const needed = Math.min(columns, input.editor.text.length + sign.length + 2);
  const shown = columns - widthOf(right) >= needed ? right : [];
  const room = Math.max(4, columns - widthOf(shown) - sign.length - 1);
  const { segments, x } = editLine(input.editor.text, input.editor.cursor, room, painter, false);
  return { line: { left: [segment(sign, 'accent', true), ...segments], right: shown }, cursor: sign.length + x };
}

/** Composes the tabs, the active one in brackets. Where they do not fit, the others are only their digits. */
function tabs(view: ViewName, columns: number): Segment[] {
  const whole = ALL_VIEWS.flatMap(({ name, title }, index) => tab(`${index + 1} ${title}`, name === view));
  if (widthOf(whole) <= columns) return whole;
  const short = ALL_VIEWS.flatMap(({ name, title }, index) =>
    tab(name === view ? `${index + 1} ${title}` : `${index + 1}`, name === view),
  );
  return widthOf(short) <= columns ? short : tab(viewOf(view).title, true);
}

function tab(text: string, isActive: boolean): Segment[] {
  return isActive ? [segment(` [${text}]`, 'accent', true)] : [segment(`  ${text} `, 'dim')];
}
