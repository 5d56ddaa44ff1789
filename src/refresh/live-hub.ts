import type { HostEntry } from '../domain/fleet.ts';
import type { Host } from '../domain/host.ts';
import { isAtWork, type LiveReading, NOTHING_LIVE } from '../domain/live.ts';
import { isFollowed, isReachedAlike, type Server, serverKey } from '../domain/server.ts';
import { placesOf } from '../domain/session-places.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { HostEvent } from '../fleet/fleet-transitions.ts';
import { type LinkParts, LiveLink, type LiveSource } from './live-link.ts';
import { type KnownHost, OpenDirectories } from './open-directories.ts';

export interface HubParts<Source extends LiveSource>
  extends Pick<
    LinkParts<Source>,
    'borrow' | 'discard' | 'isUnauthorized' | 'isUnproven' | 'clock' | 'random' | 'logger'
  > {
  /** Receives events, in order. */
  report(event: HostEvent): void;
  entryOf(alias: string): HostEntry | undefined;
  /** Gives up the client of a server that ended, or that nothing reaches any more. */
  forget(alias: string, server: Server): void;
  /** Surveys a host again: an event stream was lost, or a server contradicts the last reading. */
  askAgain(alias: string): void;
}

/** Milliseconds between two such surveys of a host, for a stream that breaks again and again. */
const ASK_PAUSE_MS = 5000;

interface Followed<Source extends LiveSource> {
  readonly link: LiveLink<Source>;
  readonly directories: OpenDirectories;
}

/** Follows every server of every responding host, by one event stream each. */
export class LiveHub<Source extends LiveSource> {
  readonly #parts: HubParts<Source>;
  readonly #links = new Map<string, Map<string, Followed<Source>>>();
  readonly #closing = new Set<Promise<void>>();
  readonly #askedAt = new Map<string, number>();
  readonly #questions = new Map<string, NodeJS.Timeout>();
  #closed = false;

  constructor(parts: HubParts<Source>) {
    this.#parts = parts;
  }

  /**
   * Called when a host has answered: follows its new servers, unfollows those that are gone, and asks the others for
   * missed events.
   */
  follow(host: Host, snapshot: Snapshot): void {
    if (this.#closed) return;
    const { alias } = host;
    const links = this.#links.get(alias) ?? new Map<string, Followed<Source>>();
    this.#links.set(alias, links);
    const running = new Map(snapshot.servers.map((server) => [serverKey(server), server]));
    for (const [key, { link }] of links) {
      const server = running.get(key);
      if (server === undefined || !isReachedAlike(link.server, server)) this.#end(alias, key, link);
    }
    for (const [key, server] of running) {
      const followed = links.get(key);
      if (followed === undefined) this.#begin(host, key, server, links);
      else void followed.link.repair(() => followed.directories.missed(this.#known(alias)));
    }
  }

  /** Called when a host cannot be reached: drops the state of its servers. */
  leave(alias: string): void {
    for (const [key, { link }] of this.#links.get(alias) ?? []) this.#end(alias, key, link);
  }

  /** Resolves once every server is either followed or known not to be. */
  async settled(): Promise<void> {
    const links = [...this.#links.values()].flatMap((ofHost) => [...ofHost.values()]);
    await Promise.all(links.map(({ link }) => link.settled));
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#questions.values()) clearTimeout(timer);
    for (const alias of this.#links.keys()) this.leave(alias);
    await Promise.allSettled(this.#closing);
  }

  #begin(host: Host, key: string, server: Server, links: Map<string, Followed<Source>>): void {
    const { report, clock } = this.#parts;
    const { alias } = host;
    // Ignores events of an ended link.
    const isCurrent = () => this.#links.get(alias)?.get(key)?.link === link;
    const directories = new OpenDirectories(server);
    let wasLive = false;
    /** When the server first responded. */
    let followedFrom: number | null = null;
    const link = new LiveLink(host, server, {
      ...this.#parts,
      directories: () => directories.open(this.#known(alias)),
      busy: () => busyDirectories(this.#known(alias), key),
      listener: {
        linked: (state) => {
          if (!isCurrent()) return;
          report({ kind: 'linked', alias, server: key, link: state });
          if (wasLive && state.state !== 'live') this.#askAgain(alias);
          wasLive = state.state === 'live';
          followedFrom = isFollowed(state.state) ? state.since : null;
        },
        reported: (events) => {
          if (isCurrent()) report({ kind: 'reported', alias, server: key, events, at: clock() });
        },
        read: (reading) => {
          if (!isCurrent()) return;
          directories.note(reading);
          report({ kind: 'read', alias, server: key, reading, at: clock() });
          if (isOutdated(this.#known(alias), reading, followedFrom)) this.#askAgain(alias);
        },
      },
    });
    links.set(key, { link, directories });
    link.start();
  }

  #end(alias: string, key: string, link: LiveLink<Source>): void {
    this.#links.get(alias)?.delete(key);
    this.#parts.report({ kind: 'unlinked', alias, server: key });
    const closing = link.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    this.#parts.forget(alias, link.server);
  }

  /** Surveys the host at once, or as soon as the pause since the last survey is over. */
  #askAgain(alias: string): void {
    if (this.#closed || this.#questions.has(alias)) return;
    const ask = () => {
      this.#questions.delete(alias);
      this.#askedAt.set(alias, this.#parts.clock());
      this.#parts.askAgain(alias);
    };
    const wait = (this.#askedAt.get(alias) ?? Number.NEGATIVE_INFINITY) + ASK_PAUSE_MS - this.#parts.clock();
    if (wait <= 0) ask();
    else this.#questions.set(alias, setTimeout(ask, wait));
  }

  #known(alias: string): KnownHost {
    const entry = this.#parts.entryOf(alias);
    return { snapshot: entry?.snapshot ?? null, live: entry?.live ?? NOTHING_LIVE };
  }
}

/**
 * True if the database was read before the server first answered, and shows an open turn that the server does not report. That turn may have ended in
 * between, and no event will say so.
 */
function isOutdated({ snapshot }: KnownHost, { statuses }: LiveReading, followedFrom: number | null): boolean {
  if (snapshot === null || followedFrom === null || snapshot.at >= followedFrom) return false;
  return snapshot.sessions.some(({ id, turn, archived }) => turn === 'open' && archived === null && !statuses.has(id));
}

/** Returns the directories of the sessions that a server works on, and of those it mentioned without ever reporting work. */
function busyDirectories({ snapshot, live }: KnownHost, key: string): readonly string[] {
  const sessions = snapshot?.sessions ?? [];
  const places = placesOf(sessions);
  const found = new Set<string>();
  for (const [id, { server, status, since, heardAt }] of live.sessions) {
    const session = sessions[places.get(id) ?? -1];
    if (server !== key || session === undefined) continue;
    if (isAtWork(status) || (session.turn === 'open' && heardAt > since)) found.add(session.directory);
  }
  return [...found];
}
