import { isReadOnly } from '../../../fleet/read-only.ts';
import { ServerError } from '../../../opencode/server/server-error.ts';
import { ServerProcessError } from '../../../opencode/server-process/server-process-error.ts';
import { createResults } from '../../../store/form/results.ts';
import { TransportError } from '../../../transport/transport.ts';
import { say, sayError } from '../../feedback.ts';
import { failureText } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { TargetSession } from '../fleet-actions.ts';
import { labelOf, latestOf, unmark } from './session-now.ts';

/** What came of one session. `reason` is what is to be known besides. */
export interface Outcome {
  readonly outcome: 'ok' | 'skipped';
  readonly reason: string | null;
}

export const DONE: Outcome = { outcome: 'ok', reason: null };
export const skipped = (reason: string): Outcome => ({ outcome: 'skipped', reason });

export interface BulkWork {
  /** Title of the list of results, such as `Archiving`. */
  readonly title: string;
  /** What was done, for the toast, such as `archived`. */
  readonly done: string;
  readonly targets: readonly TargetSession[];
  /** Is given the session as it is known by then. What it rejects with is the failure of that session. */
  run(target: TargetSession, signal: AbortSignal): Promise<Outcome>;
}

interface Numbered {
  readonly target: TargetSession;
  readonly index: number;
}

/**
 * Does the same to many sessions, with a list of what came of each: hosts in parallel, the sessions of a host one after the other. When a host is lost,
 * its remaining sessions fail with the reason why. What was done is unmarked.
 */
export async function runOnAll(ports: ActionPorts, work: BulkWork): Promise<void> {
  const labels = work.targets.map(labelOf);
  const rows = labels.map((label) => ({ label, outcome: 'waiting' as const, reason: null }));
  const results = ports.dialogs.results(createResults(work.title, rows));
  const failures = new Map<number, string>();
  let done = 0;

  const runOne = async ({ target, index }: Numbered): Promise<unknown> => {
    results.set(index, 'running', null);
    try {
      const { outcome, reason } = isReadOnly(ports.store.getState().settings, target.entry.host.alias)
        ? skipped('the host is read-only')
        : await work.run(latestOf(ports, target), ports.signal);
      results.set(index, outcome, reason);
      if (outcome === 'ok') {
        done += 1;
        unmark(ports, target);
      }
      return null;
    } catch (error) {
      fail(index, failureText(error) + (isUncertain(error) ? ': it may have been done all the same' : ''));
      return error;
    }
  };
  const fail = (index: number, reason: string) => {
    failures.set(index, reason);
    results.set(index, 'failed', reason);
  };
  const runHost = async (alias: string, ofHost: readonly Numbered[]) => {
    let failedBefore = false;
    for (const [at, one] of ofHost.entries()) {
      const error = await runOne(one);
      const isLost = isHostFailure(error);
      const why = isLost ? await whyLost(ports, alias, failedBefore ? error : null) : null;
      failedBefore = isLost;
      if (why === null) continue;
      for (const { index } of ofHost.slice(at + 1)) fail(index, `not tried: ${why}`);
      break;
    }
    void ports.refreshHost(alias);
  };

  const numbered = work.targets.map((target, index) => ({ target, index }));
  const byHost = Map.groupBy(numbered, ({ target }) => target.entry.host.alias);
  await Promise.all([...byHost].map(([alias, ofHost]) => runHost(alias, ofHost)));
  if (ports.signal.aborted) return;
  const summary = `${work.done} ${done} of ${work.targets.length}`;
  if (failures.size === 0) return say(ports.store, summary);
  const lines = [...failures].sort(([a], [b]) => a - b).map(([index, reason]) => `${labels[index]}: ${reason}`);
  sayError(ports.store, `${summary}: ${failures.size} failed`, lines);
}

/** Why nothing more is to be tried on a host where something was lost; `null` when it can be reached. Two losses in a row are enough. */
async function whyLost(ports: ActionPorts, alias: string, again: unknown): Promise<string | null> {
  if (again !== null) return failureText(again);
  try {
    await ports.transport(alias, ports.signal);
    return null;
  } catch (error) {
    return failureText(error);
  }
}

/** Is it about the host or its server, rather than about one session? */
function isHostFailure(error: unknown): boolean {
  if (error instanceof ServerError) return ['refused', 'timeout', 'closed'].includes(error.kind);
  return error instanceof TransportError || error instanceof ServerProcessError;
}

/** Was the request under way when it was lost? */
function isUncertain(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.where.startsWith('GET ')) return false;
  return error.kind === 'timeout' || error.kind === 'closed';
}
