import { type HostEvent, hostsChanged } from '../store/fleet-transitions.ts';
import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which events of many hosts become one change of the store, and so one frame. */
const WINDOW = 40;
/** How many times as long as a change took the next one is waited for at least: the keyboard comes first. */
const REST = 3;
const LONGEST_WINDOW = 1000;
/** Sessions of a host that are sorted and painted anew in a millisecond, at a fifth of a core. */
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
    this.#window = Math.min(LONGEST_WINDOW, Math.max(WINDOW, REST * took, this.#sessionsOf(events) / SESSIONS_PER_MS));
  }

  /** Sessions of the largest host that has changed. */
  #sessionsOf(events: readonly HostEvent[]): number {
    const { entries } = this.#store.getState();
    const aliases = new Set(events.map(({ alias }) => alias));
    return Math.max(0, ...[...aliases].map((alias) => entries.get(alias)?.snapshot?.sessions.length ?? 0));
  }
}
