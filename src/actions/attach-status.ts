import type { TerminalSize } from '../domain/painted-screen.ts';
import { programSize } from '../domain/program-size.ts';
import type { OcrStore } from '../store/store.ts';
import { type AttachedSession, readStatus } from './attach-requests.ts';
import { type AttachedStatus, statusLine } from './attach-words.ts';

/** Milliseconds for which the facts are kept: reading them walks over all sessions. */
const KEPT_MS = 250;

/** True if a program on a terminal of that size has ocr's line below it. */
export function hasStatusRow(size: TerminalSize, hasStatusLine: boolean): boolean {
  return programSize(size, hasStatusLine).rows < size.rows;
}

/**
 * Returns the status line of an attached session, for a width in columns. It follows the fleet: reads it again when it has changed, a few times a second at most.
 *
 * @param named texts and signs of the line
 */
export function followStatus(
  store: OcrStore,
  shown: () => AttachedSession,
  named: Omit<AttachedStatus, 'asks' | 'others'>,
  clock: () => number = Date.now,
): (columns: number) => string {
  let read: { readonly entries: unknown; readonly at: number; readonly facts: ReturnType<typeof readStatus> } | null =
    null;
  return (columns) => {
    const state = store.getState();
    const now = clock();
    if (read === null || (state.entries !== read.entries && now - read.at >= KEPT_MS)) {
      read = { entries: state.entries, at: now, facts: readStatus(state, shown(), now) };
    }
    return statusLine({ ...named, ...read.facts }, columns);
  };
}
