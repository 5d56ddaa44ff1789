import type { PaintedScreen } from '../domain/painted-screen.ts';
import { toldAt } from '../store/messages.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { BodyComposer, contextOf, rowOf } from './body-composer.ts';
import { detailLine } from './detail-line.ts';
import { footerLine } from './footer.ts';
import { headerLine } from './header.ts';
import { type HelpSection, helpEntries, helpLines, helpSections } from './help.ts';
import { modeOf } from './keys/dispatch.ts';
import { type FooterHints, footerHints, type Hint } from './keys/footer-hints.ts';
import { helpLocation, type LocationLine, locationLine } from './location-line.ts';
import { marksEssence } from './marks-essence.ts';
import { hintsOfModal } from './modals.ts';
import { mapOf, type ScreenMap } from './mouse/screen-map.ts';
import { paintLines } from './paint/frame.ts';
import type { Line } from './paint/line.ts';
import { overlayLines } from './paint/overlay.ts';
import { dialogContent, isTextDialog, popupArea, popupOf } from './popup.ts';
import { crumbsHere, positionText } from './position.ts';
import {
  type ComposeInput,
  type ComposerOptions,
  LISTED_MODES,
  type Moment,
  type ScreenInput,
} from './screen-input.ts';
import { viewOf } from './views/views.ts';

const NOTHING_TOLD = { toast: null, failures: 0 } as const;

/** Composes the whole screen without React. Between frames it only keeps how far the lists are scrolled. */
export class ScreenComposer {
  readonly #options: ComposerOptions;
  readonly #body: BodyComposer;
  #map: ScreenMap | null = null;

  constructor(options: ComposerOptions) {
    this.#options = options;
    this.#body = new BodyComposer(options);
  }

  compose(shown: ScreenInput, moment: Moment): PaintedScreen {
    const input: ComposeInput = { ...shown, ...moment, mode: modeOf(shown.state) };
    const { painter } = this.#options;
    const { columns, header, location, detail, body } = input.screen;
    this.#body.begin(input.state);
    const place = this.#location(input);
    const middle = this.#middle(input);
    // On a low screen what is typed takes the place of the header, and a message that of the keys.
    const isTyped = location === 0 && header === 1 && input.state.input !== null;
    const first = header === 1 ? [isTyped ? place.line : this.#header(input)] : [];
    const above = [...first, ...(location === 1 ? [place.line] : [])];
    const footer = (detail === 0 ? this.#toastLine(input) : null) ?? this.#footer(input);
    const below = [...(detail === 1 ? [this.#detail(input)] : []), footer];
    this.#map = mapOf(input, {
      location: place.line,
      heads: this.#body.heads,
      first: this.#body.firstRow,
      sticky: this.#body.sticky,
      banner: this.#body.bannerRows,
      keys: middle.keys ?? { row: above.length + body + detail, line: footer, from: 0, to: columns },
    });
    const marked = this.#options.isRead ? this.#readerCursor(input, above.length) : null;
    const cursor = marked ?? (middle.cursor && { x: middle.cursor.x, y: middle.cursor.y + above.length });
    return {
      lines: [
        ...paintLines(painter, above, columns, above.length),
        ...middle.lines.slice(0, body),
        ...paintLines(painter, below, columns, below.length),
      ],
      cursor:
        place.cursor !== null && (location === 1 || isTyped) ? { x: place.cursor, y: isTyped ? 0 : header } : cursor,
    };
  }

  /** A screen reader tells the line of the cursor: that of the selected row. */
  #readerCursor({ mode, screen, rows, state }: ComposeInput, above: number): PaintedScreen['cursor'] {
    if (mode !== 'list' || rows.length === 0) return null;
    const at = selectedIndex(rows, state) - this.#body.firstRow;
    return { x: 0, y: above + this.#body.bannerRows + screen.heads + at };
  }

  /** Returns where things are on the screen that was composed last, for the mouse. */
  get map(): ScreenMap | null {
    return this.#map;
  }

  #header({ state, counts, attention, now, frame, rows, screen }: ComposeInput): Line {
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
      filter: state.query,
    });
  }

  #location(input: ComposeInput): LocationLine {
    const { state, rows, screen } = input;
    if (input.mode === 'help') {
      const count = helpEntries(this.#sections(input)).length;
      return helpLocation(state.help?.query ?? '', count, this.#options.painter);
    }
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

  #middle(input: ComposeInput): PaintedScreen & { readonly keys?: ScreenMap['keys'] } {
    const { painter, keys } = this.#options;
    const { bindings } = keys;
    const { mode, state, frame, screen } = input;
    const { columns, body } = screen;
    if (mode === 'help' || mode === 'panel')
      return { lines: paintLines(painter, this.#page(input), columns, body), cursor: null };
    const isListed = mode === 'list' || mode === 'filter' || mode === 'command';
    const hints = isListed ? [] : flatHints(footerHints(bindings, mode, contextOf(input)));
    const popup = isListed || this.#options.isRead ? null : popupOf(state, { screen, painter, frame, hints });
    if (popup !== null) {
      const ellipsis = painter.glyph('ellipsis');
      const lines = overlayLines(this.#body.lines(input), popup.lines, popup, { columns, height: body }, ellipsis);
      const row = popup.y + popup.lines.length - 1;
      const border = {
        row: row + screen.header + screen.location,
        line: lines[row] ?? { left: [] },
        from: popup.x,
        to: popup.x + popup.columns,
      };
      return { lines: paintLines(painter, lines, columns, body), cursor: popup.cursor, keys: border };
    }
    const dialog = isListed ? null : dialogContent(state, { painter, columns, height: body, frame });
    if (dialog !== null) return { lines: paintLines(painter, dialog.lines, columns, body), cursor: dialog.cursor };
    return { lines: paintLines(painter, this.#body.lines(input), columns, body), cursor: null };
  }

  /** Composes a mode that fills the body. */
  #page(input: ComposeInput): readonly Line[] {
    const { painter } = this.#options;
    const { mode, state, screen } = input;
    const area = { columns: screen.columns, height: screen.body };
    if (mode === 'panel') return this.#body.panel(input, area, false);
    return helpLines(this.#sections(input), state.help?.selected ?? 0, area, painter, state.help?.isBinding ?? false);
  }

  #sections(input: ComposeInput): readonly HelpSection[] {
    const below = modeOf({ ...input.state, help: null });
    return helpSections(this.#options.keys.bindings, below, contextOf(input));
  }

  #detail(input: ComposeInput): Line {
    const { mode, state, messagesAt, frame, screen } = input;
    const { painter } = this.#options;
    const { toast, failures } = LISTED_MODES.has(mode) ? toldAt(state, messagesAt) : NOTHING_TOLD;
    const row = rowOf(input);
    const marks = marksEssence(state, input.now);
    const essence =
      !LISTED_MODES.has(mode) || row === undefined
        ? { left: [], right: [] }
        : (marks ?? viewOf(state.view).essence(row, this.#body.viewInput(input)));
    return detailLine({
      toast,
      failures,
      busy: state.busy,
      essence,
      frame,
      painter,
      columns: screen.columns,
    });
  }

  /** Returns the message of the moment; `null` if there is none. */
  #toastLine(input: ComposeInput): Line | null {
    const { mode, state, messagesAt } = input;
    const isTold = LISTED_MODES.has(mode) && toldAt(state, messagesAt).toast !== null;
    return isTold ? this.#detail(input) : null;
  }

  #footer(input: ComposeInput): Line {
    const { mode, state, screen } = input;
    const isPage = mode === 'list' || mode === 'filter' || mode === 'command' || mode === 'panel' || mode === 'help';
    // The keys of a popup stand in its border.
    if (!isPage && !this.#options.isRead && popupArea(screen, isTextDialog(state)).isFramed) return { left: [] };
    if (state.modal !== null && (mode === 'form' || mode === 'dialog')) {
      return footerLine({ row: hintsOfModal(state.modal), view: [], last: [] }, screen.columns);
    }
    return footerLine(footerHints(this.#options.keys.bindings, mode, contextOf(input)), screen.columns);
  }
}

function flatHints({ row, view, last }: FooterHints): readonly Hint[] {
  return [...row, ...view, ...last];
}
