import { forEachSession } from '../../../operations/for-each-session.ts';
import { refOf } from '../../../operations/target.ts';
import { createResults } from '../../../store/form/results.ts';
import { say, sayError } from '../../feedback.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { TargetSession } from '../fleet-actions.ts';
import { labelOf, latestOf, unmark } from './session-now.ts';

/** Row of a list of results: `reason` is shown behind it. */
export interface RowResult {
  readonly outcome: 'ok' | 'skipped';
  readonly reason: string | null;
}

export const DONE: RowResult = { outcome: 'ok', reason: null };
export const skipped = (reason: string): RowResult => ({ outcome: 'skipped', reason });

export interface BulkWork {
  /** Title of the list of results, such as `Archiving`. */
  readonly title: string;
  /** Past participle for the toast, such as `archived`; `null` for no toast. */
  readonly done: string | null;
  /** Text of each row; by default the session's label. */
  readonly labels?: readonly string[];
  readonly targets: readonly TargetSession[];
  /** Receives the session's current state. A rejection is that session's failure. */
  run(target: TargetSession, signal: AbortSignal): Promise<RowResult>;
}

/**
 * Runs an operation on many sessions and lists their results, see `forEachSession`. Unmarks the sessions that are done.
 */
export async function runOnAll(ports: ActionPorts, work: BulkWork): Promise<void> {
  const labels = work.labels ?? work.targets.map(labelOf);
  const rows = labels.map((label) => ({ label, outcome: 'waiting' as const, reason: null }));
  const results = ports.dialogs.results(createResults(work.title, rows));
  const failures = new Map<number, string>();
  let done = 0;
  const refs = work.targets.map((target, index) => ({ ...refOf(target), target, index }));
  const run = ({ target }: (typeof refs)[number], signal: AbortSignal) => work.run(latestOf(ports, target), signal);
  for await (const { ref, outcome } of forEachSession(ports, refs, run)) {
    switch (outcome.kind) {
      case 'started':
        results.set(ref.index, 'running', null);
        break;
      case 'refused':
        results.set(ref.index, 'skipped', outcome.reason);
        break;
      case 'failed':
        failures.set(ref.index, outcome.reason);
        results.set(ref.index, 'failed', outcome.reason);
        break;
      case 'done':
        results.set(ref.index, outcome.result.outcome, outcome.result.reason);
        if (outcome.result.outcome === 'skipped') break;
        done += 1;
        unmark(ports, ref.target);
    }
  }
  if (ports.signal.aborted || work.done === null) return;
  const summary = `${work.done} ${done} of ${work.targets.length}`;
  if (failures.size === 0) return say(ports.store, summary);
  const lines = [...failures].sort(([a], [b]) => a - b).map(([index, reason]) => `${labels[index]}: ${reason}`);
  sayError(ports.store, `${summary}: ${failures.size} failed`, lines);
}
