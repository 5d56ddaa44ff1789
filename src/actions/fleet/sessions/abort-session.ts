import { workOf } from '../../../fleet/session-state.ts';
import { type Aborted, abortTurn } from '../../../operations/sessions/abort-turn.ts';
import { refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { DONE, type RowResult, runOnAll, skipped } from './run-on-all.ts';
import { counted, labelOf, latestOf, unmark } from './session-now.ts';

const NOT_WORKING = 'it is not working';
/** An opencode without a server cannot be told to stop. */
const UNSURE = 'no server reports it as working: it may be running in an opencode without a server';

/** Stops the turns of sessions, after a confirmation. */
export async function abortSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const sessions = target.sessions.map((one) => latestOf(ports, one));
  const [only, ...others] = sessions;
  if (only === undefined) return;
  const working = sessions.filter(({ entry, session }) => workOf(entry, session) !== 'resting');
  if (working.length === 0) {
    return say(ports.store, others.length === 0 ? `${labelOf(only)}: ${NOT_WORKING}` : 'none of them is working');
  }
  const single = others.length === 0;
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'abort',
      title: single
        ? `Stop the turn of this session on ${only.entry.host.label}?`
        : `Stop the turns of ${counted(working.length, 'session')}?`,
      lines: [
        ...working.map((one) => ({ text: labelOf(one) })),
        { text: 'Its work so far stays; the current turn ends.' },
      ],
      options: [{ key: 'y', label: 'stop', danger: true }],
      keep: 'let it work',
    }),
  );
  if (chosen !== 'y') return;
  if (!single) {
    // Turns that started since then were not confirmed.
    const listed = new Set(working.map(({ session }) => session.id));
    const run = async (one: TargetSession, signal: AbortSignal) =>
      listed.has(one.session.id) ? resultOf(await abortTurn(ports, refOf(one), signal)) : skipped(NOT_WORKING);
    return runOnAll(ports, { title: 'Stopping', done: 'stopped', targets: sessions, run });
  }
  await act(ports, `stopping on ${only.entry.host.label}`, async () => {
    const { outcome, reason } = resultOf(await abortTurn(ports, refOf(only), ports.signal));
    if (outcome === 'ok') unmark(ports, only);
    say(ports.store, `${labelOf(only)}: ${outcome === 'ok' ? 'stopped' : ''}${note(outcome, reason)}`);
    void ports.refreshHost(only.entry.host.alias);
  });
}

function resultOf(aborted: Aborted): RowResult {
  if (aborted === 'not-working') return skipped(NOT_WORKING);
  return aborted === 'unsure' ? { outcome: 'ok', reason: UNSURE } : DONE;
}

function note(outcome: RowResult['outcome'], reason: string | null): string {
  if (reason === null) return '';
  return outcome === 'ok' ? `; ${reason}` : reason;
}
