import type { Host } from '../domain/host.ts';
import type { LiveEvent, LiveReading } from '../domain/live.ts';
import type { Server, ServerLink, ServerState } from '../domain/server.ts';
import { onAbort, sleep } from '../lib/abort.ts';
import { backOff } from '../lib/back-off.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { Flood, FloodGuard } from './flood-guard.ts';

/** The part of a client that a link needs. */
export interface LiveSource {
  /** Rejects with a ServerError. */
  health(signal: AbortSignal): Promise<{ readonly version: string }>;
  read(directories: readonly string[], signal: AbortSignal): Promise<LiveReading>;
  /** Batches in the order of the events; an empty one is a sign of life. Ends or rejects with the stream. */
  events(signal: AbortSignal): AsyncIterable<readonly LiveEvent[]>;
}

/** A link's reports, in this order. */
export interface LinkListener {
  linked(link: ServerLink): void;
  reported(events: readonly LiveEvent[]): void;
  read(reading: LiveReading): void;
}

export interface LinkParts<Source extends LiveSource> {
  /** Returns the shared client of a server. Rejects with a TransportError or a UserError. */
  borrow(host: Host, server: Server, signal: AbortSignal): Promise<Source>;
  /** Gives up a client that no longer works, for everyone who shares it. Never rejects. */
  discard(source: Source): Promise<void>;
  /** True if a request failed for lack of a password. */
  isUnauthorized(error: unknown): boolean;
  /** True if a request failed because the listener is not proven to be the user's server. */
  isUnproven(error: unknown): boolean;
  /** Directories where something may be going on. */
  directories(): readonly string[];
  /** Directories of the sessions that the server works on: it has opened them already. */
  busy(): readonly string[];
  readonly listener: LinkListener;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Milliseconds without a sign of life after which a stream counts as dead: opencode sends a heartbeat every ten seconds. */
export const SILENCE = 25_000;
/** Milliseconds that a server may take to say that it is there, when its stream has ended. */
const ALIVE_TIMEOUT_MS = 10_000;
/** Milliseconds between two comparisons of the sessions at work: an event may get lost on an intact stream. */
export const RECONCILE_MS = 5000;
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** A password is missing until the user adds it to the configuration. */
const MAX_PASSWORD_PAUSE_MS = 512_000;
/** Idempotent events, which may be repeated after a reading. */
const TOLD_AGAIN: ReadonlySet<LiveEvent['kind']> = new Set(['deleted', 'status', 'error', 'asked', 'settled']);

/**
 * Follows one server for as long as it runs: opens its event stream, asks for what it missed, and starts over when the
 * stream ends.
 */
export class LiveLink<Source extends LiveSource> {
  readonly #host: Host;
  readonly #parts: LinkParts<Source>;
  readonly #stop = new AbortController();
  #server: Server;
  #state: ServerState = 'connecting';
  #source: Source | null = null;
  #pause = new AbortController();
  #failures = 0;
  #healthy = false;
  #flooded = false;
  /** When it became live, on this machine's clock. */
  #liveFrom: number | null = null;
  /** For each reading in flight, the events since its start. */
  readonly #meanwhile = new Set<LiveEvent[]>();
  #readings = 0;
  #newestReading = 0;
  #ended: Promise<void> = Promise.resolve();
  readonly #settled = Promise.withResolvers<void>();

  constructor(host: Host, server: Server, parts: LinkParts<Source>) {
    this.#host = host;
    this.#server = server;
    this.#parts = parts;
  }

  start(): void {
    this.#ended = this.#run();
  }

  /** Resolves once the server is followed or known not to be. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** With its version, once known. */
  get server(): Server {
    return this.#server;
  }

  /** The client of the server; `null` while there is none. */
  get source(): Source | null {
    return this.#source;
  }

  /**
   * Called when the host has answered: asks for what the events do not report, and cuts a pause short. `missed` returns
   * directories to ask about while live.
   */
  async repair(missed: () => readonly string[]): Promise<void> {
    this.#pause.abort();
    const source = this.#source;
    if (source === null || (this.#state !== 'live' && this.#state !== 'polled')) return;
    const directories = this.#state === 'live' ? missed() : this.#parts.directories();
    if (directories.length === 0) return;
    try {
      await this.#read(source, directories, this.#stop.signal);
    } catch (error) {
      if (this.#stop.signal.aborted || source !== this.#source) return;
      this.#note('server not read', error);
      if (this.#state === 'polled') this.#tell('failed', messageOf(error));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#settled.resolve();
    this.#pause.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // A polled server stays `polled` while its stream is retried, and a missing password stays reported until there
      // is one.
      if (this.#state !== 'polled' && this.#state !== 'needs-password') this.#tell('connecting', null);
      this.#healthy = false;
      try {
        await this.#follow(signal);
        throw new Error('the stream of events ended');
      } catch (error) {
        if (!signal.aborted) await this.#fail(error);
      }
      this.#settled.resolve();
      await this.#rest();
    }
    if (this.#source !== null) await this.#parts.discard(this.#source);
    this.#source = null;
  }

  /** Until the stream ends. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { borrow, directories, clock } = this.#parts;
    // Requests may be under way through the one that is there.
    const source = this.#source ?? (await borrow(this.#host, this.#server, signal));
    this.#source = source;
    const { version } = await source.health(signal);
    this.#server = { ...this.#server, version };
    this.#healthy = true;
    const guard = new FloodGuard(clock);
    const silence = new AbortController();
    const stopWatching = onAbort(signal, () => silence.abort());
    let watchdog: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silence.abort(new Error('the stream of events fell silent')), SILENCE);
    };
    // Events that arrive during the catch-up are newer than its answer.
    let waiting: LiveEvent[] | null = null;
    let asking: Promise<void> | null = null;
    const stopReconciling = this.#reconcile(source, silence.signal, () => waiting === null && asking !== null);
    try {
      alive();
      for await (const events of source.events(silence.signal)) {
        alive();
        guard.count(events.length);
        if (asking === null) {
          const buffer: LiveEvent[] = [];
          waiting = buffer;
          const begin = () => {
            this.#liveFrom = clock();
            this.#flooded = false;
            this.#tell('live', null);
          };
          asking = this.#read(source, directories(), silence.signal, begin).then(
            () => {
              this.#hear(buffer);
              waiting = null;
              this.#settled.resolve();
            },
            (error: unknown) => silence.abort(error),
          );
        }
        if (waiting !== null) waiting.push(...events);
        else this.#hear(events);
      }
      await asking;
      if (silence.signal.aborted && !signal.aborted) throw silence.signal.reason;
    } catch (error) {
      if (silence.signal.aborted && !signal.aborted) throw silence.signal.reason;
      throw error;
    } finally {
      clearTimeout(watchdog);
      stopReconciling();
      stopWatching();
      silence.abort();
    }
  }

  /** Compares the known sessions at work with the server, repeatedly. Returns a function that stops it. */
  #reconcile(source: Source, signal: AbortSignal, isReady: () => boolean): () => void {
    let underWay = false;
    const compare = async () => {
      const directories = underWay || !isReady() ? [] : this.#parts.busy();
      if (directories.length === 0) return;
      underWay = true;
      try {
        await this.#read(source, directories, signal);
      } catch (error) {
        if (!signal.aborted) this.#note('work not compared', error);
      } finally {
        underWay = false;
      }
    };
    const timer = setInterval(() => void compare(), RECONCILE_MS);
    return () => clearInterval(timer);
  }

  #note(what: string, error: unknown): void {
    const reason = messageOf(error);
    this.#parts.logger.info(what, { alias: this.#host.alias, port: this.#server.port, reason });
  }

  #hear(events: readonly LiveEvent[]): void {
    if (events.length === 0) return;
    for (const told of this.#meanwhile) told.push(...events);
    this.#parts.listener.reported(events);
  }

  /** Reads the server's state, and reports it after `begin`. Events since then are newer, and so is a later reading. */
  async #read(source: Source, directories: readonly string[], signal: AbortSignal, begin = () => {}): Promise<void> {
    this.#readings += 1;
    const reading = this.#readings;
    const meanwhile: LiveEvent[] = [];
    this.#meanwhile.add(meanwhile);
    try {
      const answer = await source.read(directories, signal);
      if (source !== this.#source) return;
      begin();
      if (reading < this.#newestReading) return;
      this.#newestReading = reading;
      const { listener, logger } = this.#parts;
      for (const [directory, reason] of answer.failed ?? []) {
        logger.info('directory not read', { alias: this.#host.alias, port: this.#server.port, directory, reason });
      }
      listener.read(answer);
      const again = meanwhile.filter(({ kind }) => TOLD_AGAIN.has(kind));
      if (again.length > 0) listener.reported(again);
    } finally {
      this.#meanwhile.delete(meanwhile);
    }
  }

  /** Polls a server that responds although its stream fails. */
  async #fail(error: unknown): Promise<void> {
    const reason = messageOf(error);
    const { logger, isUnauthorized, isUnproven, directories, clock } = this.#parts;
    if (this.#liveFrom !== null && clock() - this.#liveFrom >= MAX_PAUSE_MS) this.#failures = 0;
    this.#liveFrom = null;
    logger.info('server lost', { alias: this.#host.alias, port: this.#server.port, reason });
    const source = this.#source;
    this.#flooded = error instanceof Flood;
    if (source !== null && this.#healthy) {
      // A response may take long: meanwhile it is no longer live.
      if (this.#state === 'live') this.#tell('polled', reason);
      try {
        await source.health(AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ALIVE_TIMEOUT_MS)]));
        return await this.#read(source, directories(), this.#stop.signal, () => {
          if (this.#state !== 'polled') this.#tell('polled', reason);
        });
      } catch {
        // It does not respond either.
      }
    }
    this.#source = null;
    if (source !== null) await this.#parts.discard(source);
    const state = isUnauthorized(error) ? 'needs-password' : isUnproven(error) ? 'unproven' : 'failed';
    if (!this.#stop.signal.aborted) this.#tell(state, reason);
  }

  #tell(state: ServerState, reason: string | null): void {
    this.#state = state;
    this.#parts.listener.linked({
      server: this.#server,
      state,
      reason,
      since: this.#parts.clock(),
      ...(this.#flooded && { flooded: true }),
    });
  }

  async #rest(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#failures += 1;
    const first = this.#flooded ? MAX_PAUSE_MS : MIN_PAUSE_MS;
    const max = this.#state === 'needs-password' && !this.#flooded ? MAX_PASSWORD_PAUSE_MS : MAX_PAUSE_MS;
    const pause = backOff({ first, max, failures: this.#failures }, this.#parts.random);
    this.#pause = new AbortController();
    await sleep(pause, this.#pause.signal);
  }
}
