import { requestsByRoot } from '../domain/attention.ts';
import type { PendingRequest } from '../domain/live.ts';
import { isSameRequest } from '../domain/same-request.ts';
import { sessionKey } from './keys.ts';
import type { OcrState, ShownRequest } from './state.ts';
import type { Transition } from './transition.ts';

/** Records each session's request as painted by a frame. A request with changed content counts from now on. */
export const requestsShown =
  (entries: OcrState['entries'], now: number): Transition =>
  ({ shown }) => {
    const next = new Map<string, ShownRequest>();
    for (const { host, snapshot, live } of entries.values()) {
      if (live.requests.size === 0) continue;
      for (const [root, [pending]] of requestsByRoot(snapshot?.sessions ?? [], live.requests)) {
        if (pending === undefined) continue;
        const key = sessionKey(host.alias, root);
        const before = shown.get(key);
        const isSame = before !== undefined && isSamePending(before.pending, pending);
        next.set(key, isSame ? before : { pending, since: now });
      }
    }
    const isUnchanged = next.size === shown.size && [...next].every(([key, one]) => shown.get(key) === one);
    return isUnchanged ? {} : { shown: next };
  };

/** Returns since when the screen has shown a session's current request; `null` if it was not painted yet. */
export function shownSince({ shown }: OcrState, alias: string, sessionId: string, now: PendingRequest): number | null {
  const painted = shown.get(sessionKey(alias, sessionId));
  return painted !== undefined && isSamePending(painted.pending, now) ? painted.since : null;
}

function isSamePending(a: PendingRequest, b: PendingRequest): boolean {
  return a.server === b.server && isSameRequest(a.request, b.request);
}
