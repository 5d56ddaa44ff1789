import type { HostEntry } from '../../domain/fleet.ts';
import type { FleetState } from '../../fleet/fleet-state.ts';

/** States such as `stalled` come with the time alone. */
const FULL_PASS_MS = 10_000;

/** Remembers which hosts were looked at, so that an event of one host does not cost a pass over the sessions of all. */
export class DueHosts {
  readonly #done = new Map<string, HostEntry>();
  #last: Pick<FleetState, 'settings' | 'seen'> | null = null;
  #fullAt = 0;

  /** Returns the hosts whose sessions may have changed since the last call: all of them after a while. @param now epoch milliseconds */
  take(
    { entries, settings, seen }: Pick<FleetState, 'entries' | 'settings' | 'seen'>,
    aliases: readonly string[],
    now: number,
  ): readonly HostEntry[] {
    const isSame = this.#last?.settings === settings && this.#last.seen === seen;
    if (!isSame || this.waitAt(now) === 0) {
      this.#done.clear();
      this.#fullAt = now;
      this.#last = { settings, seen };
    }
    const due: HostEntry[] = [];
    for (const alias of aliases) {
      const entry = entries.get(alias);
      if (entry === undefined || this.#done.get(alias) === entry) continue;
      this.#done.set(alias, entry);
      due.push(entry);
    }
    return due;
  }

  /** Returns the milliseconds until all hosts are due. */
  waitAt(now: number): number {
    const passed = now - this.#fullAt;
    // A clock that was set back must not delay the next pass.
    return passed < 0 ? 0 : Math.max(0, FULL_PASS_MS - passed);
  }
}
