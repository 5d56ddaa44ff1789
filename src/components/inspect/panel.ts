import { formatCount } from '../../domain/format.ts';
import { type DetailPlace, type DetailTab, shownTab, tabsOf, topOf } from '../../store/detail.ts';
import type { ScrollRoom } from '../../store/form/scroll.ts';
import { entryOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { type Block, countLines, type PanelState, panelBody, sliceBlocks, soughtLine } from './panel-body.ts';

/** The panel's position on the screen. */
export interface PanelArea {
  readonly columns: number;
  readonly height: number;
  /** Right of the tree, behind a line. */
  readonly beside: boolean;
}

/** The context for composing the panel. */
export interface PanelView {
  readonly area: PanelArea;
  readonly painter: Painter;
  readonly now: number;
}

/** The tab of a row that is shown, with all its lines. */
export interface PanelContent {
  readonly tab: DetailTab;
  readonly place: DetailPlace;
  readonly blocks: readonly Block[];
  readonly room: ScrollRoom;
  /** The first line, if a message is sought. */
  readonly sought: number | null;
}

/** Columns left free for the edge and the margin. */
const MARGIN = 3;

/** Returns the panel's whole content for a row. `unfolded` overrides the folding. */
export function panelContent(row: Row, state: PanelState, view: PanelView, unfolded?: boolean): PanelContent {
  const { area, painter, now } = view;
  const tab = shownTab(state.detail, row.kind);
  const look = { painter, width: area.columns - MARGIN, unfolded: unfolded ?? state.detail.unfolded.has(tab) };
  const blocks = panelBody(row, tab, state, look, now);
  const height = Math.max(0, area.height - headLines(row, tab, state, painter).length - 1);
  return {
    tab,
    place: { row: row.key, tab },
    blocks,
    room: { count: countLines(blocks), height },
    sought: tab === 'transcript' ? soughtLine(row, state, blocks) : null,
  };
}

/** Paints the panel: the tabs, the row's name where it is not shown elsewhere, and the visible part of the tab. */
export function panelLines(row: Row, state: PanelState, view: PanelView): readonly Line[] {
  const { area, painter } = view;
  const { tab, place, blocks, room, sought } = panelContent(row, state, view);
  const top = sought ?? topOf(state.detail, place, room);
  const edge = area.beside ? [segment(`${painter.glyph('separator')} `, 'border')] : [segment(' ')];
  const bar = tabBar(tabsOf(row.kind), tab, positionTexts(top, room), area.columns - edgeColumns(area));
  const lines = [bar, ...headLines(row, tab, state, painter), ...sliceBlocks(blocks, top, room.height)];
  return Array.from({ length: area.height }, (_, index) => {
    const line = lines[index] ?? { left: [] };
    return { ...line, left: [...edge, ...line.left] };
  });
}

const edgeColumns = ({ beside }: PanelArea) => (beside ? 2 : 1);

/** In full screen nothing else names the row; the details do so themselves. */
function headLines(row: Row, tab: DetailTab, { detail }: PanelState, painter: Painter): readonly Line[] {
  if (!detail.full || tab === 'details') return [];
  const host: Segment[] = [untrusted(entryOfRow(row)?.host.label ?? '', 'host', true)];
  if (row.kind === 'host' || row.kind === 'group' || row.kind === 'message') return [{ left: host }];
  const title =
    sessionOfRow(row)?.session.title ?? ('project' in row ? row.project.path : row.kind === 'spender' ? row.path : '');
  return [
    {
      left: [
        ...host,
        segment(` ${painter.glyph('separator')} `, 'border'),
        untrusted(title || 'untitled', 'title', true),
      ],
    },
  ];
}

/** Returns the visible range of lines, in a long and a short form, if some are hidden. */
function positionTexts(top: number, { count, height }: ScrollRoom): readonly string[] {
  if (count <= height) return [];
  const end = Math.min(count, top + height);
  const lines = `${formatCount(top + 1)}-${formatCount(end)} of ${formatCount(count)}`;
  return [lines, `${Math.floor((100 * end) / count)}%`];
}

/**
 * Paints the tab names, the current one in brackets; without room for all, only that one. At the right, the first of
 * the texts that fits.
 */
export function tabBar(tabs: readonly DetailTab[], shown: DetailTab, right: readonly string[], columns: number): Line {
  const all = tabs.flatMap((tab) => tabSegments(tab, tab === shown));
  const place = `${tabs.indexOf(shown) + 1}/${tabs.length}`;
  const left = widthOf(all) <= columns ? all : [...tabSegments(shown, true), segment(place, 'dim')];
  const fitting = right.find((text) => widthOf(left) + text.length + 1 <= columns);
  return { left, right: fitting === undefined ? [] : [segment(fitting, 'dim')] };
}

function tabSegments(tab: DetailTab, isShown: boolean): Segment[] {
  return isShown ? [segment(`[${tab}]`, 'accent', true)] : [segment(` ${tab} `, 'dim')];
}
