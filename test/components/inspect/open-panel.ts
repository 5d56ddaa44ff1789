import { type PanelView, panelLines } from '../../../src/components/inspect/panel.ts';
import type { PanelState } from '../../../src/components/inspect/panel-body.ts';
import { paintLines } from '../../../src/components/paint/frame.ts';
import { arrangeScreen } from '../../../src/components/screen.ts';
import type { HostEntry } from '../../../src/domain/fleet.ts';
import type { Session } from '../../../src/domain/session.ts';
import type { TranscriptMessage, TranscriptPart } from '../../../src/domain/transcript.ts';
import { NOTHING_SEEN } from '../../../src/fleet/seen.ts';
import { type ContentValues, type DetailTab, initialDetail, type Loaded } from '../../../src/store/detail.ts';
import { hostKey, sessionKey } from '../../../src/store/keys.ts';
import type { Row } from '../../../src/store/rows.ts';
import { answered, aSession, NOW, SETTINGS } from '../../support/builders.ts';
import { plainPainter } from '../../support/render-at.tsx';

export function sessionRow(session: Session = aSession(), entry: HostEntry = answered('web1', [session])): Row {
  const key = sessionKey(entry.host.alias, session.id);
  return { kind: 'session', key, entry, session, level: 0, children: 0, expanded: false };
}

export function hostRow(entry: HostEntry): Row {
  return { kind: 'host', key: hostKey(entry.host.alias), entry, tree: null, expanded: false };
}

const NOTHING: Loaded<never> = { state: 'none', value: null, reason: null };
export const loaded = <Value>(value: Value): Loaded<Value> => ({ state: 'loaded', value, reason: null });

type Content = { readonly [Name in keyof ContentValues]?: Loaded<ContentValues[Name]> };

export function panelState(tab: DetailTab, content: Content = {}, row: Row = sessionRow()): PanelState {
  const none = { messages: NOTHING, todos: NOTHING, changes: NOTHING };
  return {
    ...{ entries: new Map(), seen: NOTHING_SEEN, snoozed: new Map(), activities: new Map(), settings: SETTINGS },
    inspecting: true,
    detail: { ...initialDetail, tab, loaded: { key: row.key, ...none, ...content } },
  };
}

/** The panel's place on a screen of that size. */
export function viewAt(columns: number, rows: number, full = false): PanelView {
  const screen = arrangeScreen({ columns, rows, heads: true, pane: 'panel', listed: 10, grown: 0 });
  const area = full ? { columns, height: screen.body, beside: false } : { ...screen.pane!, beside: screen.beside };
  return { area, painter: plainPainter(), now: NOW };
}

/** The lines of the panel as it is painted on a screen of that size. */
export function paintedPanel(row: Row, state: PanelState, columns: number, rows: number): string[] {
  const { area, painter, now } = viewAt(columns, rows, state.detail.full);
  const lines = panelLines(row, state, { area, painter, now });
  return paintLines(painter, lines, area.columns, area.height).map((line) => line.trimEnd());
}

let last = 100;
/** A message with an id after all others. */
export function aMessage(
  parts: readonly (string | TranscriptPart)[],
  changes: Partial<TranscriptMessage> = {},
): TranscriptMessage {
  last += 1;
  return {
    ...{
      id: `msg_${last}`,
      role: 'assistant',
      created: NOW,
      completed: NOW + 1000,
      agent: 'build',
      model: 'stub/echo',
    },
    error: null,
    parts: parts.map((part, index) =>
      typeof part === 'string' ? { kind: 'text', id: `prt_${last}_${index}`, text: part } : part,
    ),
    ...changes,
  };
}

export function aTool(changes: Partial<Extract<TranscriptPart, { kind: 'tool' }>> = {}): TranscriptPart {
  return {
    ...{ kind: 'tool', id: 'prt_tool', tool: 'bash', state: 'completed', title: 'Lists the files' },
    ...{ input: 'ls -l', output: 'total 2\na.txt\nb.txt' },
    ...changes,
  };
}
