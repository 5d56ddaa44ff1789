import type { LiveEvent } from '../domain/live.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import { Listeners } from '../lib/listeners.ts';

/** Hands each event of a session to the listeners of that session, whichever server reports it. */
export class SessionEvents {
  readonly #listeners = new Map<string, Map<string, Listeners<LiveEvent>>>();

  /** Calls the listener for each event of a session. Returns the function that stops this. */
  listen({ alias, id }: SessionRef, listener: (event: LiveEvent) => void): () => void {
    const ofHost = this.#listeners.get(alias) ?? new Map<string, Listeners<LiveEvent>>();
    const ofSession = ofHost.get(id) ?? new Listeners<LiveEvent>();
    this.#listeners.set(alias, ofHost.set(id, ofSession));
    const remove = ofSession.add(listener);
    return () => {
      remove();
      if (ofSession.isEmpty && ofHost.get(id) === ofSession) ofHost.delete(id);
      if (ofHost.size === 0 && this.#listeners.get(alias) === ofHost) this.#listeners.delete(alias);
    };
  }

  /** Passes on events of a host, in their order. */
  publish(alias: string, events: readonly LiveEvent[]): void {
    const ofHost = this.#listeners.get(alias);
    if (ofHost === undefined) return;
    for (const event of events) ofHost.get(sessionIdOf(event))?.call(event);
  }
}

function sessionIdOf(event: LiveEvent): string {
  switch (event.kind) {
    case 'session':
      return event.facts.id;
    case 'asked':
      return event.request.sessionId;
    default:
      return event.sessionId;
  }
}
