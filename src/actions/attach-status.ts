import type { TerminalSize } from '../domain/painted-screen.ts';
import { programSize } from '../domain/program-size.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { type AttachedSession, readStatus } from './attach-requests.ts';
import { type AttachedStatus, statusLine } from './attach-words.ts';

/** Milliseconds for which the facts are kept, though the fleet has changed: reading them walks over all sessions. */
const MIN_AGE_MS = 250;
/** Milliseconds after which the facts are read in any case: time alone ends a snooze, or makes work stalled. */
const MAX_AGE_MS = 10_000;

/** True if a program on a terminal of that size has ocr's line below it. */
export function hasStatusRow(size: TerminalSize, hasStatusLine: boolean): boolean {
  return programSize(size, hasStatusLine).rows < size.rows;
}

/**
 * Returns the status line of an attached session, for a width in columns. It follows the fleet.
 *
 * @param named texts and signs of the line
 */
export function followStatus(
  store: OcrStore,
  shown: () => AttachedSession,
  named: Omit<AttachedStatus, 'asks' | 'others'>,
  clock: () => number = Date.now,
): (columns: number) => string {
  let read: { readonly state: OcrState; readonly at: number; readonly facts: ReturnType<typeof readStatus> } | null =
    null;
  return (columns) => {
    const state = store.getState();
    const now = clock();
    const age = read === null ? Number.POSITIVE_INFINITY : now - read.at;
    if (read === null || age >= MAX_AGE_MS || (age >= MIN_AGE_MS && hasNews(state, read.state))) {
      read = { state, at: now, facts: readStatus(state, shown(), now) };
    }
    return statusLine({ ...named, ...read.facts }, columns);
  };
}

function hasNews(state: OcrState, before: OcrState): boolean {
  return state.entries !== before.entries || state.seen !== before.seen || state.snoozed !== before.snoozed;
}
