import { requestsByRoot } from '../domain/attention.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { PendingRequest } from '../domain/live.ts';

/** Returns the first pending request of a root session and its subagents; `null` if there is none. */
export function firstPending(entry: HostEntry, sessionId: string): PendingRequest | null {
  const sessions = entry.snapshot?.sessions ?? [];
  const [first] =
    requestsByRoot(sessions, entry.live.requests).get(sessionId) ??
    [...entry.live.requests.values()].filter(({ request }) => request.sessionId === sessionId);
  return first ?? null;
}
