import type { FileChange, TodoItem, TranscriptMessage } from '../domain/transcript.ts';
import { clampTop, type ScrollRoom } from './form/scroll.ts';
import type { Row } from './rows.ts';

export const DETAIL_TABS = ['details', 'transcript', 'todo', 'changes', 'log'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** A value read from a server. The last value stays while it is read again, and if that fails. */
export interface Loaded<Value> {
  readonly state: 'none' | 'loading' | 'loaded' | 'failed';
  readonly value: Value | null;
  /** Why it failed, on one line. */
  readonly reason: string | null;
}

/** A session's content as its server returns it. */
export interface ContentValues {
  readonly messages: readonly TranscriptMessage[];
  readonly todos: readonly TodoItem[];
  readonly changes: readonly FileChange[];
}

export type SessionContent = { readonly [Name in keyof ContentValues]: Loaded<ContentValues[Name]> };

/** State of the inspect panel. */
export interface DetailState {
  /** The tab that the user chose; a row without that tab shows its first one. */
  readonly tab: DetailTab;
  /** The panel has the whole screen between header and footer. */
  readonly full: boolean;
  /** Tabs whose tool calls or diffs are unfolded. */
  readonly unfolded: ReadonlySet<DetailTab>;
  /** First visible line, by row and tab (see `placeKey`), of scrolled ones; the most recent one last. */
  readonly tops: ReadonlyMap<string, number>;
  /** `key` is the session's, see `sessionKey`. One session's content is kept at a time. */
  readonly loaded: (SessionContent & { readonly key: string }) | null;
  /** The message that the transcript begins with, until the user scrolls: its id, and the key of its row. */
  readonly sought: { readonly row: string; readonly messageId: string } | null;
}

export const initialDetail: DetailState = {
  tab: 'details',
  full: false,
  unfolded: new Set(),
  tops: new Map(),
  loaded: null,
  sought: null,
};

/** The part of the state that the panel's transitions read and change. */
export interface DetailView {
  readonly inspecting: boolean;
  readonly detail: DetailState;
}
type DetailTransition = (state: DetailView) => Partial<DetailView>;

const NOTHING: Loaded<never> = { state: 'none', value: null, reason: null };
const NO_CONTENT: SessionContent = { messages: NOTHING, todos: NOTHING, changes: NOTHING };
/** Positions that are remembered. */
const MAX_SCROLL_POSITIONS = 200;

/** Returns the panel's tabs for a kind of row. */
export function tabsOf(kind: Row['kind'] | undefined): readonly DetailTab[] {
  if (kind === 'session' || kind === 'need' || kind === 'find') return DETAIL_TABS;
  return kind === undefined || kind === 'group' || kind === 'message' ? ['details'] : ['details', 'log'];
}

/** The tab that is shown of a row. */
export function shownTab({ tab }: DetailState, kind: Row['kind'] | undefined): DetailTab {
  return tabsOf(kind).includes(tab) ? tab : 'details';
}

/** Returns the known content of a session. */
export function contentOf({ loaded }: DetailState, key: string): SessionContent {
  return loaded?.key === key ? loaded : NO_CONTENT;
}

/** Shows or hides the panel. */
export const panelToggled: DetailTransition = ({ inspecting, detail }) => ({
  inspecting: !inspecting,
  ...(detail.full && { detail: { ...detail, full: false } }),
});

/** Opens the panel, goes to its next tab, and closes it after the last one; a panel that has the whole screen begins again with the first. */
export const panelCycled =
  (kind: Row['kind'] | undefined): DetailTransition =>
  ({ inspecting, detail }) => {
    if (!inspecting) return { inspecting: true };
    const tabs = tabsOf(kind);
    const next = tabs[tabs.indexOf(shownTab(detail, kind)) + 1];
    if (next !== undefined) return { detail: { ...detail, tab: next } };
    return { inspecting: detail.full, detail: { ...detail, tab: 'details' } };
  };

/** Goes to the panel's previous tab; opens a closed panel. */
export const panelCycledBack =
  (kind: Row['kind'] | undefined): DetailTransition =>
  ({ inspecting, detail }) => {
    const tabs = tabsOf(kind);
    const before = tabs[tabs.indexOf(shownTab(detail, kind)) - 1];
    return inspecting && before !== undefined ? { detail: { ...detail, tab: before } } : { inspecting: true };
  };

/** Toggles the panel's full screen. */
export const fullToggled: DetailTransition = ({ inspecting, detail }) => ({
  inspecting: true,
  detail: { ...detail, full: !(inspecting && detail.full) },
});

/** A tab of a row, which has its own scroll position. `row` is the row's key. */
export interface DetailPlace {
  readonly row: string;
  readonly tab: DetailTab;
}

const placeKey = ({ row, tab }: DetailPlace) => `${tab} ${row}`;
/** The newest content is at the end of these tabs, which stays in view until the user scrolls up. */
const isPinned = (tab: DetailTab) => tab === 'transcript' || tab === 'log';

/** Returns the first visible line of a tab. */
export function topOf({ tops }: DetailState, place: DetailPlace, room: ScrollRoom): number {
  return clampTop(tops.get(placeKey(place)) ?? (isPinned(place.tab) ? Number.POSITIVE_INFINITY : 0), room);
}

/** True if the user scrolled a tab that otherwise shows its end. */
export function isScrolled({ tops }: DetailState, place: DetailPlace): boolean {
  return isPinned(place.tab) && tops.has(placeKey(place));
}

/** Scrolls a tab by some lines, within its bounds. Scrolling to the end of a pinned tab pins it again. */
export const panelScrolled =
  (place: DetailPlace, lines: number, room: ScrollRoom): DetailTransition =>
  ({ detail }) => ({ detail: withTop(detail, place, clampTop(topOf(detail, place, room) + lines, room), room) });

/** Folds or unfolds the tool calls or diffs of a tab. `top` is the first visible line afterwards; `room` counts the lines afterwards. */
export const foldToggled =
  (place: DetailPlace, top: number, room: ScrollRoom): DetailTransition =>
  ({ detail }) => {
    const unfolded = new Set(detail.unfolded);
    if (!unfolded.delete(place.tab)) unfolded.add(place.tab);
    const moved = isPinned(place.tab) && !isScrolled(detail, place) ? detail : withTop(detail, place, top, room);
    return { detail: { ...moved, unfolded } };
  };

function withTop(detail: DetailState, place: DetailPlace, wanted: number, room: ScrollRoom): DetailState {
  const top = clampTop(wanted, room);
  const tops = new Map(detail.tops);
  tops.delete(placeKey(place));
  const home = isPinned(place.tab) ? clampTop(Number.POSITIVE_INFINITY, room) : 0;
  if (top !== home) tops.set(placeKey(place), top);
  const [oldest] = tops.keys();
  if (tops.size > MAX_SCROLL_POSITIONS && oldest !== undefined) tops.delete(oldest);
  return { ...detail, tops };
}

/** Updates a session's content. Drops the content of any other session. */
export const contentChanged =
  <Name extends keyof ContentValues>(
    key: string,
    name: Name,
    change: (before: Loaded<ContentValues[Name]>) => Loaded<ContentValues[Name]>,
  ): DetailTransition =>
  ({ detail }) => {
    const content = contentOf(detail, key);
    return { detail: { ...detail, loaded: { ...content, key, [name]: change(content[name]) } } };
  };
