import type { Host } from '../domain/host.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type ContentQuery, changesQuery, messagesQuery, todosQuery } from '../opencode/stored-content.ts';
import type { DetailSource } from './session-detail-source.ts';

/** Runs a query on the database of a host. Rejects where it cannot be read. */
export type QueryDatabase = <Value>(
  host: Host,
  snapshot: Snapshot,
  query: ContentQuery<Value>,
  signal: AbortSignal,
) => Promise<Value>;

/**
 * Reads sessions from the database of their host: for those whose directory no server has open, since each of its calls about a session boots the session's
 * directory (see `server-calls.ts`).
 */
export class StoredSource implements DetailSource {
  readonly isStored = true;
  readonly #query: <Value>(query: ContentQuery<Value>, signal: AbortSignal) => Promise<Value>;

  /** @param known gives what is known of the host now; `null` when it is not listed any more or never answered */
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

  /** Nothing tells what is written to a database: it is read again when the session has changed. */
  watchMessages(): () => void {
    return () => {};
  }
}
