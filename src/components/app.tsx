import { useAnimation } from 'ink';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import type { MouseEvent } from '../domain/mouse.ts';
import type { ScreenTarget } from '../domain/painted-screen.ts';
import { sessionKey } from '../store/keys.ts';
import { nextTold } from '../store/messages.ts';
import { sessionOfRow } from '../store/rows.ts';
import type { SelectRows } from '../store/select-rows.ts';
import { requestsShown } from '../store/shown-requests.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { selectedRow } from '../store/view-transitions.ts';
import type { ScreenComposer } from './compose-screen.ts';
import type { PanelArea } from './inspect/panel.ts';
import { modeOf } from './keys/dispatch.ts';
import type { KeyTable } from './keys/key-table.ts';
import type { DashboardActions } from './keys/perform-context.ts';
import { type KeysContext, useKeys } from './keys/use-keys.ts';
import { roomOfModal } from './modals.ts';
import { createMouseHandler, type MouseParts } from './mouse/on-mouse.ts';
import { scrollPane } from './mouse/scroll-pane.ts';
import type { Painter } from './paint/painter.ts';
import { popupArea } from './popup.ts';
import type { Screen } from './screen.ts';
import { LISTED_MODES, screenInput } from './screen-input.ts';
import { lastRequestTop } from './triage/request-pane.ts';
import { useNow } from './use-now.ts';
import { useScreenSize } from './use-screen-size.ts';

export interface AppProps {
  readonly store: OcrStore;
  readonly actions: DashboardActions;
  /** Receives what the user types to authenticate. */
  readonly desk: QuestionDesk;
  /** Receives the keys of action dialogs. */
  readonly dialogs: DialogDesk;
  readonly keys: KeyTable;
  readonly painter: Painter;
  readonly composer: ScreenComposer;
  readonly selectRows: SelectRows;
  readonly target: ScreenTarget;
  /** Calls the listener for each event of the mouse; returns a function that ends that. */
  readonly onMouse: (listener: (event: MouseEvent) => void) => () => void;
  /** Effects of commands beyond a change of the state. */
  readonly commands: KeysContext['commands'];
  /** Names of the themes. */
  readonly themes: () => readonly string[];
  /** Milliseconds that a key waits for the rest of a chord. */
  readonly chordWait: () => number;
}

/** Milliseconds per frame of the spinner. */
const SPINNER_INTERVAL_MS = 120;

/** The whole dashboard. Renders nothing through Ink, whose layout would measure again what is composed to its exact width: it asks its target to paint. */
export function App(props: AppProps) {
  const { store, actions, desk, dialogs, painter, composer, selectRows, target } = props;
  const size = useScreenSize(target);
  const state = useStore(store);
  const now = useNow(nextTold(state, Date.now()));
  const input = screenInput(state, selectRows, size, now);
  const { screen, counts } = input;
  const { animation } = state.settings;
  const { columns, body } = screen;
  const connecting = state.dialog !== null && state.dialog.question === null && state.dialog.failure === null;
  const moving =
    animation && (state.busy !== null || connecting || counts.refreshing > 0 || counts.byStatus.working > 0);
  const { frame } = useAnimation({ interval: SPINNER_INTERVAL_MS, isActive: moving });
  const isFull = state.inspecting && state.detail.full;
  const area = isFull ? { columns, height: body, beside: false } : panelArea(screen);
  const { press } = useKeys({
    panel: area && { area, painter, now },
    store,
    actions,
    desk,
    dialogs,
    bindings: props.keys.bindings,
    selectRows,
    requestLast: () => {
      const latest = store.getState();
      const row = selectedRow(selectRows(latest), latest);
      return screen.pane === null ? 0 : lastRequestTop({ state: latest, row, area: screen.pane, painter, now });
    },
    pageSize: Math.max(1, screen.list.height - 1),
    roomOf: (modal) => roomOfModal(modal, { painter, ...popupArea(screen, modal.kind === 'pager') }),
    commands: props.commands,
    themes: props.themes(),
    chordWait: props.chordWait(),
  });

  useMouse(props.onMouse, {
    store,
    painter,
    rows: () => selectRows(store.getState()),
    map: () => composer.map,
    isListed: () => LISTED_MODES.has(modeOf(store.getState())),
    press,
    scrollPane: (lines) => store.setState((latest) => scrollPane(lines, latest, screen, painter, selectRows)),
  });

  const painted = usePainted(props);
  useLayoutEffect(() =>
    target.paint({
      size,
      // A message may be newer than the last tick of the clock.
      compose: () =>
        composer.compose(input, { frame: animation ? frame : null, messagesAt: Math.max(now, Date.now()) }),
      painted: () => painted(state),
    }),
  );
  return null;
}

/** Views whose rows tell what sessions ask. */
const LISTS_SESSIONS: ReadonlySet<OcrState['view']> = new Set(['fleet', 'sessions', 'triage']);

/** Returns what reports a painted state, for keys that may only answer what the user has seen. */
function usePainted({ store, desk, dialogs, selectRows }: AppProps): (state: OcrState) => void {
  const listed = useRef<OcrState['entries'] | null>(null);
  /** Notes the requests of a view that lists sessions, and whose request was shown in full. */
  const notePainted = (state: OcrState) => {
    const of = sessionOfRow(selectedRow(selectRows(state), state));
    const painted = of === null ? null : sessionKey(of.entry.host.alias, of.session.id);
    if (painted !== store.getState().paintedSession) store.setState({ paintedSession: painted });
    if (!LISTS_SESSIONS.has(state.view) || listed.current === state.entries) return;
    listed.current = state.entries;
    store.setState(requestsShown(state.entries, Date.now()));
  };
  return (state) => {
    const mode = modeOf(state);
    if (!LISTED_MODES.has(mode)) listed.current = null;
    else notePainted(state);
    if ((mode === 'form' || mode === 'dialog') && state.modal !== null) dialogs.painted(state.modal);
    // An empty dialog has been painted too.
    if ((mode === 'auth' || mode === 'trust') && state.dialog !== null)
      desk.painted(state.dialog.question?.question ?? null);
  };
}

/** Handles the mouse with the parts of the latest frame. */
function useMouse(onMouse: AppProps['onMouse'], parts: MouseParts): void {
  const latest = useRef(parts);
  latest.current = parts;
  useEffect(() => {
    const handle = createMouseHandler(() => latest.current);
    return onMouse((event) => handle(event, performance.now()));
  }, [onMouse]);
}

function panelArea({ pane, beside }: Screen): PanelArea | null {
  return pane && { ...pane, beside };
}
