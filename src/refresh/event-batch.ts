import { type HostEvent, hostsChanged } from '../store/fleet-transitions.ts';
import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which events of many hosts become one change of the store, and so one frame. */
const WINDOW = 40;

/** Hands events to the store in batches, in their order. */
export class EventBatch {
  readonly #store: OcrStore;
  #events: HostEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(store: OcrStore) {
    this.#store = store;
  }

  add(event: HostEvent): void {
    this.#events.push(event);
    this.#timer ??= setTimeout(() => this.flush(), WINDOW);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#store.setState(hostsChanged(events));
  }
}
