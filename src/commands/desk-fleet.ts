import { join } from 'node:path';
import { stateDirectory } from '../config/paths.ts';
import type { Engine, EngineOptions } from '../engine/engine.ts';
import { type OpenedFleet, openFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import { loadSeen } from '../refresh/seen-file.ts';
import { Desk, type DeskParts, type Reach } from '../verbs/desk.ts';
import { withGivenTargets } from '../verbs/given-targets.ts';

/** The fleet that the desks of a face share. */
export interface DeskFleet {
  readonly setup: Setup;
  readonly opened: OpenedFleet;
  /** The target of verbs that name none, from the environment; `null` for none. */
  readonly defaultTarget: string | null;
}

/** The settings of one call. */
export type DeskCall = Pick<
  DeskParts,
  | 'signal'
  | 'connect'
  | 'isCached'
  | 'wantsVersions'
  | 'wantsJson'
  | 'askTimeout'
  | 'openInTerminal'
  | 'progress'
  | 'warn'
>;

/** Opens the fleet as last known, with the targets that are named by URL. Asks no host. */
export async function openDeskFleet(
  given: Setup,
  named: readonly string[],
  warn: (text: string) => void,
): Promise<DeskFleet> {
  const { config, defaultTarget } = withGivenTargets(given.config, named, process.env);
  const setup = { ...given, config };
  const opened = await openFleet(setup, Number.POSITIVE_INFINITY);
  for (const warning of opened.warnings) warn(warning);
  setup.notices.listen(warn);
  await loadSeenInto({ setup, opened, defaultTarget });
  return { setup, opened, defaultTarget };
}

/** Reads which sessions the user has seen by now. */
export async function loadSeenInto({ setup, opened }: DeskFleet): Promise<void> {
  opened.fleet.setState({ seen: await loadSeen(join(stateDirectory(process.env), 'seen.json'), setup.logger) });
}

/** Creates the desk of one call. */
export function createDesk({ setup, opened, defaultTarget }: DeskFleet, call: DeskCall): Desk {
  return new Desk({
    ...call,
    ...{ fleet: opened.fleet, config: setup.config, defaultTarget },
    workingDirectory: process.cwd(),
    sshConfigFile: setup.sources.sshConfigGiven ? setup.sources.sshConfigFile : null,
    configFile: { path: setup.configFile, origin: setup.configOrigin },
  });
}

/** Loads what asks hosts. Its caller closes it. */
export async function openEngine({ setup, opened }: DeskFleet, options: EngineOptions): Promise<Engine> {
  const { Engine } = await import('../engine/engine.ts');
  return new Engine(opened, setup, options);
}

/** Returns a call's way to the hosts. */
export function createReach(engine: Engine, signal: AbortSignal, mayStartServers: boolean): Reach {
  const exportFolder = join(stateDirectory(process.env), 'exports');
  return { engine, context: engine.context({ exportFolder, signal, mayStartServers }) };
}
