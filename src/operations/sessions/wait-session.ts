import { isLive, type LiveEvent, type PendingRequest } from '../../domain/live.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import { turnEndedAt } from '../../domain/turn-end.ts';
import { firstPending } from '../../fleet/first-pending.ts';
import { selectHostAttention } from '../../fleet/select-attention.ts';
import { workOf } from '../../fleet/session-state.ts';
import type { OperationContext } from '../context.ts';
import { findSession, knownSession, type TargetSession } from '../target.ts';

export type Waited =
  /** `endedAt` is epoch milliseconds of the host's clock. */
  | { readonly kind: 'ended'; readonly endedAt: number }
  | { readonly kind: 'asks'; readonly pending: PendingRequest }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'timeout' };

export interface WaitInput {
  /**
   * Ignores turns that ended by this time (epoch milliseconds of the host's clock, see `hostNow`). Take it before a prompt, so that the previous turn
   * is not mistaken for the new one.
   */
  readonly after?: number;
  /** Milliseconds; without end by default. */
  readonly timeout?: number;
  /** Milliseconds between two polls of a host without an event stream. */
  readonly pollInterval?: number;
}

const POLL_INTERVAL_MS = 2000;

/**
 * Waits until a session's turn ends, asks, fails or stalls, or until the session is gone. Follows its events, and polls the host where no stream
 * reports them. Rejects if the signal aborts, and with a UserError if there is no such session.
 */
export async function waitForSession(
  context: OperationContext,
  ref: SessionRef,
  { after = Number.NEGATIVE_INFINITY, timeout, pollInterval = POLL_INTERVAL_MS }: WaitInput,
  signal: AbortSignal,
): Promise<Waited> {
  const stop = AbortSignal.any([signal, context.signal]);
  const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
  let failure: string | null = null;
  let isGone = false;
  let wake = Promise.withResolvers<void>();
  const hear = (event: LiveEvent) => {
    if (event.kind === 'error') failure = event.message;
    if (event.kind === 'status' && event.status.kind === 'busy') failure = null;
    if (event.kind === 'deleted') isGone = true;
    wake.resolve();
  };
  const closers = [context.listen(ref, hear), context.fleet.subscribe(() => wake.resolve())];
  const onStop = () => wake.resolve();
  stop.addEventListener('abort', onStop);
  try {
    await findSession(context, ref);
    for (;;) {
      stop.throwIfAborted();
      const target = knownSession(context, ref);
      if (isGone || target === null) return { kind: 'gone' };
      const result = stateOf(context, target, after, failure);
      if (result !== null) return result;
      const left = deadline - performance.now();
      if (left <= 0) return { kind: 'timeout' };
      const timer = setTimeout(wake.resolve, Math.min(left, pollInterval));
      await wake.promise;
      clearTimeout(timer);
      wake = Promise.withResolvers<void>();
      const entry = context.fleet.getState().entries.get(ref.alias);
      if (!stop.aborted && (entry === undefined || !isLive(entry.live))) {
        await paced(context, ref.alias, Math.min(left, pollInterval), stop);
      }
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    for (const close of closers) close();
  }
}

const lastPolls = new WeakMap<object, Map<string, number>>();

/** Polls a host, unless it was polled here less than an interval ago. */
async function paced(context: OperationContext, alias: string, interval: number, stop: AbortSignal): Promise<void> {
  const polls = lastPolls.get(context.fleet) ?? new Map<string, number>();
  lastPolls.set(context.fleet, polls);
  const now = performance.now();
  if (now - (polls.get(alias) ?? Number.NEGATIVE_INFINITY) < interval || stop.aborted) return;
  polls.set(alias, now);
  await context.refreshHost(alias);
}

/** Returns the reason to stop waiting; `null` if there is none yet. */
function stateOf(
  context: OperationContext,
  { entry, session }: TargetSession,
  after: number,
  failure: string | null,
): Waited | null {
  const pending = firstPending(entry, session.id);
  if (pending !== null) return { kind: 'asks', pending };
  const { seen, settings } = context.fleet.getState();
  const work = workOf(entry, session);
  if (work === 'working') {
    const attention = selectHostAttention(entry, seen, settings, context.clock()).get(session.id)?.attention;
    return attention?.kind === 'stalled' ? { kind: 'stalled' } : null;
  }
  if (session.turn === 'open') return null;
  const endedAt = endOf({ entry, session }, after);
  if (endedAt === null || endedAt <= after) return null;
  if (session.turn === 'failed') return { kind: 'failed', message: failure ?? session.error ?? 'the turn failed' };
  if (failure !== null) return { kind: 'failed', message: failure };
  const isEnded = session.turn === 'ended' || (work === 'resting' && session.turn === 'unknown');
  return isEnded ? { kind: 'ended', endedAt } : null;
}

/**
 * Returns when the last turn ended; `null` if that is not known. A prompt changes a session before its turn begins, so a change alone is an end only
 * where neither the database nor an event stream reports ends, or if any earlier turn counts.
 */
function endOf({ entry, session }: TargetSession, after: number): number | null {
  const end = entry.live.ends.get(session.id);
  if (after === Number.NEGATIVE_INFINITY) return turnEndedAt(session, end);
  if (end !== undefined && session.updated <= end.until) return end.endedAt;
  return session.turn === 'unknown' && !isLive(entry.live) ? session.updated : (session.endedAt ?? null);
}
