import type { ConnectionInfo } from './connection.ts';
import type { HostClock } from './host-clock.ts';
import type { LoginEnvironment } from './login.ts';
import type { Machine } from './machine.ts';
import type { Server } from './server.ts';
import type { Session } from './session.ts';

/**
 * The ways to read a host's sessions, best first: `http` asks a server that runs there, `storage` reads the files of an opencode without a database.
 */
export const RUNGS = ['sqlite3', 'python3', 'http', 'opencode-db', 'session-list', 'storage'] as const;
export type Rung = (typeof RUNGS)[number];

export const HOST_STATUSES = [
  'online',
  'offline',
  'auth-required',
  'host-key-unknown',
  'host-key-changed',
  'blocked',
  'no-shell',
  'no-opencode',
  'error',
] as const;
export type HostStatus = (typeof HOST_STATUSES)[number];

export interface Opencode {
  readonly path: string;
  /** `null` until it was asked: asking costs the host more than a second of CPU. */
  readonly version: string | null;
  /** Changes when the program at that path changes. */
  readonly identity: string;
}

/** The database that opencode itself named. */
export interface ConfirmedDatabase {
  readonly path: string;
  /** The program that named it (`Opencode.identity`), and the login environment at the time (`loginKey`). */
  readonly identity: string;
  readonly login: string;
}

/** The last known state of a host that answered. Immutable. */
export interface Snapshot {
  /** When it was taken: epoch milliseconds of this machine's clock. */
  readonly at: number;
  /** Round trip over the connection, milliseconds. */
  readonly latency: number;
  /** The host's clock minus this machine's, milliseconds. */
  readonly clockOffset: number;
  /** `null` when an earlier version took the snapshot. */
  readonly clock: HostClock | null;
  readonly opencode: Opencode;
  /** The rung that read the sessions; `null` if opencode was never used there, so there was nothing to read. */
  readonly rung: Rung | null;
  /** When the sessions were read: before `at` if the database has not changed since. */
  readonly readAt: number;
  /** Why the faster rungs were not used. */
  readonly passedOver: readonly { readonly rung: Rung; readonly reason: string }[];
  readonly databasePath: string | null;
  /** Why sessions may be missing or stale, on one line; `null` if they are complete. */
  readonly doubt: string | null;
  /** `null` until opencode was asked, which takes two seconds of the host's CPU. */
  readonly confirmed: ConfirmedDatabase | null;
  /** The number of databases to choose from, if nothing names one. */
  readonly candidates: number;
  /** True if the program is a script, which may set any environment, and opencode was used there. */
  readonly wrapped: boolean;
  /** The environment of a login there; `null` if unknown. */
  readonly login: LoginEnvironment | null;
  /** Changes whenever the database does; `null` when the host cannot tell. */
  readonly fingerprint: string | null;
  /** The user's opencode processes that may work on a session; `null` if unknown. */
  readonly processes: number | null;
  /** The servers that listen for requests, ocr's own first. */
  readonly servers: readonly Server[];
  /** Its load and memory when it was taken; `null` if the host does not tell. */
  readonly machine?: Machine | null | undefined;
  /** How the host was connected; `null` if an earlier version took the snapshot, which did not record it. */
  readonly connection: ConnectionInfo | null;
  readonly sessions: readonly Session[];
}

/** Why a host could not be read. */
export interface ProbeFailure {
  readonly status: Exclude<HostStatus, 'online'>;
  /** One line: what happened. */
  readonly reason: string;
  /** What the user can do about it; may have several lines. */
  readonly hint: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Round trip in milliseconds where the host itself answered. */
  readonly latency: number | null;
  /** Alias of the failing hop, or `user@host:port` if it has none; `null` if the host itself failed. */
  readonly blockedBy: string | null;
  /** How the host was connected, or would have been; `null` if that was not decided. */
  readonly connection: ConnectionInfo | null;
}
