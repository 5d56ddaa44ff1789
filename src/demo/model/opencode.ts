import type { ProjectSeed } from '../seeds/seed.ts';
import type { Ids } from './ids.ts';
import type { DemoChange, DemoMessage, DemoRequest, DemoSession, DemoStatus, DemoTodo } from './session.ts';

export interface DemoEvent {
  readonly directory: string;
  readonly payload: {
    readonly id: string;
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
  };
}

/** A session with everything that belongs to it. */
export interface Kept {
  readonly session: DemoSession;
  readonly project: ProjectSeed;
  messages: DemoMessage[];
  todos: DemoTodo[];
  changes: DemoChange[];
  /** `null` at rest. */
  status: DemoStatus | null;
}

export interface DemoProject {
  readonly id: string;
  readonly worktree: string;
  readonly seed: ProjectSeed;
}

/** What one simulated opencode knows: its sessions, what they ask, and who listens to its events. */
export class DemoOpencode {
  readonly version: string;
  readonly projects: readonly DemoProject[];
  readonly ids: Ids;
  readonly kept = new Map<string, Kept>();
  /** Deleted in this run, so that they can be brought back. */
  readonly removed = new Map<string, Kept>();
  readonly requests = new Map<string, DemoRequest>();
  readonly now: () => number;
  readonly #listeners = new Set<(event: DemoEvent) => void>();
  readonly #stored = new Set<(kept: Kept | null) => void>();

  constructor(parts: Pick<DemoOpencode, 'version' | 'projects' | 'ids' | 'now'>) {
    this.version = parts.version;
    this.projects = parts.projects;
    this.ids = parts.ids;
    this.now = parts.now;
  }

  /** Calls the listener with each event. Returns a function that stops this. */
  listen(listener: (event: DemoEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls the listener whenever the database has to be written. */
  onStore(listener: (kept: Kept | null) => void): void {
    this.#stored.add(listener);
  }

  /** Writes the list of sessions to the database, and the messages of one that changed. Comes before the events, as in opencode. */
  store(kept: Kept | null): void {
    for (const listener of this.#stored) listener(kept);
  }

  emit(directory: string, type: string, properties: Readonly<Record<string, unknown>>): void {
    if (this.#listeners.size === 0) return;
    const event = { directory, payload: { id: this.ids.make('evt', this.now()), type, properties } };
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells the session's facts. */
  tell(kept: Kept, type: 'session.created' | 'session.updated' = 'session.updated'): void {
    this.emit(kept.session.directory, type, { sessionID: kept.session.id, info: kept.session });
  }

  setStatus(kept: Kept, status: DemoStatus | null): void {
    kept.status = status;
    const { id: sessionID, directory } = kept.session;
    this.emit(directory, 'session.status', { sessionID, status: status ?? { type: 'idle' } });
    if (status === null) this.emit(directory, 'session.idle', { sessionID });
  }

  ask(request: DemoRequest): void {
    this.requests.set(request.id, request);
    const { kind, ...properties } = request;
    this.emit(this.kept.get(request.sessionID)?.session.directory ?? '/', `${kind}.asked`, properties);
  }

  /** Removes a request that was answered. Returns `null` if it is not pending. */
  settle(id: string, type: string, properties: Readonly<Record<string, unknown>>): DemoRequest | null {
    const request = this.requests.get(id);
    if (request === undefined) return null;
    this.requests.delete(id);
    const directory = this.kept.get(request.sessionID)?.session.directory ?? '/';
    this.emit(directory, type, { sessionID: request.sessionID, requestID: id, ...properties });
    return request;
  }

  requestOf(sessionId: string): DemoRequest | null {
    return [...this.requests.values()].find(({ sessionID }) => sessionID === sessionId) ?? null;
  }

  childrenOf(id: string): readonly Kept[] {
    return [...this.kept.values()].filter(({ session }) => session.parentID === id);
  }
}
