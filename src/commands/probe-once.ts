import { join } from 'node:path';
import { stateDirectory } from '../config/paths.ts';
import type { HostEntry } from '../domain/fleet.ts';
import { openFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import type { Seen } from '../fleet/seen.ts';
import { loadSeen } from '../refresh/seen-file.ts';
import { printMessage } from './print-message.ts';
import { ProgressLine } from './progress-line.ts';

const PROGRESS_MS = 200;
/** Slow hosts named on the progress line. */
const NAMED = 3;

/** Asks every host once (with `versions` for opencode's too) and returns the results in host order. */
export async function probeOnce(
  setup: Setup,
  versions: boolean,
): Promise<{ readonly entries: readonly HostEntry[]; readonly seen: Seen }> {
  const opened = await openFleet(setup, Number.POSITIVE_INFINITY);
  const { fleet } = opened;
  for (const warning of opened.warnings) printMessage(warning);

  fleet.setState({ seen: await loadSeen(join(stateDirectory(process.env), 'seen.json'), setup.logger) });
  const { Engine } = await import('../engine/engine.ts');
  const engine = new Engine(opened, setup);
  let entries: readonly HostEntry[] = [];
  const progress = new ProgressLine(process.stderr, process.env);
  setup.notices.listen((text) => {
    progress.clear();
    printMessage(text);
  });
  const showProgress = () => progress.show(progressText([...fleet.getState().entries.values()]));
  const stopTelling = fleet.subscribe(showProgress);
  // The timer also runs while nothing changes: the line appears only after a moment of silence.
  const timer = setInterval(showProgress, PROGRESS_MS);
  try {
    await engine.askOnce(versions);
    // Read before the streams end, and their state with them.
    entries = [...fleet.getState().entries.values()];
  } finally {
    clearInterval(timer);
    stopTelling();
    progress.clear();
    await engine.close();
  }
  return { entries, seen: fleet.getState().seen };
}

/** Describes the hosts still awaited, on one line. */
export function progressText(entries: readonly HostEntry[]): string {
  const waiting = entries.filter(({ refreshing, fresh, failure }) => refreshing || (!fresh && failure === null));
  const asked = `asking ${entries.length} ${entries.length === 1 ? 'host' : 'hosts'}`;
  if (waiting.length === 0) return `${asked}: all have answered, reading the rest`;
  const named = waiting.slice(0, NAMED).map(({ host }) => host.label);
  const more = waiting.length - named.length;
  const names = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${asked}, ${entries.length - waiting.length} answered: waiting for ${names}`;
}
