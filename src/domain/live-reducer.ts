import type { LiveEvent, LiveReading } from './live.ts';
import { LiveDraft, type LiveView } from './live-draft.ts';

export type { LiveView } from './live-draft.ts';

/** What a server told, in its order, at a time (epoch milliseconds, this machine's clock). */
export function applyLiveEvents(view: LiveView, server: string, events: readonly LiveEvent[], at: number): LiveView {
  const draft = new LiveDraft(view, server, at);
  for (const event of events) draft.apply(event);
  return draft.end();
}

/** What a server answered when it was asked: sessions that it does not name are idle, requests that it does not name are gone. */
export function applyLiveReading(view: LiveView, server: string, reading: LiveReading, at: number): LiveView {
  const draft = new LiveDraft(view, server, at);
  const asked = new Set(reading.directories);
  const isLive = view.live.servers.get(server)?.state === 'live';
  for (const { id, directory, turn } of view.sessions) {
    if (!asked.has(directory)) continue;
    const status = reading.statuses.get(id);
    const told = view.live.sessions.get(id);
    const isKnown = isLive && status?.kind === 'busy' && told?.server === server && told.status.kind === 'busy';
    // That it still works is no word of it: from a server whose events arrive only those tell that it has not stalled.
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
