import type { PendingRequest } from '../domain/live.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import type { NoMatch } from '../fleet/filter/explain-no-match.ts';
import { emptyFleet, type FleetState } from '../fleet/fleet-state.ts';
import type { PulseMeasure } from '../fleet/pulse/busiest-projects.ts';
import type { PulseRange } from '../fleet/pulse/pulse-range.ts';
import { NO_SERIES, type PulseSeries } from '../fleet/pulse/pulse-series.ts';
import type { AuthDialogState } from './auth-dialog.ts';
import { type DetailState, initialDetail } from './detail.ts';
import type { FindState } from './find-state.ts';
import type { SeenKeyWarnings } from './key-warnings.ts';
import type { LineInput } from './line-input.ts';
import type { KeyHint, Message } from './messages.ts';
import type { Modal } from './modal.ts';
import type { Selection } from './selection.ts';
import type { ViewSettings } from './settings.ts';
import { DEFAULT_SORTS, type Sort } from './sort.ts';
import { NO_TRAVELS, type Travels, type ViewName } from './view.ts';

/** The last failure, for the error dialog. */
export interface ErrorDetail {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The matches of a search on one host. */
export interface HostFinds {
  /** The host itself was found, by its name or address. */
  readonly host: boolean;
  /** Ids of sessions. */
  readonly sessions: ReadonlySet<string>;
  /** The session that fits best, with how well. */
  readonly best: { readonly id: string; readonly score: number } | null;
}

/** A request as painted, and since when (epoch milliseconds) the screen has shown it with this content. */
export interface ShownRequest {
  readonly pending: PendingRequest;
  readonly since: number;
}

/** A session that is open in a terminal of its own. */
export interface AttachedRef extends SessionRef {
  /** True if it works through a server on its host, and ends with that. */
  readonly throughServer: boolean;
}

/** The fleet as last painted, and the dashboard's own view of it. */
export interface OcrState extends FleetState {
  readonly settings: ViewSettings;

  readonly view: ViewName;
  readonly travels: Travels;
  /** How the session table and the host table are sorted. */
  readonly sorts: { readonly sessions: Sort; readonly hosts: Sort };
  readonly selected: Selection | null;
  /** Index of the selected row when it was selected: if it goes, the row that takes its place is selected. */
  readonly selectedAt: number;
  /** First visible line of the request in the triage view. */
  readonly requestTop: number;
  /** Time of the last key, epoch milliseconds: tables keep their order while the user is at work. */
  readonly keyAt: number;
  /** What the Pulse view shows: how far back, by which measure projects compare, and the samples so far. */
  readonly pulse: { readonly range: PulseRange; readonly measure: PulseMeasure; readonly series: PulseSeries };
  /** Keys of the unfolded rows, by alias. */
  readonly unfolded: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of the folded group rows. */
  readonly foldedGroups: ReadonlySet<string>;
  /** The search text; empty for no search. */
  readonly query: string;
  /** The filter or the command while it is typed: letters are text. */
  readonly input: LineInput | null;
  /** Commands that were run, the latest last. */
  readonly commands: readonly string[];
  /** By alias, for the last `query` without problems, as of the end of its search; `null` without a search. */
  readonly finds: ReadonlyMap<string, HostFinds> | null;
  /** The term to leave out of a query that matches nothing; `null` if something matches, or leaving out one does not help. */
  readonly noMatch: NoMatch | null;
  readonly inspecting: boolean;
  /** Every column that fits, not only those for this width. */
  readonly allColumns: boolean;
  /** The header and the heads of columns are left out. */
  readonly headerHidden: boolean;
  /** Columns or rows that the user added to the panel; negative for a smaller one. */
  readonly panelGrown: number;
  readonly detail: DetailState;
  /** Sessions that are open in a terminal of their own, by session key. */
  readonly attached: ReadonlyMap<string, AttachedRef>;
  readonly seenKeyWarnings: SeenKeyWarnings;
  /** Keys of the sessions that are marked. */
  readonly marked: ReadonlySet<string>;
  /** Key of the session that was marked last: where a range begins. */
  readonly markAnchor: string | null;
  /** The search in transcripts; `null` before the first. */
  readonly find: FindState | null;
  /** Key of the session whose row was selected in the last painted frame: only its request was shown in full. */
  readonly paintedSession: string | null;
  /** The requests of the last frames, by session key: an answer refers to these. */
  readonly shown: ReadonlyMap<string, ShownRequest>;
  /** The latest hint. */
  readonly toast: Omit<Message, 'lines' | 'from'> | null;
  /** All messages, oldest first. */
  readonly messages: readonly Message[];
  readonly hint: KeyHint | null;
  /** Failures up to this time (epoch milliseconds) were seen. */
  readonly failuresSeen: number;
  readonly error: ErrorDetail | null;
  readonly errorShown: boolean;
  /** The screen with all keys: what is searched in it, and the selected line. */
  readonly help: HelpState | null;
  /** The first keys of a chord, and whether it is time to show how it may go on. */
  readonly chord: { readonly keys: string; readonly isShown: boolean } | null;
  /** The authentication dialog, which has the keyboard. */
  readonly dialog: AuthDialogState | null;
  /** A dialog of an action; it has the keyboard. */
  readonly modal: Modal | null;
  /** Keys pressed before this time (epoch milliseconds) are dropped. */
  readonly keysFrom: number;
  /** Work that the user is waiting for, such as an attach being prepared. */
  readonly busy: string | null;
}

/** The help screen. */
export interface HelpState {
  readonly query: string;
  readonly selected: number;
  /** The next key becomes the key of the selected line. */
  readonly isBinding: boolean;
}

export const NO_KEYS: ReadonlySet<string> = new Set();

/** A dashboard that knows nothing yet. */
export function initialState(settings: ViewSettings, inspecting: boolean): OcrState {
  return {
    ...emptyFleet(settings),
    view: 'fleet',
    travels: NO_TRAVELS,
    sorts: DEFAULT_SORTS,
    selected: null,
    selectedAt: 0,
    requestTop: 0,
    keyAt: 0,
    pulse: { range: 'day', measure: 'money', series: NO_SERIES },
    unfolded: new Map(),
    foldedGroups: NO_KEYS,
    query: '',
    input: null,
    commands: [],
    finds: null,
    noMatch: null,
    inspecting,
    allColumns: false,
    headerHidden: false,
    panelGrown: 0,
    detail: initialDetail,
    attached: new Map(),
    seenKeyWarnings: new Map(),
    marked: NO_KEYS,
    markAnchor: null,
    find: null,
    paintedSession: null,
    shown: new Map(),
    toast: null,
    messages: [],
    hint: null,
    failuresSeen: 0,
    error: null,
    errorShown: false,
    help: null,
    chord: null,
    dialog: null,
    modal: null,
    keysFrom: 0,
    busy: null,
  };
}
