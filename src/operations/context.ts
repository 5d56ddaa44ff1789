import type { Activity } from '../domain/activity.ts';
import type { LiveEvent } from '../domain/live.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import type { ContentSource } from '../opencode/content-source.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import type { OwnServer } from '../opencode/server-process/own-server.ts';
import type { ContentQuery } from '../opencode/stored-content.ts';
import type { RunLimits, Transport } from '../transport/transport.ts';

/** The purpose of a client or connection. A read-only host refuses writers. */
export type Use = 'read' | 'write';

/** A session, or a host as a whole if `id` is `null`. */
export interface ClientTarget {
  readonly alias: string;
  readonly id: string | null;
}

/** Dependencies of every operation, whichever face runs it. */
export interface OperationContext {
  readonly fleet: FleetStore;
  /**
   * Returns a client of the server that a session runs on, else of any server of its host that lets us in; starts one if there is none, which may take
   * seconds. The client is shared: do not close it. Rejects with a ReadOnlyError, a TransportError, a ServerError, a ServerProcessError or a
   * UserError.
   */
  clientFor(target: ClientTarget, use: Use, signal: AbortSignal): Promise<ServerClient>;
  /** Returns a client that is connected and whose events we follow; `null` if there is none. Starts nothing. */
  clientNow(alias: string, id: string | null): ServerClient | null;
  /** Returns a client of each server that is listed on a host, by its address; leaves out those that do not let us in. Starts nothing. */
  clientsOf(alias: string, signal: AbortSignal): Promise<ReadonlyMap<string, ServerClient>>;
  /** Returns the open connection of a host. Rejects with a ReadOnlyError, a TransportError or a UserError. */
  transport(alias: string, use: Use, signal: AbortSignal): Promise<Transport>;
  /**
   * Returns ocr's own server on a host, started if it does not run. Callers at the same time share one start. Rejects with a ReadOnlyError, a UserError, a
   * TransportError or a ServerProcessError.
   */
  startServer(alias: string, signal: AbortSignal): Promise<OwnServer>;
  /** Polls a host now; `null` if that failed. */
  refreshHost(alias: string): Promise<Snapshot | null>;
  /** Calls the listener for each event of one session, whichever server reports it. Returns the function that stops this. */
  listen(ref: SessionRef, listener: (event: LiveEvent) => void): () => void;
  /** Returns the source of a session's content: its server, or the host's database; `null` if neither can be read now. Starts nothing. */
  contentOf(ref: SessionRef): ContentSource | null;
  /**
   * Runs a query on a host's database, in a shell of its own. Starts nothing and changes nothing. Rejects with a TransportError, a UserError or an
   * ExpectedError.
   */
  queryDatabase<Value>(
    alias: string,
    query: ContentQuery<Value>,
    limits: Pick<RunLimits, 'signal' | 'idleTimeout'>,
  ): Promise<Value>;
  /** Returns how many milliseconds a host may take to answer. */
  timeoutOf(alias: string): number;
  /** Folder (0700) of the user's files, such as exports. */
  readonly exportFolder: string;
  /** Aborts when the face ends. */
  readonly signal: AbortSignal;
  /** Returns epoch milliseconds. */
  clock(): number;
  /** Called once a session is gone, for example to end the program attached to it. */
  onDeleted(ref: SessionRef): void;
  /** Adds an entry to a host's activity log. */
  log(alias: string, activity: Activity): void;
}
