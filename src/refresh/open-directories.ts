import { processStart } from '../domain/host-clock.ts';
import { isAtWork, type LiveHost, type LiveReading } from '../domain/live.ts';
import { type Server, serverKey } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** Milliseconds: a turn that has been open for longer was left so by a process that died. */
const MAX_OPEN_TURN_MS = 24 * 60 * 60_000;
/** Maximum number of directories asked about, newest first, if the host does not report whose turn is open. */
const MAX_UNKNOWN_DIRECTORIES = 20;

/** The known state of a host. */
export interface KnownHost {
  readonly snapshot: Snapshot | null;
  readonly live: LiveHost;
}

/**
 * Tracks the directories that one server may be asked about. The first request for a directory boots it there, which
 * runs its plugins (see `server-calls.ts`). So only directories count that this server must have opened: its events
 * named a session there, or a turn is open there that has worked since the server started. No call reports which turn
 * belongs to which server. A server is not asked again about a session that it does not work on until that session
 * changes.
 */
export class OpenDirectories {
  readonly #server: Server;
  readonly #key: string;
  /** Sessions that are asked about. */
  readonly #asking = new Map<string, Session>();
  /** `updated` of sessions that the server does not work on, by id. */
  readonly #resting = new Map<string, number>();

  constructor(server: Server) {
    this.#server = server;
    this.#key = serverKey(server);
  }

  /** Returns the directories where something may be going on. */
  open(host: KnownHost): readonly string[] {
    return this.#find(host, () => true);
  }

  /**
   * Returns the directories of sessions that look busy without any event of the server, and of those with pending
   * requests.
   */
  missed(host: KnownHost): readonly string[] {
    const { sessions } = host.live;
    const isHeardOf = ({ id }: Session) => sessions.get(id)?.server === this.#key;
    const projects = new Set(host.snapshot?.sessions.filter(isHeardOf).map(({ project }) => project));
    return this.#find(host, (session) => {
      const isResting = !isAtWork(sessions.get(session.id)?.status);
      return isResting && (projects.has(session.project) || this.#isLikely(session));
    });
  }

  /** Records the server's answer. */
  note({ directories, statuses }: LiveReading): void {
    const read = new Set(directories);
    for (const [id, { directory, updated }] of this.#asking) {
      if (!read.has(directory)) continue;
      this.#asking.delete(id);
      if (statuses.has(id)) this.#resting.delete(id);
      else this.#resting.set(id, updated);
    }
  }

  #find({ snapshot, live }: KnownHost, isWanted: (session: Session) => boolean): readonly string[] {
    const found = new Set<string>();
    const unknown: Session[] = [];
    const now = snapshot === null ? 0 : snapshot.at + snapshot.clockOffset;
    const startedAt = this.#startedAt(snapshot);
    for (const session of snapshot?.sessions ?? []) {
      if (session.archived !== null || !isWanted(session)) continue;
      const told = live.sessions.get(session.id);
      const isHeardOf = told?.server === this.#key;
      if (isHeardOf && isAtWork(told.status)) found.add(session.directory);
      if (now - session.updated >= MAX_OPEN_TURN_MS || this.#resting.get(session.id) === session.updated) continue;
      if (!isHeardOf && session.updated < (startedAt ?? 0)) continue;
      if (session.turn === 'open') this.#ask(session, found);
      else if (session.turn === 'unknown' && (isHeardOf || startedAt !== null)) unknown.push(session);
    }
    const dark = new Set<string>();
    for (const session of unknown.sort((a, b) => b.updated - a.updated)) {
      if (dark.size < MAX_UNKNOWN_DIRECTORIES || dark.has(session.directory)) this.#ask(session, dark);
    }
    for (const { request, server } of live.requests.values()) if (server === this.#key) found.add(request.directory);
    return [...new Set([...found, ...dark])];
  }

  #ask(session: Session, found: Set<string>): void {
    found.add(session.directory);
    this.#asking.set(session.id, session);
  }

  /** Returns the server's start, epoch milliseconds of the host's clock; `null` if the host does not tell. A server behind a URL is taken for an old one. */
  #startedAt(snapshot: Snapshot | null): number | null {
    if (this.#server.url !== undefined) return 0;
    const clock = snapshot?.clock ?? null;
    return clock === null ? null : processStart(this.#server.startId, clock);
  }

  /** True if the session may run on this server: any on ocr's own or if the start directory is unknown, else one in or around that directory. */
  #isLikely({ directory, project }: Session): boolean {
    const { own, directory: home } = this.#server;
    return own || home === null || isWithin(directory, home) || isWithin(home, project);
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
