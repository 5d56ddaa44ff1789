import type { LiveEvent, LiveReading } from './live.ts';
import { LiveDraft, type LiveView } from './live-draft.ts';

export type { LiveView } from './live-draft.ts';

/** Applies a server's events in order, received at a time (epoch milliseconds, this machine's clock). */
export function applyLiveEvents(view: LiveView, server: string, events: readonly LiveEvent[], at: number): LiveView {
  const draft = new LiveDraft(view, server, at);
  for (const event of events) draft.apply(event);
  return draft.end();
}

/**
 * Applies a server's full reading: sessions that it does not list are idle, requests that it does not list are gone.
 */
export function applyLiveReading(view: LiveView, server: string, reading: LiveReading, at: number): LiveView {
  const draft = new LiveDraft(view, server, at);
  const asked = new Set(reading.directories);
  const isLive = view.live.servers.get(server)?.state === 'live';
  for (const { id, directory, turn } of view.sessions) {
    if (!asked.has(directory)) continue;
    const status = reading.statuses.get(id);
    const told = view.live.sessions.get(id);
    const isKnown = isLive && status?.kind === 'busy' && told?.server === server && told.status.kind === 'busy';
    // A `busy` poll is not a sign of life. On a live server only events reset the stall timer.
    if (isKnown) continue;
    if (status !== undefined) draft.apply({ kind: 'status', sessionId: id, status });
    else if (told?.server === server && draft.isAtWork(id))
      draft.apply({ kind: 'status', sessionId: id, status: { kind: 'idle' } });
    else if (turn === 'open') draft.rest(id);
  }
  draft.keepRequests(asked, new Set(reading.requests.map(({ id }) => id)));
  if (reading.isCut) draft.cut();
  for (const request of reading.requests) draft.apply({ kind: 'asked', request });
  return draft.end();
}
