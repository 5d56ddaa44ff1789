import type { PaintedScreen, TerminalSize } from '../domain/painted-screen.ts';
import { type AttentionItem, selectAttention } from '../fleet/select-attention.ts';
import { countFleet, type FleetCounts } from '../fleet/statistics.ts';
import { countFinds } from '../store/count-finds.ts';
import { toldAt } from '../store/messages.ts';
import type { Row } from '../store/rows.ts';
import { parseQuery } from '../store/search.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrState } from '../store/state.ts';
import { triageIndex } from '../store/triage.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { authLines } from './auth/auth-lines.ts';
import { errorLines, helpScreen } from './dialogs.ts';
import { FOOTER_HEIGHT, footerLines } from './footer.ts';
import { HEADER_HEIGHT, headerLines } from './header.ts';
import { panelLines } from './inspect/panel.ts';
import type { Binding, Mode } from './keys/binding.ts';
import { footerHints, modeOf } from './keys/dispatch.ts';
import { hintsOfModal, modalLines } from './modals.ts';
import { beside, paintLines } from './paint/frame.ts';
import type { Line } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import { type Area, arrangeScreen, type Screen } from './screen.ts';
import { scrollTo } from './tree/scroll.ts';
import { treeLines } from './tree/tree.ts';
import { triageHeights, triageLines } from './triage/triage.ts';

export interface ComposerOptions {
  readonly painter: Painter;
  readonly bindings: readonly Binding[];
  /** False: nothing moves by itself but the clock. */
  readonly animation: boolean;
  /** Shown when there are no hosts. */
  readonly empty: string;
}

/** The state to show, values derived from it, and the layout. */
export interface ScreenInput {
  readonly state: OcrState;
  readonly rows: readonly Row[];
  readonly counts: FleetCounts;
  readonly attention: readonly AttentionItem[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly screen: Screen;
  readonly columns: number;
}

/** Prepares the input of a screen from the state. */
export function screenInput(
  state: OcrState,
  selectRows: SelectRows,
  { columns, rows }: TerminalSize,
  now: number,
): ScreenInput {
  return {
    state,
    rows: selectRows(state),
    counts: countFleet(state.entries, state.settings, now),
    attention: selectAttention(state, now),
    now,
    screen: arrangeScreen(columns, rows - HEADER_HEIGHT - FOOTER_HEIGHT, state.inspecting),
    columns,
  };
}

/** Values that change with time while the state stays the same. */
interface Moment {
  /** The spinner's frame. */
  readonly frame: number;
  /** Epoch milliseconds up to which messages are shown. */
  readonly messagesAt: number;
}

type Input = ScreenInput & Moment;

/** Modes that show requests and messages; dialogs have their own text. */
export const LISTED_MODES: ReadonlySet<Mode> = new Set(['tree', 'search', 'triage', 'panel']);

const NOTHING_TOLD = { toast: null, failures: 0 } as const;

/** Composes the whole screen without React. Between frames it only keeps how far the lists are scrolled. */
export class ScreenComposer {
  readonly #options: ComposerOptions;
  #firstRow = 0;
  #firstItem = 0;

  constructor(options: ComposerOptions) {
    this.#options = options;
  }

  compose(shown: ScreenInput, moment: Moment): PaintedScreen {
    const input = { ...shown, ...moment };
    const { painter } = this.#options;
    const { columns } = input;
    const mode = modeOf(input.state);
    if (mode !== 'tree' && mode !== 'search') this.#firstRow = 0;
    if (mode !== 'triage') this.#firstItem = 0;
    const middle = this.#middle(mode, input);
    return {
      lines: [
        ...paintLines(painter, this.#header(input), columns, HEADER_HEIGHT),
        ...middle.lines,
        ...paintLines(painter, this.#footer(mode, input), columns, FOOTER_HEIGHT),
      ],
      cursor: middle.cursor && { x: middle.cursor.x, y: middle.cursor.y + HEADER_HEIGHT },
    };
  }

  #header({ state, counts, attention, now, frame, columns }: Input): Line[] {
    return headerLines({
      counts,
      attention,
      now,
      marked: state.marked.size,
      isReadonly: state.settings.readonly === true,
      nextRefresh: state.nextRefreshAt === null ? null : state.nextRefreshAt - now,
      query: state.query,
      searching: state.searching,
      found: countFinds(state),
      frame,
      painter: this.#options.painter,
      columns,
    });
  }

  #middle(mode: Mode, input: Input): PaintedScreen {
    const { painter } = this.#options;
    const { state, frame, columns, screen } = input;
    if ((mode === 'form' || mode === 'dialog') && state.modal !== null) {
      const { lines, cursor } = modalLines(state.modal, { painter, columns, height: screen.height, frame });
      return { lines: paintLines(painter, lines, columns, screen.height), cursor };
    }
    if (mode === 'tree' || mode === 'search') return { lines: this.#treeAndPanel(input), cursor: null };
    return { lines: paintLines(painter, this.#page(mode, input), columns, screen.height), cursor: null };
  }

  /** Composes a mode that fills the space between header and footer. */
  #page(mode: Mode, input: Input): readonly Line[] {
    const { painter, bindings } = this.#options;
    const { state, frame, columns, screen } = input;
    const area = { columns, height: screen.height };
    switch (mode) {
      case 'help':
        return helpScreen(bindings, state.helpTop, columns, screen.height);
      case 'error':
        return state.error === null ? [] : errorLines(state.error, columns);
      case 'auth':
      case 'trust':
        return state.dialog === null ? [] : authLines(state.dialog, { ...area, painter, frame });
      case 'triage':
        return this.#triage(input);
      case 'panel':
        return this.#panel(input, area, false);
      default:
        return [];
    }
  }

  #triage({ state, attention: items, now, columns, screen: { height } }: Input): Line[] {
    const { triage } = state;
    if (triage === null) return [];
    const { list } = triageHeights(height, items.length);
    this.#firstItem = scrollTo(this.#firstItem, Math.max(0, triageIndex(items, triage)), items.length, list);
    const { painter } = this.#options;
    return triageLines({ items, triage, first: this.#firstItem, now, painter, columns, height });
  }

  #treeAndPanel(input: Input): string[] {
    const { painter, empty } = this.#options;
    const { state, rows, now, frame, screen } = input;
    const { columns, height } = screen.tree;
    const selected = selectedIndex(rows, state.selected);
    this.#firstRow = scrollTo(this.#firstRow, selected, rows.length, height);
    const view = {
      painter,
      settings: state.settings,
      attention: state,
      attached: state.attached,
      seenKeyWarnings: state.seenKeyWarnings,
      marked: state.marked,
      columns,
      now,
      frame,
      words: parseQuery(state.query),
      grouped: rows[0]?.kind === 'group',
    };
    const lines = treeLines({ rows, selected, first: this.#firstRow, height, view, empty: emptyText(state, empty) });
    const tree = paintLines(painter, lines, columns, height);
    if (screen.inspect === null) return tree;
    const panel = this.#panel(input, screen.inspect, screen.beside);
    const painted = paintLines(painter, panel, screen.inspect.columns, screen.inspect.height);
    return screen.beside ? beside(tree, painted) : [...tree, ...painted];
  }

  #panel({ state, rows, now }: Input, area: Area, isBeside: boolean): readonly Line[] {
    const row = rows[selectedIndex(rows, state.selected)];
    if (row === undefined) return [];
    return panelLines(row, state, { area: { ...area, beside: isBeside }, painter: this.#options.painter, now });
  }

  #footer(mode: Mode, { state, rows, attention, messagesAt, frame, columns }: Input): Line[] {
    const { painter, bindings, animation } = this.#options;
    const row = rows[selectedIndex(rows, state.selected)];
    const hints =
      state.modal !== null && (mode === 'form' || mode === 'dialog')
        ? hintsOfModal(state.modal)
        : footerHints(bindings, mode, { state, row, items: attention });
    const { toast, failures } = LISTED_MODES.has(mode) ? toldAt(state, messagesAt) : NOTHING_TOLD;
    return footerLines({ hints, toast, failures, busy: state.busy, frame, animation, painter, columns });
  }
}

function emptyText(state: OcrState, empty: string): string {
  if (!state.discovered) return 'reading the ssh config';
  if (state.query !== '') return state.finds === null ? 'searching' : 'nothing was found';
  return empty;
}
