import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { readsLiveState } from '../fleet/filter/dependence.ts';
import type { Filter } from '../fleet/filter/filter.ts';
import type { AttentionInputs } from '../fleet/select-attention.ts';
import { searchEntry } from './search.ts';
import type { HostFinds } from './state.ts';

/** Matches by alias. */
export type Finds = ReadonlyMap<string, HostFinds>;

/** The matches of a host, and what they were found in. */
interface Known {
  readonly finds: HostFinds;
  readonly entry: HostEntry;
  readonly inputs: Omit<AttentionInputs, 'entries'>;
  readonly round: number;
}

const NO_SESSIONS: readonly Session[] = [];

/** Searches the hosts of a fleet by one filter, again and again: only those that changed since the last time. */
export class FleetSearch {
  readonly #known = new Map<string, Known>();
  readonly #filter: Filter;
  readonly #readsLiveState: boolean;

  constructor(filter: Filter) {
    this.#filter = filter;
    this.#readsLiveState = readsLiveState(filter);
  }

  /**
   * Yields wherever the search may pause. A host whose matches are the same has the same object for them.
   * @param now epoch milliseconds
   * @param round a new number has every host searched whose matches may change with time
   */
  *run(inputs: AttentionInputs, now: number, round: number): Generator<undefined, Finds> {
    const found = new Map<string, HostFinds>();
    for (const [alias, entry] of inputs.entries) {
      let known = this.#known.get(alias);
      if (known === undefined || !this.#isCurrent(known, entry, inputs, round)) {
        const finds = yield* searchEntry(this.#filter, entry, inputs, now);
        const { seen, snoozed, settings } = inputs;
        known = { finds: sameOr(known?.finds, finds), entry, inputs: { seen, snoozed, settings }, round };
        this.#known.set(alias, known);
      }
      found.set(alias, known.finds);
      yield;
    }
    return found;
  }

  #isCurrent(known: Known, entry: HostEntry, inputs: AttentionInputs, round: number): boolean {
    const sessionsOf = ({ snapshot }: HostEntry) => snapshot?.sessions ?? NO_SESSIONS;
    if (known.entry.host !== entry.host || sessionsOf(known.entry) !== sessionsOf(entry)) return false;
    if (known.inputs.settings !== inputs.settings) return false;
    const { seen, snoozed } = known.inputs;
    return (
      !this.#readsLiveState ||
      (known.entry === entry && known.round === round && seen === inputs.seen && snoozed === inputs.snoozed)
    );
  }
}

/** Returns the earlier matches if the new ones are the same. */
function sameOr(before: HostFinds | undefined, after: HostFinds): HostFinds {
  if (before === undefined || before.host !== after.host || before.sessions.size !== after.sessions.size) return after;
  if (before.best?.id !== after.best?.id || before.best?.score !== after.best?.score) return after;
  for (const id of after.sessions) if (!before.sessions.has(id)) return after;
  return before;
}

/** True if both hold the same objects for the same hosts, in the same order. */
export function areSameFinds(before: Finds | null, after: Finds): boolean {
  if (before === null || before.size !== after.size) return false;
  const others = before.entries();
  for (const [alias, finds] of after) {
    const [otherAlias, other] = others.next().value ?? [];
    if (otherAlias !== alias || other !== finds) return false;
  }
  return true;
}
