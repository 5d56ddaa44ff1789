import { isKeyName } from '../../domain/key-name.ts';
import { type LastClick, type MouseEvent, readClick } from '../../domain/mouse.ts';
import type { Row } from '../../store/rows.ts';
import { sortedBy } from '../../store/sorted-by.ts';
import type { OcrStore } from '../../store/store.ts';
import { VIEW_NAMES } from '../../store/view.ts';
import { isFoldable, moved, selectedIndex, selectedRowAt } from '../../store/view-transitions.ts';
import { viewShown } from '../../store/view-travels.ts';
import { HOST_COLUMNS } from '../list/host-cells.ts';
import { SESSION_TABLE_COLUMNS } from '../list/session-cells.ts';
import type { Painter } from '../paint/painter.ts';
import { keyAt, type ScreenMap, segmentAt } from './screen-map.ts';

export interface MouseParts {
  readonly store: OcrStore;
  readonly painter: Painter;
  readonly rows: () => readonly Row[];
  /** Where things are on the screen. */
  readonly map: () => ScreenMap | null;
  /** True while the list has the keys, or its panel in full. */
  readonly isListed: () => boolean;
  /** Presses a key, as the keyboard would. */
  readonly press: (key: string) => void;
  /** Scrolls the panel or the request by some lines. */
  readonly scrollPane: (lines: number) => void;
}

/** Rows that a step of the wheel scrolls. */
const WHEEL_ROWS = 3;
/** Columns up to which a click on a row of the tree meets its fold sign. */
const FOLD_COLUMNS = 6;

/** Creates the handler of the mouse, which reads its parts anew for each event: a click selects, a double click is Enter, the wheel scrolls what is under it. */
export function createMouseHandler(latest: () => MouseParts): (event: MouseEvent, now: number) => void {
  let last: LastClick | null = null;
  return (event, now) => {
    const parts = latest();
    const click = readClick(event, last, now);
    last = click.last;
    const map = parts.map();
    if (map === null) return;
    // As a key, it tells that the user is at work.
    parts.store.setState({ keyAt: Date.now() });
    if (event.kind === 'wheel') return turnWheel(event, map, parts);
    if (event.kind !== 'press') return;
    if (map.keys !== null && event.y === map.keys.row) return clickKeys(event, map, parts);
    if (!parts.isListed()) return;
    if (event.button === 'right') {
      clickRow(event, map, parts);
      return parts.press('ctrl+p');
    }
    if (event.button !== 'left') return;
    if (click.isDouble && isInList(event, map)) return parts.press('enter');
    clickView(event, map, parts);
  };
}

type Place = Pick<MouseEvent, 'x' | 'y'>;

function isInList({ x, y }: Place, { list }: ScreenMap): boolean {
  return list !== null && y >= list.row && y < list.row + list.height && x < list.columns;
}

function turnWheel(
  event: MouseEvent & { kind: 'wheel' },
  map: ScreenMap,
  { store, rows, isListed, scrollPane }: MouseParts,
): void {
  if (!isListed()) return;
  const { pane } = map;
  const isInPane = pane !== null && event.y >= pane.row && event.y < pane.row + pane.height && event.x >= pane.column;
  if (isInPane || map.list === null) scrollPane(event.wheel * WHEEL_ROWS);
  else store.setState(moved(rows(), event.wheel * WHEEL_ROWS));
}

function clickKeys({ x }: Place, { keys, columns }: ScreenMap, { painter, press }: MouseParts): void {
  if (keys === null || x < keys.from || x >= keys.to) return;
  const named = keyAt(keys.line, x, columns, painter.glyph('ellipsis'));
  const key = named?.split(/[ /]/)[0];
  if (key === undefined || key === '') return;
  // A chord is shown without blanks.
  for (const one of isKeyName(key) ? [key] : [...key]) press(one);
}

function clickView(event: MouseEvent, map: ScreenMap, parts: MouseParts): void {
  const { x, y } = event;
  if (map.location !== null && y === map.location.row) return clickTab(x, map, parts);
  if (map.heads !== null && y === map.heads.row) return clickHead(x, map, parts);
  if (map.header === y) return parts.press('4');
  clickRow(event, map, parts);
}

function clickTab(x: number, { location, columns }: ScreenMap, { store, painter }: MouseParts): void {
  const text =
    location === null ? '' : (segmentAt(location.line, x, columns, painter.glyph('ellipsis'))?.segment.text ?? '');
  const digit = /\d/.exec(text)?.[0];
  const view = digit === undefined ? undefined : VIEW_NAMES[Number(digit) - 1];
  if (view !== undefined) store.setState(viewShown(view));
}

function clickHead(x: number, { heads, list }: ScreenMap, { store, painter }: MouseParts): void {
  if (heads === null || list === null) return;
  const { view } = store.getState();
  if (view !== 'sessions' && view !== 'hosts') return;
  const text = segmentAt(heads.line, x, list.columns, painter.glyph('ellipsis'))?.segment.text.trim() ?? '';
  const columns: readonly { readonly head: string; readonly sort: string | null }[] =
    view === 'hosts'
      ? [{ head: 'HOST', sort: 'host' }, ...HOST_COLUMNS]
      : [{ head: 'TITLE', sort: 'title' }, ...SESSION_TABLE_COLUMNS];
  const by = columns.find(({ head }) => head === text)?.sort;
  if (by !== undefined && by !== null) store.setState(sortedBy(view, by));
}

function clickRow(event: MouseEvent, map: ScreenMap, { store, rows, press }: MouseParts): void {
  const { list } = map;
  if (list === null || !isInList(event, map)) return;
  const all = rows();
  const covering = list.sticky[event.y - list.row];
  const index =
    covering === undefined ? list.first + event.y - list.row : all.findIndex(({ key }) => key === covering.key);
  const row = all[index];
  if (row === undefined) return;
  const state = store.getState();
  const isAgain = selectedIndex(all, state) === index;
  store.setState(selectedRowAt(all, index));
  if (state.view === 'fleet' && event.x < FOLD_COLUMNS && isFoldable(row) && row.kind !== 'session') press('space');
  else if (isAgain && event.ctrl) press('space');
}
