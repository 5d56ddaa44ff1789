import { emptyFleet, type FleetState } from './fleet-state.ts';
import { type HostEvent, hostsChanged } from './fleet-transitions.ts';
import type { FleetSettings } from './settings.ts';

export type FleetListener = (state: FleetState, before: FleetState) => void;

/** Shortest time between two notifications, so that the events of many hosts become one frame. */
const MIN_WINDOW_MS = 40;
/** Minimum pause after a notification, as a multiple of its duration, so that the keyboard comes first. */
const REST_RATIO = 3;
const MAX_WINDOW_MS = 1000;
/** Sessions sorted and painted per millisecond, at a fifth of a core. */
const SESSIONS_PER_MS = 200;

/**
 * Remembers the fleet. `getState` always includes every reported event. Listeners hear of events in batches at a bounded rate, which falls when they
 * take long, and of `setState` at once.
 */
export class FleetStore {
  #state: FleetState;
  #notifiedState: FleetState;
  /** Reported events that no reader has asked for yet: a batch is cheaper to apply than its events one by one. */
  #unapplied: HostEvent[] = [];
  /** Aliases of the events since the last notification. */
  #changedAliases = new Set<string>();
  /** Each listener with the state that it was last called with. */
  readonly #listeners = new Map<FleetListener, FleetState>();
  #timer: NodeJS.Timeout | undefined;
  #windowMs = MIN_WINDOW_MS;

  constructor(settings: FleetSettings) {
    this.#state = emptyFleet(settings);
    this.#notifiedState = this.#state;
  }

  getState(): FleetState {
    if (this.#unapplied.length > 0) {
      const events = this.#unapplied;
      this.#unapplied = [];
      this.#state = { ...this.#state, ...hostsChanged(events)(this.#state) };
    }
    return this.#state;
  }

  /** Records an event of a host. Listeners hear of it soon. */
  report(event: HostEvent): void {
    this.#unapplied.push(event);
    this.#changedAliases.add(event.alias);
    // A program that has closed everything else does not wait for it.
    this.#timer ??= setTimeout(() => this.#notify(), this.#windowMs).unref();
  }

  /** Tells the listeners now of the events that they have not heard of. */
  flush(): void {
    if (this.#timer !== undefined) this.#notify();
  }

  /** Changes the state directly, such as at the user's request. Listeners hear of it before this returns. */
  setState(change: Partial<FleetState> | ((state: FleetState) => Partial<FleetState>)): void {
    const state = this.getState();
    this.#state = { ...state, ...(typeof change === 'function' ? change(state) : change) };
    this.#notify();
  }

  /** Calls the listener after each change. Returns a function that stops this. */
  subscribe(listener: FleetListener): () => void {
    this.#listeners.set(listener, this.#notifiedState);
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const begun = performance.now();
    this.#notifiedState = this.getState();
    const largest = this.#largestOf(this.#changedAliases);
    this.#changedAliases = new Set();
    for (const listener of [...this.#listeners.keys()]) this.#call(listener);
    const tookMs = performance.now() - begun;
    this.#windowMs = Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, REST_RATIO * tookMs, largest / SESSIONS_PER_MS));
  }

  /** A listener may change the fleet: those after it are then called once, with the newest state. */
  #call(listener: FleetListener): void {
    const before = this.#listeners.get(listener);
    const state = this.#state;
    if (before === undefined || before === state) return;
    this.#listeners.set(listener, state);
    listener(state, before);
  }

  /** Returns the session count of the largest of these hosts. */
  #largestOf(aliases: ReadonlySet<string>): number {
    const { entries } = this.#state;
    return Math.max(0, ...[...aliases].map((alias) => entries.get(alias)?.snapshot?.sessions.length ?? 0));
  }
}
