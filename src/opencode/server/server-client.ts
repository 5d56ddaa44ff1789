import * as z from 'zod';
import type { LiveEvent, LiveReading } from '../../domain/live.ts';
import type { Session } from '../../domain/session.ts';
import type { FileChange, TodoItem, TranscriptMessage } from '../../domain/transcript.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import { onAbort } from '../../lib/abort.ts';
import { readExports, readNow, type SessionExport } from '../export-import.ts';
import {
  type AgentChoice,
  type ModelChoice,
  parseAgents,
  parseConfiguredModel,
  parseProviders,
} from './catalog-shape.ts';
import { EventReader } from './event-reader.ts';
import { readEvents } from './event-stream.ts';
import { FirstSeen } from './first-seen.ts';
import { listQuietly } from './list-quietly.ts';
import { listSessions } from './list-sessions.ts';
import { type EventSource, readRawEvents } from './raw-events.ts';
import { readChanges } from './read-changes.ts';
import { readLive, readRequests } from './read-live.ts';
import { listSavedRules, type SavedRule } from './saved-rules.ts';
import { ServerActs } from './server-acts.ts';
import { encodeDirectory, ServerCalls, type ServerClientOptions } from './server-calls.ts';
import { ServerError } from './server-error.ts';
import { checkSession } from './session-shape.ts';
import type { TranscriptEvent } from './transcript-event.ts';
import { parseMessages, parseTodos } from './transcript-shape.ts';
import { TranscriptWatchers } from './transcript-watchers.ts';
import { readTurnMessages, type TurnMessage } from './turn-messages.ts';

/** Milliseconds after the first request of a health check at which it is repeated. */
const HEALTH_REPEATED_AFTER_MS = [2000, 6000, 14_000] as const;

export interface ServerHealth {
  readonly version: string;
  /** The second on the server's clock when it answered, epoch milliseconds; `null` if it does not tell. */
  readonly now?: number | null;
}

/**
 * A client of one opencode server, over streams opened by its host's transport. Every request has a timeout, can be
 * aborted, and rejects with a ServerError. Responses are validated.
 */
export class ServerClient extends ServerActs {
  readonly #events: ServerCalls;
  readonly #firstSeen: FirstSeen;
  readonly #watchers = new TranscriptWatchers();
  readonly #reader: EventReader;

  constructor(options: ServerClientOptions) {
    super(options);
    // Events have connections of their own, so that none is missing for requests.
    this.#events = new ServerCalls(options);
    this.#firstSeen = new FirstSeen(options.clock);
    this.#reader = new EventReader({ clock: options.clock, firstSeen: this.#firstSeen, watchers: this.#watchers });
  }

  /**
   * Sends a second request while the first is unanswered: a server that has just begun to listen never answers some
   * (seen with 1.18.33).
   */
  async health(signal: AbortSignal): Promise<ServerHealth> {
    const over = new AbortController();
    const release = onAbort(signal, () => over.abort());
    const first = Promise.withResolvers<ServerHealth>();
    const ask = () => void this.#askHealth(over.signal).then(first.resolve, first.reject);
    const timers = HEALTH_REPEATED_AFTER_MS.map((delay) => setTimeout(ask, delay));
    ask();
    try {
      return await first.promise;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      release();
      over.abort();
    }
  }

  async #askHealth(signal: AbortSignal): Promise<ServerHealth> {
    const schema = z.object({ version: z.string() });
    return await this.calls.call(
      (sdk, options) => sdk.global.health(options),
      (data, { headers }) => ({ ...schema.parse(data), now: Date.parse(headers.get('date') ?? '') || null }),
      signal,
    );
  }

  /** True if an opencode answers that serves only `/api`, as opencode 2 does. Never rejects. */
  async servesOnlyApi(signal: AbortSignal): Promise<boolean> {
    const schema = z.object({ healthy: z.boolean() });
    const health = this.calls.call(
      (sdk, options) => sdk.v2.health.get(options),
      (data) => schema.parse(data),
      signal,
    );
    return (await health.catch(() => null)) !== null;
  }

  /** @param page sessions asked for at once */
  async sessions(signal: AbortSignal, page?: number): Promise<readonly Session[]> {
    return await listSessions(this.calls, signal, page);
  }

  /** Lists the same as `sessions`, and boots no directory in a server of 1.18 or newer. */
  async sessionsQuietly(signal: AbortSignal, page?: number): Promise<readonly Session[]> {
    return await listQuietly(this.calls, signal, page);
  }

  /** Returns `null` if it does not exist. */
  async session(id: string, directory: string, signal: AbortSignal): Promise<Session | null> {
    try {
      const query = { sessionID: id, directory: encodeDirectory(directory) };
      const found = await this.calls.call((sdk, options) => sdk.session.get(query, options), checkSession, signal);
      return await this.projectBook.toSession(found, signal);
    } catch (error) {
      if (error instanceof ServerError && error.kind === 'not-found') return null;
      throw error;
    }
  }

  /** Worktrees of all projects. */
  async projects(signal: AbortSignal): Promise<readonly string[]> {
    return await this.projectBook.list(signal);
  }

  /** Worktrees of all projects by id. */
  async projectIds(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    return await this.projectBook.byId(signal);
  }

  /** Lists the saved rules of these projects; `null` if the server keeps no list. See `saved-rules.ts`. */
  async rules(projectIds: readonly string[], signal: AbortSignal): Promise<readonly SavedRule[] | null> {
    return await listSavedRules(this.calls, projectIds, signal);
  }

  async read(directories: readonly string[], signal: AbortSignal): Promise<LiveReading> {
    return await readLive(this.calls, this.#firstSeen, directories, signal);
  }

  async requests(directory: string, signal: AbortSignal): Promise<readonly UserRequest[]> {
    return await readRequests(this.calls, this.#firstSeen, directory, signal);
  }

  /** See `readEvents`. At most one is read at a time. */
  async *events(signal: AbortSignal): AsyncGenerator<readonly LiveEvent[], void> {
    yield* readEvents(this.#events, this.#reader, signal);
  }

  /** See `readRawEvents`. Each stream has a connection of its own. */
  async *rawEvents(source: EventSource, signal: AbortSignal, onOpen?: () => void): AsyncGenerator<unknown, void> {
    yield* readRawEvents(this.#events, source, signal, onOpen);
  }

  /** Follows the messages of a session for as long as `events` is read. Returns a function that stops it. */
  watchMessages(sessionId: string, listener: (event: TranscriptEvent) => void): () => void {
    return this.#watchers.add(sessionId, listener);
  }

  /** The newest `limit` messages, oldest first. */
  async messages(
    id: string,
    directory: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly TranscriptMessage[]> {
    const query = { sessionID: id, directory: encodeDirectory(directory), limit };
    return await this.calls.call((sdk, options) => sdk.session.messages(query, options), parseMessages, signal);
  }

  /** The newest `limit` messages, oldest first, as far as a turn is followed by them. */
  async turnMessages(
    session: { readonly id: string; readonly directory: string },
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly TurnMessage[]> {
    return await readTurnMessages(this.calls, session, limit, signal);
  }

  /** Asks the server where it runs, and its user's home. Boots the directory that it was started in. */
  async places(signal: AbortSignal): Promise<{ readonly home: string; readonly directory: string }> {
    const schema = z.object({ home: z.string(), directory: z.string() });
    return await this.calls.call(
      (sdk, options) => sdk.path.get({}, options),
      (data) => schema.parse(data),
      signal,
    );
  }

  /** True if a directory exists on the server's host and can be read. Boots it. */
  async hasDirectory(directory: string, signal: AbortSignal): Promise<boolean> {
    try {
      const query = { directory: encodeDirectory(directory), path: '.' };
      await this.calls.call(
        (sdk, options) => sdk.file.list(query, options),
        () => {},
        signal,
      );
      return true;
    } catch (error) {
      if (error instanceof ServerError && (error.kind === 'http' || error.kind === 'not-found')) return false;
      throw error;
    }
  }

  async todos(id: string, directory: string, signal: AbortSignal): Promise<readonly TodoItem[]> {
    const query = { sessionID: id, directory: encodeDirectory(directory) };
    return await this.calls.call((sdk, options) => sdk.session.todo(query, options), parseTodos, signal);
  }

  async changes(id: string, directory: string, signal: AbortSignal): Promise<readonly FileChange[]> {
    return await readChanges(this.calls, { id, directory }, signal);
  }

  /** Reads a session and its subagents' sessions, itself first, as `opencode export` prints them. */
  async exportSessions(
    session: { readonly id: string; readonly directory: string },
    signal: AbortSignal,
  ): Promise<readonly SessionExport[]> {
    return await readExports(this.calls, session, signal);
  }

  /** Reads a session as it is now, see `readNow`. */
  async sessionNow(
    session: { readonly id: string; readonly directory: string },
    signal: AbortSignal,
  ): Promise<{ readonly info: unknown; readonly messages: readonly unknown[] }> {
    return await readNow(this.calls, session, signal);
  }

  async agents(directory: string, signal: AbortSignal): Promise<readonly AgentChoice[]> {
    const query = { directory: encodeDirectory(directory) };
    return await this.calls.call((sdk, options) => sdk.app.agents(query, options), parseAgents, signal);
  }

  /** Returns the models to pick from, and the default one; `null` if that is unknown. */
  async models(
    directory: string,
    signal: AbortSignal,
  ): Promise<{ models: readonly ModelChoice[]; default: string | null }> {
    const query = { directory: encodeDirectory(directory) };
    const [{ models, defaults }, configured] = await Promise.all([
      this.calls.call((sdk, options) => sdk.config.providers(query, options), parseProviders, signal),
      this.calls.call((sdk, options) => sdk.config.get(query, options), parseConfiguredModel, signal),
    ]);
    const [only, ...others] = defaults;
    return { models, default: configured ?? (others.length === 0 ? (only ?? null) : null) };
  }

  /** Closes the client: pending requests reject. */
  async close(): Promise<void> {
    await Promise.all([this.calls.close(), this.#events.close()]);
  }
}
