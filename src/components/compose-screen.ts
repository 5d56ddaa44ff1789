import type { PaintedScreen, TerminalSize } from '../domain/painted-screen.ts';
import { type AttentionItem, selectAttention } from '../fleet/select-attention.ts';
import { countFleet, type FleetCounts } from '../fleet/statistics.ts';
import { countFinds } from '../store/count-finds.ts';
import { toldAt } from '../store/messages.ts';
import { type Row, sessionOfRow } from '../store/rows.ts';
import { parseQuery } from '../store/search.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrState } from '../store/state.ts';
import { inTriageOrder } from '../store/triage.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { choicesOf } from './command/choices.ts';
import { inputStrip } from './command/input-strip.ts';
import { detailLine } from './detail-line.ts';
import { footerLine } from './footer.ts';
import { headerLine } from './header.ts';
import { helpLines, helpSections } from './help.ts';
import { panelLines } from './inspect/panel.ts';
import type { BindingContext, Mode } from './keys/binding.ts';
import { chordStrip } from './keys/chord-strip.ts';
import { modeOf } from './keys/dispatch.ts';
import { type FooterHints, footerHints, type Hint } from './keys/footer-hints.ts';
import type { KeyTable } from './keys/key-table.ts';
import { EDGE } from './list/column.ts';
import { ListPlace } from './list/list-place.ts';
import type { RowView } from './list/row-view.ts';
import { stickyRows } from './list/sticky-rows.ts';
import { locationLine } from './location-line.ts';
import { marksEssence } from './marks-essence.ts';
import { hintsOfModal } from './modals.ts';
import type { ScreenMap } from './mouse/screen-map.ts';
import { besideLines, paintLines } from './paint/frame.ts';
import { type Line, segment } from './paint/line.ts';
import { overlayLines } from './paint/overlay.ts';
import type { Painter } from './paint/painter.ts';
import { type ScrollbarCell, scrollbar } from './paint/scrollbar.ts';
import { dialogContent, isTextDialog, popupArea, popupOf } from './popup.ts';
import { type Area, arrangeScreen, type Screen } from './screen.ts';
import { requestPane } from './triage/request-pane.ts';
import { TitleWidths } from './views/titles.ts';
import type { ViewInput } from './views/view.ts';
import { viewOf } from './views/views.ts';
import { isFirstRun, offlineFacts } from './welcome/first-run.ts';
import { offlineLines } from './welcome/offline-lines.ts';
import { type WelcomeFacts, welcomeLines } from './welcome/welcome-lines.ts';

export interface ComposerOptions {
  readonly painter: Painter;
  readonly keys: KeyTable;
  /** False: nothing moves by itself but the clock. */
  readonly animation: boolean;
  /** Returns the names of the themes, for completions. */
  readonly themes: () => readonly string[];
  /** Returns what was found when hosts were looked for. */
  readonly foundAtStart: () => WelcomeFacts;
}

/** The state to show, values derived from it, and the layout. */
export interface ScreenInput {
  readonly state: OcrState;
  readonly rows: readonly Row[];
  readonly counts: FleetCounts;
  /** The sessions that need the user, in the order of the triage view. */
  readonly attention: readonly AttentionItem[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly screen: Screen;
}

/** Prepares the input of a screen from the state. */
export function screenInput(
  state: OcrState,
  selectRows: SelectRows,
  { columns, rows: height }: TerminalSize,
  now: number,
): ScreenInput {
  const rows = selectRows(state, now);
  const view = viewOf(state.view);
  const isInspecting = state.inspecting && !state.detail.full;
  return {
    state,
    rows,
    counts: countFleet(state.entries, state.settings, now),
    attention: inTriageOrder(selectAttention(state, now)),
    now,
    screen: arrangeScreen({
      columns,
      rows: height,
      heads: !state.headerHidden,
      pane: view.pane === 'panel' && !isInspecting ? null : view.pane,
      listed: rows.length,
      grown: state.panelGrown,
    }),
  };
}

/** Values that change with time while the state stays the same. */
interface Moment {
  /** The spinner's frame. */
  readonly frame: number;
  /** Epoch milliseconds up to which messages are shown. */
  readonly messagesAt: number;
}

type Input = ScreenInput & Moment & { readonly mode: Mode };

/** Modes that show requests and messages; dialogs have their own text. */
export const LISTED_MODES: ReadonlySet<Mode> = new Set(['list', 'filter', 'command', 'panel']);

/** Rows of a list from which parents that have scrolled off stay in sight. */
const STICKY_ROWS = 8;
const NOTHING_TOLD = { toast: null, failures: 0 } as const;

/** Composes the whole screen without React. Between frames it only keeps how far the lists are scrolled. */
export class ScreenComposer {
  readonly #options: ComposerOptions;
  readonly #titles = new TitleWidths();
  #place = new ListPlace();
  #view: OcrState['view'] = 'fleet';
  #map: ScreenMap | null = null;
  #heads: Line = { left: [] };
  #first = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  compose(shown: ScreenInput, moment: Moment): PaintedScreen {
    const input: Input = { ...shown, ...moment, mode: modeOf(shown.state) };
    const { painter } = this.#options;
    const { columns, header, location, detail, body } = input.screen;
    if (input.state.view !== this.#view) this.#place = new ListPlace();
    this.#view = input.state.view;
    const place = this.#location(input);
    const middle = this.#middle(input);
    const above = [...(header === 1 ? [this.#header(input)] : []), ...(location === 1 ? [place.line] : [])];
    const footer = this.#footer(input);
    const below = [...(detail === 1 ? [this.#detail(input)] : []), footer];
    this.#map = this.#mapOf(input, place.line, middle.keys ?? { row: above.length + body + detail, line: footer });
    const cursor = middle.cursor && { x: middle.cursor.x, y: middle.cursor.y + above.length };
    return {
      lines: [
        ...paintLines(painter, above, columns, above.length),
        ...middle.lines.slice(0, body),
        ...paintLines(painter, below, columns, below.length),
      ],
      cursor: place.cursor !== null && location === 1 ? { x: place.cursor, y: header } : cursor,
    };
  }

  /** Returns where things are on the screen that was composed last, for the mouse. */
  get map(): ScreenMap | null {
    return this.#map;
  }

  #mapOf({ screen, mode, state }: Input, location: Line, keys: ScreenMap['keys']): ScreenMap {
    const top = screen.header + screen.location;
    const { list, pane, heads } = screen;
    const isListed = mode === 'list' || mode === 'filter' || mode === 'command';
    const hasList = isListed && viewOf(state.view).body === undefined;
    return {
      columns: screen.columns,
      header: screen.header === 1 ? 0 : null,
      location: screen.location === 1 ? { row: screen.header, line: location } : null,
      heads: hasList && heads === 1 ? { row: top, line: this.#heads } : null,
      list: hasList ? { row: top + heads, height: list.height, columns: list.columns, first: this.#first } : null,
      pane:
        pane === null || !isListed
          ? null
          : {
              row: screen.beside ? top : top + heads + list.height,
              height: pane.height,
              column: screen.beside ? list.columns : 0,
            },
      keys,
    };
  }

  #header({ state, counts, attention, now, frame, rows, screen }: Input): Line {
    return headerLine({
      counts,
      attention,
      now,
      isReadonly: state.settings.readonly === true,
      isDemo: state.settings.demo,
      nextRefresh: state.nextRefreshAt === null ? null : state.nextRefreshAt - now,
      frame,
      painter: this.#options.painter,
      columns: screen.columns,
      position: screen.location === 1 ? null : positionText(state, rows),
    });
  }

  #location({ state, rows, screen }: Input) {
    return locationLine({
      view: state.view,
      query: state.query,
      input: state.input,
      crumbs: crumbsHere(state, rows),
      position: positionText(state, rows),
      painter: this.#options.painter,
      columns: screen.columns,
    });
  }

  #middle(input: Input): PaintedScreen & { readonly keys?: ScreenMap['keys'] } {
    const { painter, keys } = this.#options;
    const { bindings } = keys;
    const { mode, state, frame, screen } = input;
    const { columns, body } = screen;
    if (mode === 'help' || mode === 'panel')
      return { lines: paintLines(painter, this.#page(input), columns, body), cursor: null };
    const isListed = mode === 'list' || mode === 'filter' || mode === 'command';
    const hints = isListed ? [] : flatHints(footerHints(bindings, mode, this.#context(input)));
    const popup = isListed ? null : popupOf(state, { screen, painter, frame, hints });
    if (popup !== null) {
      const ellipsis = painter.glyph('ellipsis');
      const lines = overlayLines(this.#bodyLines(input), popup.lines, popup, { columns, height: body }, ellipsis);
      const row = popup.y + popup.lines.length - 1;
      const border = { row: row + screen.header + screen.location, line: lines[row] ?? { left: [] } };
      return { lines: paintLines(painter, lines, columns, body), cursor: popup.cursor, keys: border };
    }
    const dialog = isListed ? null : dialogContent(state, { painter, columns, height: body, frame });
    if (dialog !== null) return { lines: paintLines(painter, dialog.lines, columns, body), cursor: dialog.cursor };
    return { lines: paintLines(painter, this.#bodyLines(input), columns, body), cursor: null };
  }

  /** Composes a mode that fills the body. */
  #page(input: Input): readonly Line[] {
    const { painter, keys } = this.#options;
    const { bindings } = keys;
    const { mode, state, screen } = input;
    const area = { columns: screen.columns, height: screen.body };
    if (mode === 'panel') return this.#panel(input, area, false);
    const below = modeOf({ ...state, help: null });
    const sections = helpSections(bindings, below, this.#context(input));
    return helpLines(sections, state.help?.selected ?? 0, area, painter);
  }

  #context(input: Input): BindingContext {
    return { state: input.state, row: this.#rowOf(input), items: input.attention };
  }

  #rowOf({ state, rows }: Input): Row | undefined {
    return rows[selectedIndex(rows, state)];
  }

  #viewInput({ state, rows, counts, attention, now, frame, screen }: Input): ViewInput {
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
  #bodyLines(input: Input): readonly Line[] {
    const { painter, keys } = this.#options;
    const { bindings } = keys;
    const { state, mode, screen } = input;
    const lines = this.#listAndPane(input);
    const { columns, body } = screen;
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
    const offline = state.input === null && state.view === 'fleet' ? offlineFacts(state) : null;
    if (offline !== null) above.push(...offlineLines(offline, painter, columns), { left: [] });
    const below =
      state.chord?.isShown === true ? chordStrip(bindings, mode, state.chord.keys, this.#context(input), columns) : [];
    if (above.length + below.length === 0) return lines;
    const filled = Array.from({ length: body }, (_, at) => lines[at] ?? { left: [] });
    // Above the list it takes no rows away but those at its end.
    const rest = offline === null ? filled.slice(above.length) : filled;
    return [...above, ...rest.slice(0, body - above.length - below.length), ...below].slice(0, body);
  }

  #listAndPane(input: Input): readonly Line[] {
    const { painter } = this.#options;
    const { state, rows, screen, now } = input;
    const view = viewOf(state.view);
    const shown = this.#viewInput(input);
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
        : this.#panel(input, screen.pane, screen.beside);
    if (!screen.beside) return [...list, ...pane];
    const left = { lines: list, columns: screen.list.columns };
    const right = { lines: pane, columns: screen.pane.columns };
    return besideLines(left, right, screen.body, painter.glyph('ellipsis'));
  }

  /** Composes exactly as many lines as the list has: its visible rows, its scrollbar, and parents that have scrolled off. */
  #listLines({ state, rows, screen }: Input, shown: ViewInput): readonly Line[] {
    const { painter } = this.#options;
    const view = viewOf(state.view);
    const { height } = screen.list;
    const selected = selectedIndex(rows, state);
    const first = this.#place.firstRow(rows[selected]?.key ?? null, selected, rows.length, height);
    const lines: Line[] =
      rows.length === 0
        ? [...view.empty(shown)]
        : rows.slice(first, first + height).map((row, at) => view.line(row, first + at === selected, shown));
    this.#first = first;
    const sticky = height >= STICKY_ROWS && state.view === 'fleet' ? stickyRows(rows, first) : [];
    for (const [at, row] of sticky.entries()) lines[at] = { ...view.line(row, false, shown), raised: true };
    const bar = scrollbar(rows.length, height, first);
    return Array.from({ length: height }, (_, at) => withBar(lines[at] ?? { left: [] }, bar?.[at], painter));
  }

  #panel(input: Input, area: Area, isBeside: boolean): readonly Line[] {
    const row = this.#rowOf(input);
    if (row === undefined) return [];
    return panelLines(row, input.state, {
      area: { ...area, beside: isBeside },
      painter: this.#options.painter,
      now: input.now,
    });
  }

  #detail(input: Input): Line {
    const { mode, state, messagesAt, frame, screen } = input;
    const { painter, animation } = this.#options;
    const { toast, failures } = LISTED_MODES.has(mode) ? toldAt(state, messagesAt) : NOTHING_TOLD;
    const row = this.#rowOf(input);
    const marks = marksEssence(state, input.now);
    const essence =
      !LISTED_MODES.has(mode) || row === undefined
        ? { left: [], right: [] }
        : (marks ?? viewOf(state.view).essence(row, this.#viewInput(input)));
    return detailLine({
      toast,
      failures,
      busy: state.busy,
      essence,
      frame,
      animation,
      painter,
      columns: screen.columns,
    });
  }

  #footer(input: Input): Line {
    const { mode, state, screen } = input;
    const isPage = mode === 'list' || mode === 'filter' || mode === 'command' || mode === 'panel' || mode === 'help';
    // The keys of a popup stand in its border.
    if (!isPage && popupArea(screen, isTextDialog(state)).isFramed) return { left: [] };
    if (state.modal !== null && (mode === 'form' || mode === 'dialog')) {
      return footerLine({ row: hintsOfModal(state.modal), view: [], last: [] }, screen.columns);
    }
    return footerLine(footerHints(this.#options.keys.bindings, mode, this.#context(input)), screen.columns);
  }
}

/** Returns where the cursor is in the list, and with a filter how many sessions match it. */
function positionText(state: OcrState, rows: readonly Row[]): string {
  const at = rows.length === 0 ? '0/0' : `${selectedIndex(rows, state) + 1}/${rows.length}`;
  if (state.query.trim() === '') return at;
  const found = countFinds(state);
  return found === null
    ? at
    : `${found.sessions} ${found.sessions === 1 ? 'session' : 'sessions'} on ${found.hosts} ${found.hosts === 1 ? 'host' : 'hosts'}  ${at}`;
}

/** Returns the parts of the place below the view. */
function crumbsHere(state: OcrState, rows: readonly Row[]): string[] {
  if (state.inspecting && state.detail.full) return crumbsOf(rows[selectedIndex(rows, state)]);
  return state.view === 'finds' && state.find !== null ? [state.find.needle] : [];
}

function crumbsOf(row: Row | undefined): string[] {
  const of = sessionOfRow(row);
  if (of !== null) return [of.entry.host.label, of.session.project, of.session.title || 'untitled'];
  if (row?.kind === 'project' || row?.kind === 'more') return [row.entry.host.label, row.project.path];
  return row?.kind === 'host' ? [row.entry.host.label] : [];
}

function withBar(line: Line, cell: ScrollbarCell | undefined, painter: Painter): Line {
  const sign = cell === undefined ? ' ' : painter.glyph(cell);
  return { ...line, right: [...(line.right ?? []), segment(sign, 'border')] };
}

function flatHints({ row, view, last }: FooterHints): readonly Hint[] {
  return [...row, ...view, ...last];
}
