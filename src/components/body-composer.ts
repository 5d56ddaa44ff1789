import type { Row } from '../store/rows.ts';
import { parseQuery } from '../store/search.ts';
import type { OcrState } from '../store/state.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { choicesOf } from './command/choices.ts';
import { inputStrip } from './command/input-strip.ts';
import { panelLines } from './inspect/panel.ts';
import type { BindingContext } from './keys/binding.ts';
import { chordStrip } from './keys/chord-strip.ts';
import { EDGE } from './list/column.ts';
import { ListPlace } from './list/list-place.ts';
import { readerLine } from './list/reader-line.ts';
import type { RowView } from './list/row-view.ts';
import { stickyRows } from './list/sticky-rows.ts';
import { besideLines } from './paint/frame.ts';
import { type Line, segment } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import { type ScrollbarCell, scrollbar } from './paint/scrollbar.ts';
import type { Area } from './screen.ts';
import type { ComposeInput, ComposerOptions } from './screen-input.ts';
import { requestPane } from './triage/request-pane.ts';
import { TitleWidths } from './views/titles.ts';
import type { ViewInput } from './views/view.ts';
import { viewOf } from './views/views.ts';
import { isFirstRun, offlineFacts } from './welcome/first-run.ts';
import { offlineLines } from './welcome/offline-lines.ts';
import { welcomeLines } from './welcome/welcome-lines.ts';

/** Rows of a list from which parents that have scrolled off stay in sight. */
const STICKY_ROWS = 8;

/** Returns the selected row, if there is any. */
export function rowOf({ state, rows }: Pick<ComposeInput, 'state' | 'rows'>): Row | undefined {
  return rows[selectedIndex(rows, state)];
}

/** Returns the state that decides what keys do. */
export function contextOf(input: ComposeInput): BindingContext {
  return { state: input.state, row: rowOf(input), items: input.attention };
}

/** Composes the part of the screen between the line of places and that of details. Between frames it keeps how far the list is scrolled. */
export class BodyComposer {
  readonly #options: ComposerOptions;
  readonly #titles = new TitleWidths();
  #place = new ListPlace();
  #view: OcrState['view'] = 'fleet';
  #heads: Line = { left: [] };
  #first = 0;
  #sticky: readonly Row[] = [];
  #bannerRows = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  /** The heads of the columns, as composed last. */
  get heads(): Line {
    return this.#heads;
  }

  /** Index of the first visible row. */
  get firstRow(): number {
    return this.#first;
  }

  /** Parents that cover the first visible rows. */
  get sticky(): readonly Row[] {
    return this.#sticky;
  }

  /** Rows of the banner above the list. */
  get bannerRows(): number {
    return this.#bannerRows;
  }

  /** Begins a new frame: another view begins at its top. */
  begin({ view }: Pick<OcrState, 'view'>): void {
    if (view !== this.#view) this.#place = new ListPlace();
    this.#view = view;
  }

  /** Prepares what a view is painted from. */
  viewInput({ state, rows, counts, attention, now, frame, screen }: ComposeInput): ViewInput {
    const { painter } = this.#options;
    const row: RowView = {
      painter,
      settings: state.settings,
      attention: state,
      attached: state.attached,
      seenKeyWarnings: state.seenKeyWarnings,
      marked: state.marked,
      now,
      frame,
      words: parseQuery(state.query),
    };
    return {
      state,
      rows,
      counts,
      attention,
      row,
      widths: this.#titles.widthsOf(state),
      columns: screen.list.columns - EDGE,
    };
  }

  /** Composes the body with what lies on it: completions at its top, the keys of a chord at its end. */
  lines(input: ComposeInput): readonly Line[] {
    const { painter, keys } = this.#options;
    const { bindings } = keys;
    const { state, mode, screen } = input;
    const { columns, body } = screen;
    const banner = this.#banner(input);
    this.#bannerRows = banner.length;
    const lines = [...banner, ...this.#listAndPane(banner.length === 0 ? input : lowered(input, banner.length))];
    const above: Line[] =
      state.input === null
        ? []
        : [
            ...inputStrip(
              state.input,
              choicesOf(state.input, { state, bindings, themes: this.#options.themes() }),
              columns,
              painter,
            ),
          ];
    const below =
      state.chord?.isShown === true ? chordStrip(bindings, mode, state.chord.keys, contextOf(input), columns) : [];
    if (above.length + below.length === 0) return lines;
    const filled = Array.from({ length: body }, (_, at) => lines[at] ?? { left: [] });
    return [...above, ...filled.slice(above.length, body - below.length), ...below].slice(0, body);
  }

  /** Says above the tree why no host answers. */
  #banner({ state, screen }: ComposeInput): readonly Line[] {
    if (state.view !== 'fleet' || isFirstRun(state)) return [];
    const offline = offlineFacts(state);
    const { painter } = this.#options;
    return offline === null
      ? []
      : [...offlineLines(offline, painter, screen.columns), { left: [] }].slice(0, Math.floor(screen.body / 2));
  }

  #listAndPane(input: ComposeInput): readonly Line[] {
    const { painter } = this.#options;
    const { state, rows, screen, now } = input;
    const view = viewOf(state.view);
    const shown = this.viewInput(input);
    if (state.view === 'fleet' && isFirstRun(state))
      return welcomeLines(this.#options.foundAtStart(), painter, screen.columns, screen.body);
    if (view.body !== undefined) return view.body(shown, { columns: screen.columns, height: screen.body });
    this.#heads = view.heads(shown) ?? { left: [] };
    const heads = screen.heads === 1 ? [this.#heads] : [];
    const list = [...heads, ...this.#listLines(input, shown)];
    if (screen.pane === null) return list;
    const row = rows[selectedIndex(rows, state)];
    const pane =
      view.pane === 'request'
        ? requestPane({ state, row, area: screen.pane, painter, now })
        : this.panel(input, screen.pane, screen.beside);
    if (!screen.beside) return [...list, ...pane];
    const left = { lines: list, columns: screen.list.columns };
    const right = { lines: pane, columns: screen.pane.columns };
    return besideLines(left, right, screen.body, painter.glyph('ellipsis'));
  }

  /** Composes exactly as many lines as the list has: its visible rows, its scrollbar, and parents that have scrolled off. */
  #listLines({ state, rows, screen }: ComposeInput, shown: ViewInput): readonly Line[] {
    const { painter } = this.#options;
    const view = viewOf(state.view);
    const { height } = screen.list;
    const selected = selectedIndex(rows, state);
    const first = this.#place.firstRow(rows[selected]?.key ?? null, selected, rows.length, height);
    const lines: Line[] =
      rows.length === 0
        ? [...view.empty(shown)]
        : rows
            .slice(first, first + height)
            .map((row, at) =>
              this.#options.isRead ? readerLine(row, shown.row) : view.line(row, first + at === selected, shown),
            );
    this.#first = first;
    const sticky =
      !this.#options.isRead && height >= STICKY_ROWS && state.view === 'fleet' ? stickyRows(rows, first) : [];
    this.#sticky = sticky;
    for (const [at, row] of sticky.entries()) lines[at] = { ...view.line(row, false, shown), raised: true };
    const bar = this.#options.isRead ? null : scrollbar(rows.length, height, first);
    return Array.from({ length: height }, (_, at) => withBar(lines[at] ?? { left: [] }, bar?.[at], painter));
  }

  /** Composes the panel of the selected row. */
  panel(input: ComposeInput, area: Area, isBeside: boolean): readonly Line[] {
    const row = rowOf(input);
    if (row === undefined) return [];
    return panelLines(row, input.state, {
      area: { ...area, beside: isBeside },
      painter: this.#options.painter,
      now: input.now,
    });
  }
}

/** Takes rows away from the list. */
function lowered(input: ComposeInput, rows: number): ComposeInput {
  const { screen } = input;
  const { list, pane, beside } = screen;
  const lower = pane === null || !beside ? pane : { ...pane, height: Math.max(1, pane.height - rows) };
  const height = Math.max(1, list.height - rows);
  return { ...input, screen: { ...screen, body: screen.body - rows, list: { ...list, height }, pane: lower } };
}

function withBar(line: Line, cell: ScrollbarCell | undefined, painter: Painter): Line {
  const sign = cell === undefined ? ' ' : painter.glyph(cell);
  return { ...line, right: [...(line.right ?? []), segment(sign, 'border')] };
}
