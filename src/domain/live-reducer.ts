import type {
  LiveEvent,
  LiveHost,
  LiveReading,
  LiveSession,
  LiveStatus,
  PendingRequest,
  SessionFacts,
  Settlement,
} from './live.ts';
import type { ServerLink } from './server.ts';
import type { Session, Turn } from './session.ts';

/** What is known of a host's sessions: as they were read, and as its servers tell since. */
export interface LiveView {
  readonly sessions: readonly Session[];
  readonly live: LiveHost;
}

/** Milliseconds within which being heard of again changes nothing. */
const HEARD_STEP = 1000;
/** Subagents of subagents, at most: what a server says of them may go in a circle. */
const LEVELS = 20;
/** Answers that are remembered. */
const SETTLED_KEPT = 50;

/** What a server told, in its order, at a time (epoch milliseconds, this machine's clock). */
export function applyLiveEvents(view: LiveView, server: string, events: readonly LiveEvent[], at: number): LiveView {
  const draft = new Draft(view, server, at);
  for (const event of events) draft.apply(event);
  return draft.end();
}

/** What a server answered when it was asked: sessions that it does not name are idle, requests that it does not name are gone. */
export function applyLiveReading(view: LiveView, server: string, reading: LiveReading, at: number): LiveView {
  const draft = new Draft(view, server, at);
  const asked = new Set(reading.directories);
  const isLive = view.live.servers.get(server)?.state === 'live';
  for (const { id, directory } of view.sessions) {
    if (!asked.has(directory)) continue;
    const status = reading.statuses.get(id);
    const isKnown = isLive && status?.kind === 'busy' && isBusyOn(view.live.sessions.get(id), server);
    // That it still works is no word of it: from a server whose events arrive only those tell that it has not stalled.
    if (isKnown) continue;
    if (status !== undefined) draft.apply({ kind: 'status', sessionId: id, status });
    else if (view.live.sessions.get(id)?.server === server && draft.isAtWork(id))
      draft.apply({ kind: 'status', sessionId: id, status: { kind: 'idle' } });
  }
  draft.keepRequests(asked, new Set(reading.requests.map(({ id }) => id)));
  for (const request of reading.requests) draft.apply({ kind: 'asked', request });
  return draft.end();
}

function isBusyOn(told: LiveSession | undefined, server: string): boolean {
  return told?.server === server && told.status.kind === 'busy';
}

/** How far it has come with a server. Of one that is neither live nor polled any more nothing is known but that. */
export function applyLink(live: LiveHost, key: string, link: ServerLink): LiveHost {
  const kept = link.state === 'live' || link.state === 'polled' ? live : withoutWordsOf(live, key);
  return { ...kept, servers: new Map(kept.servers).set(key, link) };
}

/** Forgets a server that does not run any more. */
export function applyUnlink(live: LiveHost, key: string): LiveHost {
  if (!live.servers.has(key)) return live;
  const servers = new Map(live.servers);
  servers.delete(key);
  return { ...withoutWordsOf(live, key), servers };
}

/**
 * Sessions as they were just read, with what the servers told while they were being read. `askedAt` is when the reading began.
 */
export function mergeReading(before: LiveView, read: readonly Session[], askedAt: number): LiveView {
  const { sessions: told, deleted } = before.live;
  const known = new Map<string, Session>();
  for (const session of before.sessions) {
    if ((told.get(session.id)?.heardAt ?? 0) >= askedAt) known.set(session.id, session);
  }
  const gone = [...deleted].filter(([, at]) => at >= askedAt);
  if (known.size === 0 && gone.length === 0) {
    return { sessions: read, live: deleted.size === 0 ? before.live : { ...before.live, deleted: new Map() } };
  }
  const isGone = new Set(gone.map(([id]) => id));
  const listed = new Set(read.map(({ id }) => id));
  const sessions = read.filter(({ id }) => !isGone.has(id)).map((session) => known.get(session.id) ?? session);
  for (const [id, session] of known) if (!listed.has(id)) sessions.push(session);
  return { sessions, live: { ...before.live, deleted: new Map(gone) } };
}

function withoutWordsOf(live: LiveHost, key: string): LiveHost {
  const sessions = new Map([...live.sessions].filter(([, { server }]) => server !== key));
  const requests = new Map([...live.requests].filter(([, { server }]) => server !== key));
  return { ...live, sessions, requests };
}

/** A view that is being changed. What nothing was said of stays the same object. */
class Draft {
  readonly #view: LiveView;
  readonly #server: string;
  readonly #at: number;
  readonly #places: Map<string, number>;
  #sessions: Session[] | undefined;
  #live: Map<string, LiveSession> | undefined;
  #requests: Map<string, PendingRequest> | undefined;
  #deleted: Map<string, number> | undefined;
  #settled: Map<string, Settlement> | undefined;

  constructor(view: LiveView, server: string, at: number) {
    this.#view = view;
    this.#server = server;
    this.#at = at;
    this.#places = placesOf(view.sessions);
  }

  apply(event: LiveEvent): void {
    switch (event.kind) {
      case 'session':
        return this.#tell(event.facts);
      case 'deleted':
        return this.#delete(event.sessionId);
      case 'status':
        return this.#setStatus(event.sessionId, event.status);
      case 'error':
        this.#change(event.sessionId, () => ({ turn: 'failed', error: event.name }));
        return this.#hear(event.sessionId, {});
      case 'asked':
        return this.#ask({ server: this.#server, request: event.request });
      case 'settled':
        this.#settled ??= new Map([...this.#view.live.settled].slice(-SETTLED_KEPT));
        this.#settled.set(event.requestId, event.how);
        this.#settle(event.requestId);
        // It goes on: however long it has waited for the person, it has not stalled.
        return this.isAtWork(event.sessionId) ? this.#hear(event.sessionId, {}) : undefined;
      case 'todo':
        return this.#hear(event.sessionId, { todo: { done: event.done, total: event.total } });
      case 'message':
        this.#change(event.sessionId, ({ messages }) => ({ messages: messages === null ? null : messages + 1 }));
        return this.#hear(event.sessionId, {});
      case 'activity':
        return this.#hear(event.sessionId, {});
    }
  }

  isAtWork(id: string): boolean {
    const kind = (this.#live ?? this.#view.live.sessions).get(id)?.status.kind;
    return kind === 'busy' || kind === 'retry';
  }

  /** Of this server's requests in those directories, keeps the ones with these ids. */
  keepRequests(directories: ReadonlySet<string>, ids: ReadonlySet<string>): void {
    for (const [id, { server, request }] of this.#view.live.requests) {
      if (server === this.#server && directories.has(request.directory) && !ids.has(id)) this.#settle(id);
    }
  }

  end(): LiveView {
    const { sessions, live } = this.#view;
    const changed = this.#live ?? this.#requests ?? this.#deleted ?? this.#settled;
    return {
      sessions: this.#sessions?.filter(({ id }) => !this.#deleted?.has(id)) ?? sessions,
      live:
        changed === undefined
          ? live
          : {
              servers: live.servers,
              sessions: this.#live ?? live.sessions,
              requests: this.#requests ?? live.requests,
              deleted: this.#deleted ?? live.deleted,
              settled: this.#settled ?? live.settled,
            },
    };
  }

  #tell(facts: SessionFacts): void {
    if (this.#places.has(facts.id)) {
      this.#change(facts.id, () => facts);
    } else {
      this.#sessions ??= [...this.#view.sessions];
      this.#places.set(facts.id, this.#sessions.length);
      this.#sessions.push(newSession(facts, this.#view.sessions));
    }
    this.#hear(facts.id, {});
  }

  #delete(id: string): void {
    if (!this.#places.has(id)) return;
    this.#sessions ??= [...this.#view.sessions];
    this.#deleted ??= new Map(this.#view.live.deleted);
    this.#deleted.set(id, this.#at);
    this.#live ??= new Map(this.#view.live.sessions);
    this.#live.delete(id);
    for (const [requestId, { request }] of this.#requests ?? this.#view.live.requests) {
      if (request.sessionId === id) this.#settle(requestId);
    }
  }

  #setStatus(id: string, status: LiveStatus): void {
    if (status.kind === 'idle') this.#change(id, ({ turn }) => (turn === 'open' ? { turn: 'ended' } : {}));
    else this.#change(id, ({ turn }) => (turn === 'open' ? {} : { turn: 'open', error: null }));
    this.#hear(id, { status });
  }

  #ask(pending: PendingRequest): void {
    const { id } = pending.request;
    this.#requests ??= new Map(this.#view.live.requests);
    const since = this.#requests.get(id)?.request.since ?? pending.request.since;
    this.#requests.set(id, { ...pending, request: { ...pending.request, since } });
    this.#hear(pending.request.sessionId, {});
  }

  #settle(id: string): void {
    if (!(this.#requests ?? this.#view.live.requests).has(id)) return;
    this.#requests ??= new Map(this.#view.live.requests);
    this.#requests.delete(id);
  }

  #hear(id: string, news: Partial<Pick<LiveSession, 'status' | 'todo'>>, levels = LEVELS): void {
    // Who works for a session is heard for it as well: it says nothing itself meanwhile.
    const place = this.#places.get(id);
    const parent = place === undefined ? null : (this.#sessions ?? this.#view.sessions)[place]?.parentId;
    if (parent && levels > 0 && this.isAtWork(parent)) this.#hear(parent, {}, levels - 1);
    const known = (this.#live ?? this.#view.live.sessions).get(id);
    const quiet = news.status === undefined && news.todo === undefined;
    if (quiet && known !== undefined && this.#at - known.heardAt < HEARD_STEP) return;
    const status = news.status ?? known?.status ?? { kind: 'idle' };
    const since = known?.status.kind === status.kind ? known.since : this.#at;
    this.#live ??= new Map(this.#view.live.sessions);
    this.#live.set(id, {
      server: this.#server,
      status,
      since,
      heardAt: this.#at,
      todo: news.todo ?? known?.todo ?? null,
    });
  }

  #change(id: string, change: (session: Session) => Partial<Session>): void {
    const place = this.#places.get(id);
    const session = place === undefined ? undefined : (this.#sessions ?? this.#view.sessions)[place];
    if (place === undefined || session === undefined) return;
    const changes = change(session);
    if (isSame(session, changes)) return;
    this.#sessions ??= [...this.#view.sessions];
    this.#sessions[place] = { ...session, ...changes };
  }
}

function isSame(session: Session, changes: Partial<Session>): boolean {
  return Object.entries(changes).every(([name, value]) => session[name as keyof Session] === value);
}

const places = new WeakMap<readonly Session[], ReadonlyMap<string, number>>();

/** Where each session stands; a map of the caller's own. */
function placesOf(sessions: readonly Session[]): Map<string, number> {
  const known = places.get(sessions);
  if (known !== undefined) return new Map(known);
  const found = new Map(sessions.map(({ id }, index) => [id, index]));
  places.set(sessions, found);
  return new Map(found);
}

/** A session that nothing else is known of yet. */
function newSession(facts: SessionFacts, known: readonly Session[]): Session {
  const turn: Turn = 'ended';
  const neighbour = known.find(({ directory }) => directory === facts.directory);
  return {
    ...{ project: neighbour?.project ?? facts.directory, turn, error: null, agent: null, model: null, messages: 0 },
    ...{ cost: null, tokens: null, additions: null, deletions: null, files: null },
    ...facts,
  };
}
