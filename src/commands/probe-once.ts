import { join } from 'node:path';
import { stateDirectory } from '../config/paths.ts';
import type { HostEntry } from '../domain/fleet.ts';
import { loadSeen } from '../refresh/seen-file.ts';
import type { Seen } from '../store/seen.ts';
import { openFleet, startRefresher } from './engine.ts';
import type { Setup } from './options.ts';
import { tell } from './tell.ts';

/** Asks every host once, with `versions` for that of its opencode too, and gives what came of it, in the order of the hosts. */
export async function probeOnce(
  setup: Setup,
  versions: boolean,
): Promise<{ readonly entries: readonly HostEntry[]; readonly seen: Seen }> {
  const fleet = await openFleet(setup, false, Number.POSITIVE_INFINITY);
  for (const warning of fleet.warnings) tell(warning);
  fleet.store.setState({ seen: await loadSeen(join(stateDirectory(process.env), 'seen.json'), setup.logger) });
  const { refresher, pool } = await startRefresher(fleet, setup);
  let entries: readonly HostEntry[] = [];
  try {
    await refresher.askOnce(versions);
    // Before the streams end, and with them what they told.
    entries = [...fleet.store.getState().entries.values()];
  } finally {
    await refresher.close();
    pool.close();
  }
  return { entries, seen: fleet.store.getState().seen };
}
