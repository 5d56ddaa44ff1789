import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

const envelope = z.object({
  payload: z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) }),
});

/** An event of opencode's server; `at` is when it arrived, in milliseconds of `performance.now()`. */
export interface WatchedEvent {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** Events that tell of words and nothing else: one a second for each session that works. */
const CHATTER = /^(message\.|server\.|plugin\.)/;

/** A stream of a server's events, straight from its port. */
export class ServerWatch {
  readonly events: WatchedEvent[] = [];
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  static async open(url: string): Promise<ServerWatch> {
    const watch = new ServerWatch();
    const response = await fetch(`${url}/global/event`, { signal: watch.#stop.signal });
    if (response.body === null) throw new Error('The server gives no events');
    watch.#ended = watch.#read(response.body);
    return watch;
  }

  /** The first event, past or to come, of that type with those properties. */
  async find(type: string, properties: Readonly<Record<string, unknown>>): Promise<WatchedEvent> {
    await waitUntil(type, () => this.all(type, properties).length > 0);
    return this.all(type, properties)[0]!;
  }

  /** All events up to now of that type with those properties. */
  all(type: string, properties: Readonly<Record<string, unknown>>): WatchedEvent[] {
    return this.events.filter(
      (event) =>
        event.type === type && Object.entries(properties).every(([name, value]) => event.properties[name] === value),
    );
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    // Killed servers, and streams closed here, are not failures.
    const next = () => reader.read().catch(() => ({ done: true, value: undefined }));
    let text = '';
    for (let piece = await next(); piece.value !== undefined; piece = await next()) {
      const at = performance.now();
      text += decoder.decode(piece.value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.#take(line, at);
    }
  }

  #take(line: string, at: number): void {
    if (!line.startsWith('data:')) return;
    const { type, properties } = envelope.parse(JSON.parse(line.slice('data:'.length))).payload;
    if (CHATTER.test(type)) return;
    this.events.push({ type, properties, at });
  }
}

/** Milliseconds between two looks, and until one gives up. */
const LOOK_INTERVAL = 20;
const PATIENCE = 60_000;

/** Resolves once that holds. Rejects with what it was waited for. */
export async function waitUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${PATIENCE} ms: ${what}`);
    await sleep(LOOK_INTERVAL);
  }
}
