import { parseConfig } from '../../src/config/parse.ts';
import type { HostEntry } from '../../src/domain/fleet.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { fleetSettings } from '../../src/engine/fleet-settings.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { Desk } from '../../src/verbs/desk.ts';

/** What a test's verb asks of the engine. */
export type FakeEngine = Partial<Pick<Engine, 'askOnce' | 'clientsOf' | 'refreshHost'>>;

/** A desk over hosts in memory. Whatever the test does not give fails. */
export function aDesk(
  entries: readonly HostEntry[],
  engine: FakeEngine,
  signal: AbortSignal,
  yaml = '',
  isCached = false,
) {
  const { config } = parseConfig(yaml, 'test.yaml');
  const fleet = new FleetStore(fleetSettings(config));
  fleet.setState({ entries: new Map(entries.map((entry) => [entry.host.alias, entry])) });
  const warnings: string[] = [];
  const desk = new Desk({
    ...{ fleet, config, signal, defaultTarget: null, isCached, wantsVersions: false, wantsJson: true },
    ...{ askTimeout: null, workingDirectory: '/', sshConfigFile: null, openInTerminal: null },
    configFile: { path: '/nonexistent', origin: 'none' },
    connect: async () => ({ engine: engine as Engine, context: {} as OperationContext }),
    progress: () => {},
    warn: (text) => void warnings.push(text),
  });
  return { desk, fleet, warnings };
}
