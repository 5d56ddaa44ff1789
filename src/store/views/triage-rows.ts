import { selectAttention } from '../../fleet/select-attention.ts';
import type { Row } from '../rows.ts';
import type { OcrState } from '../state.ts';
import { inTriageOrder } from '../triage.ts';

/** Milliseconds after which the list is made again without a change: sessions stall, snoozes end. */
const STEP_MS = 1000;

/** Creates the selector of the rows of the triage view: the sessions that need the user and match the filter. */
export function createTriageRows(): (state: OcrState, now: number) => readonly Row[] {
  let last: { state: OcrState; step: number; rows: readonly Row[] } | null = null;
  return (state, now) => {
    const step = Math.floor(now / STEP_MS);
    if (last !== null && last.step === step && isSame(last.state, state)) return last.rows;
    const rows = inTriageOrder(selectAttention(state, now))
      .filter(
        ({ entry, session }) => state.finds?.get(entry.host.alias)?.sessions.has(session.id) ?? state.finds === null,
      )
      .map((item): Row => ({ kind: 'need', key: item.key, entry: item.entry, session: item.session, item }));
    last = { state, step, rows };
    return rows;
  };
}

function isSame(a: OcrState, b: OcrState): boolean {
  const same = a.entries === b.entries && a.seen === b.seen && a.snoozed === b.snoozed;
  return same && a.settings === b.settings && a.finds === b.finds;
}
