import type { Host } from '../domain/host.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ContentSource } from './content-source.ts';
import { type ContentQuery, changesQuery, messagesQuery, todosQuery } from './stored-content.ts';

/** Runs a query on a host's database. Rejects if it cannot be read. */
export type QueryDatabase = <Value>(
  host: Host,
  snapshot: Snapshot,
  query: ContentQuery<Value>,
  signal: AbortSignal,
) => Promise<Value>;

/**
 * Reads sessions from their host's database, for directories that no server has open: each server call about such a session would boot its directory
 * (see `server-calls.ts`).
 */
export class StoredSource implements ContentSource {
  readonly isStored = true;
  readonly #query: <Value>(query: ContentQuery<Value>, signal: AbortSignal) => Promise<Value>;

  /** @param known returns the current state of the host; `null` if it is no longer listed or never answered */
  constructor(query: QueryDatabase, known: () => { host: Host; snapshot: Snapshot } | null) {
    this.#query = async (content, signal) => {
      const now = known();
      if (now === null) throw new Error('the host has not answered yet');
      return await query(now.host, now.snapshot, content, signal);
    };
  }

  messages(id: string, _directory: string, limit: number, signal: AbortSignal) {
    return this.#query(messagesQuery(id, limit), signal);
  }

  todos(id: string, _directory: string, signal: AbortSignal) {
    return this.#query(todosQuery(id), signal);
  }

  changes(id: string, _directory: string, signal: AbortSignal) {
    return this.#query(changesQuery(id), signal);
  }

  /** A database sends no events: it is read again whenever the session has changed. */
  watchMessages(): () => void {
    return () => {};
  }
}
