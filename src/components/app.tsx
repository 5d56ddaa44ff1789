import { Box, useAnimation, useWindowSize } from 'ink';
import { useCallback, useLayoutEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import type { Question } from '../domain/question.ts';
import { selectAttention } from '../fleet/select-attention.ts';
import { countFleet } from '../fleet/statistics.ts';
import { countFinds } from '../store/count-finds.ts';
import { nextTold, toldAt } from '../store/messages.ts';
import type { Modal } from '../store/modal.ts';
import { parseQuery } from '../store/search.ts';
import { createRowSelector } from '../store/select-rows.ts';
import { requestsShown } from '../store/shown-requests.ts';
import type { OcrStore } from '../store/store.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { AuthDialog } from './auth/auth-dialog.tsx';
import { ErrorDialog, HelpDialog, helpLines } from './dialogs.tsx';
import { FOOTER_HEIGHT, Footer } from './footer.tsx';
import { HEADER_HEIGHT, Header } from './header.tsx';
import { InspectPanel } from './inspect/inspect-panel.tsx';
import type { PanelArea } from './inspect/panel.ts';
import type { Binding, Mode } from './keys/binding.ts';
import { footerHints, modeOf } from './keys/dispatch.ts';
import type { DashboardActions } from './keys/perform.ts';
import { useKeys } from './keys/use-keys.ts';
import { hintsOfModal, ModalDialog, roomOfModal } from './modals.tsx';
import type { Painter } from './paint/painter.ts';
import { arrangeScreen, type Screen } from './screen.ts';
import { Tree } from './tree/tree.tsx';
import { Triage, triageDetail, triageHeights } from './triage/triage.tsx';
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
  const selected = selectedIndex(rows, state.selected);
  const row = rows[selected];
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

  const onPainted = useCallback((modal: Modal) => dialogs.painted(modal), [dialogs]);
  const onAsked = useCallback((question: Question | null) => desk.painted(question), [desk]);
  const mode = modeOf(state);
  const isListed = LISTED.has(mode);
  useLayoutEffect(() => {
    if (isListed) store.setState(requestsShown(state.entries, Date.now()));
  }, [store, state.entries, isListed]);
  const view = {
    painter,
    settings: state.settings,
    attention: state,
    attached: state.attached,
    seenKeyWarnings: state.seenKeyWarnings,
    marked: state.marked,
    columns: screen.tree.columns,
    now,
    frame,
    words: parseQuery(state.query),
    grouped: rows[0]?.kind === 'group',
  };
  const dialog = { painter, columns, height: screen.height };
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <Header
        counts={counts}
        attention={attention}
        now={now}
        marked={state.marked.size}
        isReadonly={state.settings.readonly === true}
        nextRefresh={state.nextRefreshAt === null ? null : state.nextRefreshAt - now}
        query={state.query}
        searching={state.searching}
        found={countFinds(state)}
        frame={frame}
        painter={painter}
        columns={columns}
      />
      {mode === 'help' && <HelpDialog {...dialog} bindings={bindings} top={state.helpTop} />}
      {mode === 'error' && state.error !== null && <ErrorDialog {...dialog} error={state.error} />}
      {(mode === 'auth' || mode === 'trust') && state.dialog !== null && (
        <AuthDialog {...dialog} dialog={state.dialog} frame={frame} onPainted={onAsked} />
      )}
      {(mode === 'form' || mode === 'dialog') && state.modal !== null && (
        <ModalDialog {...dialog} modal={state.modal} frame={frame} onPainted={onPainted} />
      )}
      {mode === 'triage' && state.triage !== null && (
        <Triage {...dialog} items={attention} triage={state.triage} now={now} />
      )}
      {mode === 'panel' && <InspectPanel {...{ row, state, now, ...dialog }} beside={false} />}
      {(mode === 'tree' || mode === 'search') && (
        <Box flexDirection={screen.beside ? 'row' : 'column'} height={screen.height}>
          <Tree
            rows={rows}
            selected={selected}
            height={screen.tree.height}
            view={view}
            empty={emptyText(state, empty)}
          />
          {screen.inspect !== null && (
            <InspectPanel {...{ row, state, now, painter }} beside={screen.beside} {...screen.inspect} />
          )}
        </Box>
      )}
      <Footer
        hints={
          state.modal !== null && (mode === 'form' || mode === 'dialog')
            ? hintsOfModal(state.modal)
            : footerHints(bindings, mode, { state, row, items: attention })
        }
        {...(isListed ? toldAt(state, Math.max(now, Date.now())) : NOTHING_TOLD)}
        busy={state.busy}
        frame={frame}
        animation={animation}
        painter={painter}
        columns={columns}
      />
    </Box>
  );
}

function panelArea({ inspect, beside }: Screen): PanelArea | null {
  return inspect && { ...inspect, beside };
}

type State = ReturnType<OcrStore['getState']>;

function emptyText(state: State, empty: string): string {
  if (!state.discovered) return 'reading the ssh config';
  if (state.query !== '') return state.finds === null ? 'searching' : 'nothing was found';
  return empty;
}

/** Modes that show requests and messages; dialogs have their own text. */
const LISTED: ReadonlySet<Mode> = new Set(['tree', 'search', 'triage', 'panel']);

const NOTHING_TOLD = { toast: null, failures: 0 } as const;
