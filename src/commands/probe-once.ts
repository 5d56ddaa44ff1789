import type { HostEntry } from '../domain/fleet.ts';
import { openFleet, startRefresher } from './engine.ts';
import type { Setup } from './options.ts';
import { tell } from './tell.ts';

/** Asks every host once, with `versions` for that of its opencode too, and gives what came of it, in the order of the hosts. */
export async function probeOnce(setup: Setup, versions: boolean): Promise<readonly HostEntry[]> {
  const fleet = await openFleet(setup, false, Number.POSITIVE_INFINITY);
  for (const warning of fleet.warnings) tell(warning);
  const { refresher, pool } = await startRefresher(fleet, setup);
  try {
    await refresher.askOnce(versions);
  } finally {
    await refresher.close();
    pool.close();
  }
  return [...fleet.store.getState().entries.values()];
}
