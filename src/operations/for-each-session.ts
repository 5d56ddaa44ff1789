import type { SessionRef } from '../domain/session-ref.ts';
import { NoShellError } from '../fleet/no-shell.ts';
import { ReadOnlyError } from '../fleet/read-only.ts';
import type { OperationContext } from './context.ts';
import { failureText, isHostFailure, isUncertain } from './failure.ts';

/** Progress of one session in a fan-out. Each session ends in one outcome; `started` comes before it, unless it was not tried. */
export type SessionOutcome<Result> =
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly error: unknown };

export interface SessionProgress<Ref extends SessionRef, Result> {
  readonly ref: Ref;
  readonly outcome: SessionOutcome<Result>;
}

/**
 * Runs an operation on many sessions and yields the progress of each: hosts in parallel, the sessions of a host in order. When a host is lost, its
 * remaining sessions fail with the reason. Polls each host once it is done.
 */
export async function* forEachSession<Ref extends SessionRef, Result>(
  context: Pick<OperationContext, 'transport' | 'refreshHost' | 'signal'>,
  refs: readonly Ref[],
  run: (ref: Ref, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<SessionProgress<Ref, Result>> {
  const queue: SessionProgress<Ref, Result>[] = [];
  let wake = Promise.withResolvers<void>();
  let isOver = false;
  const tell = (ref: Ref, outcome: SessionOutcome<Result>) => {
    queue.push({ ref, outcome });
    wake.resolve();
  };
  const runHost = async (alias: string, ofHost: readonly Ref[]) => {
    let failedBefore = false;
    for (const [at, ref] of ofHost.entries()) {
      const error = await runOne(ref, run, context.signal, tell);
      const isLost = isHostFailure(error);
      const why = isLost ? await whyLost(context, alias, failedBefore ? error : null) : null;
      failedBefore = isLost;
      if (why === null) continue;
      for (const rest of ofHost.slice(at + 1)) tell(rest, { kind: 'failed', reason: `not tried: ${why}`, error });
      break;
    }
    void context.refreshHost(alias);
  };
  const byHost = Map.groupBy(refs, ({ alias }) => alias);
  const all = Promise.all([...byHost].map(([alias, ofHost]) => runHost(alias, ofHost))).finally(() => {
    isOver = true;
    wake.resolve();
  });
  for (;;) {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) yield next;
    if (isOver) break;
    await wake.promise;
    wake = Promise.withResolvers<void>();
  }
  await all;
}

async function runOne<Ref, Result>(
  ref: Ref,
  run: (ref: Ref, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
  tell: (ref: Ref, outcome: SessionOutcome<Result>) => void,
): Promise<unknown> {
  tell(ref, { kind: 'started' });
  try {
    tell(ref, { kind: 'done', result: await run(ref, signal) });
    return null;
  } catch (error) {
    if (error instanceof ReadOnlyError) {
      tell(ref, { kind: 'refused', reason: 'the host is read-only' });
      return null;
    }
    const reason = failureText(error) + (isUncertain(error) ? ': it may have succeeded anyway' : '');
    tell(ref, { kind: 'failed', reason, error });
    return error;
  }
}

/** Returns why a host is given up after a loss; `null` if it can be reached. Two losses in a row are enough. */
async function whyLost(
  context: Pick<OperationContext, 'transport' | 'signal'>,
  alias: string,
  again: unknown,
): Promise<string | null> {
  if (again !== null) return failureText(again);
  try {
    await context.transport(alias, 'read', context.signal);
    return null;
  } catch (error) {
    // Its requests are all that can tell.
    return error instanceof NoShellError ? null : failureText(error);
  }
}
