import { type ScrollRoom, scrolled } from './scroll.ts';

export type RowOutcome = 'waiting' | 'running' | 'ok' | 'failed' | 'skipped';

/** One item of a bulk operation and its outcome. */
export interface ResultRow {
  readonly label: string;
  readonly outcome: RowOutcome;
  /** Why it failed, or a note; `null` for none. */
  readonly reason: string | null;
}

export interface ResultState {
  readonly title: string;
  readonly rows: readonly ResultRow[];
  /** First visible line. */
  readonly top: number;
}

export interface ResultStep {
  readonly state: ResultState;
  readonly effect: { readonly kind: 'close' } | null;
}

export function createResults(title: string, rows: readonly ResultRow[]): ResultState {
  return { title, rows, top: 0 };
}

/** The list with another outcome of one row; an index that it has not changes nothing. */
export function withOutcome(
  state: ResultState,
  index: number,
  outcome: RowOutcome,
  reason: string | null,
): ResultState {
  const row = state.rows[index];
  return row === undefined ? state : { ...state, rows: state.rows.with(index, { ...row, outcome, reason }) };
}

/** Counts the rows with an outcome. */
export function countOutcome({ rows }: ResultState, outcome: RowOutcome): number {
  return rows.filter((row) => row.outcome === outcome).length;
}

/** Applies a key: scrolls, or closes the list. The operation goes on. */
export function resultReduce(state: ResultState, keyName: string, room: ScrollRoom): ResultStep {
  if (keyName === 'esc' || keyName === 'q' || keyName === 'enter') return { state, effect: { kind: 'close' } };
  const top = scrolled(state.top, keyName, room);
  return { state: top === null || top === state.top ? state : { ...state, top }, effect: null };
}
