import { type HostEvent, hostsChanged } from '../store/fleet-transitions.ts';
import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which events of many hosts become one change of the store, and so one frame. */
const WINDOW = 40;
/** Minimum pause after a change, as a multiple of its duration, so that the keyboard comes first. */
const REST = 3;
const MAX_WINDOW_MS = 1000;
/** Sessions sorted and painted per millisecond, at a fifth of a core. */
const SESSIONS_PER_MS = 200;

/** Hands events to the store in batches, in their order. */
export class EventBatch {
  readonly #store: OcrStore;
  #events: HostEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #window = WINDOW;

  constructor(store: OcrStore) {
    this.#store = store;
  }

  add(event: HostEvent): void {
    this.#events.push(event);
    this.#timer ??= setTimeout(() => this.flush(), this.#window);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    const begun = performance.now();
    this.#store.setState(hostsChanged(events));
    const took = performance.now() - begun;
    this.#window = Math.min(MAX_WINDOW_MS, Math.max(WINDOW, REST * took, this.#sessionsOf(events) / SESSIONS_PER_MS));
  }

  /** Returns the session count of the largest changed host. */
  #sessionsOf(events: readonly HostEvent[]): number {
    const { entries } = this.#store.getState();
    const aliases = new Set(events.map(({ alias }) => alias));
    return Math.max(0, ...[...aliases].map((alias) => entries.get(alias)?.snapshot?.sessions.length ?? 0));
  }
}
