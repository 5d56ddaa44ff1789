import { Box, Text, useAnimation, useCursor, useWindowSize } from 'ink';
import { useLayoutEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import { selectAttention } from '../fleet/select-attention.ts';
import { countFleet } from '../fleet/statistics.ts';
import { nextTold } from '../store/messages.ts';
import { createRowSelector } from '../store/select-rows.ts';
import { requestsShown } from '../store/shown-requests.ts';
import type { OcrStore } from '../store/store.ts';
import { LISTED_MODES, ScreenComposer } from './compose-screen.ts';
import { helpLines } from './dialogs.ts';
import { FOOTER_HEIGHT } from './footer.ts';
import { HEADER_HEIGHT } from './header.ts';
import type { PanelArea } from './inspect/panel.ts';
import type { Binding } from './keys/binding.ts';
import { modeOf } from './keys/dispatch.ts';
import type { DashboardActions } from './keys/perform.ts';
import { useKeys } from './keys/use-keys.ts';
import { roomOfModal } from './modals.ts';
import type { Painter } from './paint/painter.ts';
import { arrangeScreen, type Screen } from './screen.ts';
import { triageDetail, triageHeights } from './triage/triage.ts';
import { useNow } from './use-now.ts';

export interface AppProps {
  readonly store: OcrStore;
  readonly actions: DashboardActions;
  /** Receives what the user types to authenticate. */
  readonly desk: QuestionDesk;
  /** Receives the keys of action dialogs. */
  readonly dialogs: DialogDesk;
  readonly bindings: readonly Binding[];
  readonly painter: Painter;
  /** False: nothing moves by itself but the clock. */
  readonly animation: boolean;
  /** Shown when there are no hosts. */
  readonly empty: string;
}

/** Milliseconds per frame of the spinner. */
const SPINNER_INTERVAL_MS = 120;

/** The whole dashboard. */
export function App({ store, actions, desk, dialogs, bindings, painter, animation, empty }: AppProps) {
  const { columns, rows: height } = useWindowSize();
  const state = useStore(store);
  const selectRows = useMemo(createRowSelector, []);
  const rows = selectRows(state);
  const now = useNow(nextTold(state, Date.now()));
  const screen = arrangeScreen(columns, height - HEADER_HEIGHT - FOOTER_HEIGHT, state.inspecting);
  const counts = countFleet(state.entries, state.settings, now);
  const attention = selectAttention(state, now);
  const connecting = state.dialog !== null && state.dialog.question === null && state.dialog.failure === null;
  const moving =
    animation && (state.busy !== null || connecting || counts.refreshing > 0 || counts.byStatus.working > 0);
  const { frame } = useAnimation({ interval: SPINNER_INTERVAL_MS, isActive: moving });
  const below = state.triage === null ? [] : triageDetail(attention, state.triage, now, columns);
  const triageLast = below.length - triageHeights(screen.height, attention.length).detail;
  const helpLast = Math.max(0, helpLines(bindings, columns).length - screen.height + 1);
  const isFull = state.inspecting && state.detail.full;
  const area = isFull ? { columns, height: screen.height, beside: false } : panelArea(screen);
  useKeys({
    panel: area && { area, painter, now },
    store,
    actions,
    desk,
    dialogs,
    bindings,
    selectRows,
    helpLast,
    triageLast,
    pageSize: Math.max(1, screen.tree.height - 1),
    roomOf: (modal) => roomOfModal(modal, { painter, columns, height: screen.height }),
  });

  const mode = modeOf(state);
  const isListed = LISTED_MODES.has(mode);
  useLayoutEffect(() => {
    if (isListed) store.setState(requestsShown(state.entries, Date.now()));
  }, [store, state.entries, isListed]);
  const shownModal = mode === 'form' || mode === 'dialog' ? state.modal : null;
  useLayoutEffect(() => {
    if (shownModal !== null) dialogs.painted(shownModal);
  }, [dialogs, shownModal]);
  const asked = mode === 'auth' || mode === 'trust' ? state.dialog : null;
  // An empty dialog has been painted too: `undefined` says that none is open.
  const question = asked === null ? undefined : (asked.question?.question ?? null);
  useLayoutEffect(() => {
    if (question !== undefined) desk.painted(question);
  }, [desk, question]);

  const composer = useMemo(
    () => new ScreenComposer({ painter, bindings, animation, empty }),
    [painter, bindings, animation, empty],
  );
  // A message may be newer than the last tick of the clock.
  const messagesAt = Math.max(now, Date.now());
  const { lines, cursor } = composer.compose({
    state,
    rows,
    counts,
    attention,
    now,
    frame,
    screen,
    columns,
    messagesAt,
  });
  const { setCursorPosition } = useCursor();
  setCursorPosition(cursor ?? undefined);
  return (
    <Box flexDirection="column" width={columns} height={height}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Text key={place} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}

function panelArea({ inspect, beside }: Screen): PanelArea | null {
  return inspect && { ...inspect, beside };
}
