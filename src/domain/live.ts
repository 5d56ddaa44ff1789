import type { ServerLink } from './server.ts';
import type { Session } from './session.ts';
import type { UserRequest } from './user-request.ts';

/** A server's status of a session that it has worked on. */
export type LiveStatus =
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'retry';
      readonly attempt: number;
      readonly message: string;
      /** Epoch milliseconds of the host's clock. */
      readonly next: number;
    }
  | { readonly kind: 'idle' };

/** True if a server works on a session with this status; `undefined` is a session that the server does not mention. */
export function isAtWork(status: LiveStatus | undefined): boolean {
  return status !== undefined && status.kind !== 'idle';
}

/** A session's state from its server's events. Times are epoch milliseconds of this machine's clock. */
export interface LiveSession {
  /** The server that it runs on, see `serverKey`. */
  readonly server: string;
  readonly status: LiveStatus;
  /** When that status was first seen. */
  readonly since: number;
  /** When its last event arrived. */
  readonly heardAt: number;
  readonly todo: { readonly done: number; readonly total: number } | null;
}

/** A request and the server that it is answered through, see `serverKey`. */
export interface PendingRequest {
  readonly server: string;
  readonly request: UserRequest;
}

/** How a request was answered. */
export type Settlement = 'once' | 'always' | 'rejected' | 'answered';

/** When a session's last turn ended, as far as known. Times are epoch milliseconds of the host's clock. */
export interface TurnEnd {
  readonly endedAt: number;
  /** True if the session's own server reported it. Otherwise changes up to `until` are only known not to be turns. */
  readonly reported: boolean;
  /** A session updated later than this was changed by another process, which may have worked on it. */
  readonly until: number;
}

/** The state that a host's servers report, on top of its snapshot. Immutable. */
export interface LiveHost {
  /** By `serverKey`. */
  readonly servers: ReadonlyMap<string, ServerLink>;
  readonly sessions: ReadonlyMap<string, LiveSession>;
  /** By id, in the order in which they were seen. */
  readonly requests: ReadonlyMap<string, PendingRequest>;
  /** Sessions that are gone since the last snapshot, with the time: one that was being taken may still list them. */
  readonly deleted: ReadonlyMap<string, number>;
  /** Sessions changed by events since the last snapshot, with the time (this machine's clock). */
  readonly changed: ReadonlyMap<string, number>;
  /** Requests were dropped: there were more of them, or longer ones, than are kept per host. */
  readonly isCut: boolean;
  /** By session id. Kept when the server is gone. */
  readonly ends: ReadonlyMap<string, TurnEnd>;
  /** How the most recent settled requests were answered, by id. */
  readonly settled: ReadonlyMap<string, Settlement>;
}

export const NOTHING_LIVE: LiveHost = {
  servers: new Map(),
  sessions: new Map(),
  requests: new Map(),
  deleted: new Map(),
  changed: new Map(),
  isCut: false,
  ends: new Map(),
  settled: new Map(),
};

/** True if the events of any of its servers arrive as they happen. */
export function isLive(live: LiveHost): boolean {
  for (const { state } of live.servers.values()) if (state === 'live') return true;
  return false;
}

/** Fields of a session that an event contains. */
export type SessionFacts = Pick<
  Session,
  'id' | 'parentId' | 'title' | 'directory' | 'created' | 'updated' | 'archived'
> &
  Partial<Pick<Session, 'project' | 'agent' | 'model' | 'cost' | 'tokens' | 'additions' | 'deletions' | 'files'>>;

/** An event that a server reported about its sessions. */
export type LiveEvent =
  | { readonly kind: 'session'; readonly facts: SessionFacts }
  | { readonly kind: 'deleted'; readonly sessionId: string }
  | { readonly kind: 'status'; readonly sessionId: string; readonly status: LiveStatus }
  /** A turn ended in an error; stopping a turn is not one. */
  | { readonly kind: 'error'; readonly sessionId: string; readonly name: string; readonly message: string }
  | { readonly kind: 'asked'; readonly request: UserRequest }
  | {
      readonly kind: 'settled';
      readonly requestId: string;
      readonly sessionId: string;
      readonly how: Settlement;
    }
  | { readonly kind: 'todo'; readonly sessionId: string; readonly done: number; readonly total: number }
  /** A new message began. */
  | {
      readonly kind: 'message';
      readonly sessionId: string;
      readonly messageId: string;
      readonly role: 'user' | 'assistant';
    }
  /** Something of the session's messages has changed: it works. */
  | { readonly kind: 'activity'; readonly sessionId: string };

/** A server's answer about the directories that it was asked for. */
export interface LiveReading {
  /** Sessions that are busy or retry; all others of those directories are idle. */
  readonly statuses: ReadonlyMap<string, LiveStatus>;
  readonly requests: readonly UserRequest[];
  readonly directories: readonly string[];
  /** Why the other directories could not be read, by directory: their state is unknown. */
  readonly failed?: ReadonlyMap<string, string>;
  /** The requests of a directory exceeded the size limit. */
  readonly isCut?: boolean;
}
