import { boundFacts, hasRoomFor, MAX_SESSIONS } from './host-bounds.ts';
import {
  isAtWork,
  type LiveEvent,
  type LiveHost,
  type LiveSession,
  type LiveStatus,
  type PendingRequest,
  type SessionFacts,
  type Settlement,
  type TurnEnd,
} from './live.ts';
import { newSession } from './new-session.ts';
import type { Session, Turn } from './session.ts';
import { MAX_LEVELS } from './session-levels.ts';
import { keepPlaces, placesOf } from './session-places.ts';
import { turnEndedAt } from './turn-end.ts';

/** A host's sessions, as read and as updated by its servers. */
export interface LiveView {
  readonly sessions: readonly Session[];
  readonly live: LiveHost;
  /** The host's clock minus this machine's, milliseconds; 0 if omitted. */
  readonly clockOffset?: number;
}

/** Milliseconds within which another sign of life changes nothing. */
const HEARD_STEP_MS = 1000;
/** Answers kept per host. */
const MAX_SETTLED = 50;

/** Applies one server's events to a view. Parts without a change stay the same object. */
export class LiveDraft {
  readonly #view: LiveView;
  readonly #server: string;
  readonly #at: number;
  #places: ReadonlyMap<string, number>;
  /** Set once a session was added: the places of a list are shared by all its readers. */
  #ownPlaces: Map<string, number> | undefined;
  #sessions: Session[] | undefined;
  #live: Map<string, LiveSession> | undefined;
  #requests: Map<string, PendingRequest> | undefined;
  #deleted: Map<string, number> | undefined;
  #changed: Map<string, number> | undefined;
  #ends: Map<string, TurnEnd> | undefined;
  #settled: Map<string, Settlement> | undefined;
  #isCut: boolean;

  constructor(view: LiveView, server: string, at: number) {
    this.#view = view;
    this.#server = server;
    this.#at = at;
    this.#isCut = view.live.isCut;
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
        if (this.#isOthers(event.sessionId)) return;
        this.#endTurn(event.sessionId, 'failed');
        this.#change(event.sessionId, () => ({ turn: 'failed', error: event.name, endedAt: this.#hostNow }));
        return this.#hear(event.sessionId, {});
      case 'asked':
        return this.#ask({ server: this.#server, request: event.request });
      case 'settled':
        this.#settled ??= new Map([...this.#view.live.settled].slice(-MAX_SETTLED));
        this.#settled.set(event.requestId, event.how);
        this.#settle(event.requestId);
        // The session continues, and was not stalled while it waited for the user.
        return this.isAtWork(event.sessionId) ? this.#hear(event.sessionId, {}) : undefined;
      case 'todo':
        return this.#hear(event.sessionId, { todo: { done: event.done, total: event.total } });
      case 'message':
        this.#beginTurn(event.sessionId);
        this.#change(event.sessionId, ({ messages }) => ({
          turn: this.#turnAfter(event),
          error: null,
          endedAt: undefined,
          messages: messages === null ? null : messages + 1,
        }));
        return this.#hear(event.sessionId, {});
      case 'activity':
        return this.#hear(event.sessionId, {});
    }
  }

  /** Records that the server does not work on a session, whatever the database says about its turn. */
  rest(id: string): void {
    if (this.isAtWork(id)) return;
    this.#live ??= new Map(this.#view.live.sessions);
    const todo = this.#live.get(id)?.todo ?? null;
    this.#live.set(id, { server: this.#server, status: { kind: 'idle' }, since: this.#at, heardAt: this.#at, todo });
  }

  /** A user's message does not open a turn: the server reports when it starts to work on it. */
  #turnAfter({ sessionId, role }: { readonly sessionId: string; readonly role: 'user' | 'assistant' }): Turn {
    return role === 'assistant' || this.isAtWork(sessionId) ? 'open' : 'queued';
  }

  /** Records that the host has more requests than are kept. */
  cut(): void {
    this.#isCut = true;
  }

  isAtWork(id: string): boolean {
    return isAtWork((this.#live ?? this.#view.live.sessions).get(id)?.status);
  }

  /** Drops this server's requests in those directories, except the ones with these ids. */
  keepRequests(directories: ReadonlySet<string>, ids: ReadonlySet<string>): void {
    if (directories.size > 0) this.#isCut = false;
    for (const [id, { server, request }] of this.#view.live.requests) {
      if (server === this.#server && directories.has(request.directory) && !ids.has(id)) this.#settle(id);
    }
  }

  end(): LiveView {
    const { sessions, live } = this.#view;
    const after = this.#sessions?.filter(({ id }) => !this.#deleted?.has(id)) ?? sessions;
    if (this.#sessions !== undefined && this.#deleted === undefined) keepPlaces(after, this.#places);
    const news = {
      ...(this.#live && { sessions: this.#live }),
      ...(this.#requests && { requests: this.#requests }),
      ...(this.#deleted && { deleted: this.#deleted }),
      ...(this.#changed && { changed: this.#changed }),
      ...(this.#ends && { ends: this.#ends }),
      ...(this.#settled && { settled: this.#settled }),
      ...(this.#isCut !== live.isCut && { isCut: this.#isCut }),
    };
    return { ...this.#view, sessions: after, live: Object.keys(news).length === 0 ? live : { ...live, ...news } };
  }

  /** The current time on the host's clock. */
  get #hostNow(): number {
    return this.#at + (this.#view.clockOffset ?? 0);
  }

  #row(id: string): Session | undefined {
    return (this.#sessions ?? this.#view.sessions)[this.#places.get(id) ?? -1];
  }

  /** True if another server works on it. */
  #isOthers(id: string): boolean {
    return this.isAtWork(id) && (this.#live ?? this.#view.live.sessions).get(id)?.server !== this.#server;
  }

  #tell(told: SessionFacts): void {
    const facts = boundFacts(told);
    const row = this.#row(facts.id);
    if (row === undefined) {
      if ((this.#sessions ?? this.#view.sessions).length >= MAX_SESSIONS) return;
      this.#sessions ??= [...this.#view.sessions];
      this.#ownPlaces ??= new Map(this.#places);
      this.#places = this.#ownPlaces.set(facts.id, this.#sessions.length);
      this.#sessions.push(newSession(facts, this.#view.sessions));
      this.#note(facts.id);
      // The session was restored.
      if (this.#view.live.deleted.has(facts.id)) this.#undelete(facts.id);
    } else {
      this.#keepEnd(row, facts.updated);
      this.#change(facts.id, () => facts);
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
    this.#beginTurn(id);
    for (const [requestId, { request }] of this.#requests ?? this.#view.live.requests) {
      if (request.sessionId === id) this.#settle(requestId);
    }
  }

  #undelete(id: string): void {
    this.#deleted ??= new Map(this.#view.live.deleted);
    this.#deleted.delete(id);
  }

  #setStatus(id: string, status: LiveStatus): void {
    if (status.kind === 'idle') {
      if (this.#isOthers(id)) return;
      this.#endTurn(id, 'ended');
      this.#change(id, ({ turn }) => (turn === 'open' ? { turn: 'ended', endedAt: this.#hostNow } : {}));
    } else {
      this.#beginTurn(id);
      this.#change(id, ({ turn }) => (turn === 'open' ? {} : { turn: 'open', error: null, endedAt: undefined }));
    }
    this.#hear(id, { status });
  }

  #endOf(id: string): TurnEnd | undefined {
    return (this.#ends ?? this.#view.live.ends).get(id);
  }

  #setEnd(id: string, end: TurnEnd): void {
    this.#ends ??= new Map(this.#view.live.ends);
    this.#ends.set(id, end);
  }

  #beginTurn(id: string): void {
    if (this.#endOf(id) === undefined) return;
    this.#ends ??= new Map(this.#view.live.ends);
    this.#ends.delete(id);
  }

  /** Keeps the end of the last turn when an idle session is renamed, shared or touched by a prompt. */
  #keepEnd(row: Session, updated: number): void {
    const known = this.#endOf(row.id);
    if (row.turn === 'open' || this.isAtWork(row.id) || updated <= Math.max(row.updated, known?.until ?? 0)) return;
    this.#setEnd(row.id, { endedAt: turnEndedAt(row, known), reported: known?.reported ?? false, until: updated });
  }

  /** Records when a turn ended. Call it before the session's own change is applied. */
  #endTurn(id: string, how: 'ended' | 'failed'): void {
    const row = this.#row(id);
    const known = this.#endOf(id);
    if (row === undefined) return;
    const isNews = how === 'failed' || row.turn === 'open' || this.isAtWork(id);
    // An error ends a turn, and the `idle` event comes after it.
    if (known?.reported && (how === 'failed' ? row.turn === 'failed' : row.turn !== 'open')) return;
    const now = this.#hostNow;
    const endedAt = isNews ? now : turnEndedAt(row, known);
    this.#setEnd(id, { endedAt, reported: true, until: Math.max(row.updated, endedAt, known?.until ?? 0) });
  }

  #ask(pending: PendingRequest): void {
    const { id } = pending.request;
    const known = this.#requests ?? this.#view.live.requests;
    if (!known.has(id) && !hasRoomFor(pending.request, known)) {
      this.#isCut = true;
      return;
    }
    this.#requests ??= new Map(known);
    const since = this.#requests.get(id)?.request.since ?? pending.request.since;
    this.#requests.set(id, { ...pending, request: { ...pending.request, since } });
    this.#hear(pending.request.sessionId, {}, { takes: true });
  }

  #settle(id: string): void {
    if (!(this.#requests ?? this.#view.live.requests).has(id)) return;
    this.#requests ??= new Map(this.#view.live.requests);
    this.#requests.delete(id);
  }

  /** @param takes true if this server works on the session now, whichever did before */
  #hear(
    id: string,
    news: Partial<Pick<LiveSession, 'status' | 'todo'>>,
    { takes = news.status !== undefined, levels = MAX_LEVELS } = {},
  ): void {
    // A subagent's activity counts for its parent, which is silent meanwhile.
    const parent = this.#row(id)?.parentId;
    if (parent && levels > 0 && this.isAtWork(parent)) this.#hear(parent, {}, { levels: levels - 1 });
    const known = (this.#live ?? this.#view.live.sessions).get(id);
    const server = known !== undefined && !takes && this.#isOthers(id) ? known.server : this.#server;
    const isRepeated = news.status === undefined && news.todo === undefined && known?.server === server;
    if (isRepeated && this.#at - known.heardAt < HEARD_STEP_MS) return;
    const status = news.status ?? known?.status ?? { kind: 'idle' };
    const since = known?.status.kind === status.kind ? known.since : this.#at;
    this.#live ??= new Map(this.#view.live.sessions);
    this.#live.set(id, { server, status, since, heardAt: this.#at, todo: news.todo ?? known?.todo ?? null });
  }

  #change(id: string, change: (session: Session) => Partial<Session>): void {
    const place = this.#places.get(id);
    const session = this.#row(id);
    if (place === undefined || session === undefined) return;
    const changes = change(session);
    if (isSame(session, changes)) return;
    this.#sessions ??= [...this.#view.sessions];
    this.#sessions[place] = { ...session, ...changes };
    this.#note(id);
  }

  #note(id: string): void {
    this.#changed ??= new Map(this.#view.live.changed);
    this.#changed.set(id, this.#at);
  }
}

function isSame(session: Session, changes: Partial<Session>): boolean {
  return Object.entries(changes).every(([name, value]) => session[name as keyof Session] === value);
}
