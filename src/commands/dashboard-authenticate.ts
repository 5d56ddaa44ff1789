import { mkdirSync } from 'node:fs';
import { authenticateHost } from '../actions/authenticate.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import type { Engine } from '../engine/engine.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import type { OcrStore } from '../store/store.ts';
import { type BootstrapPlan, bootstrapCommands } from '../transport/openssh/control-master.ts';
import { runInTerminal } from './run-in-terminal.ts';

export interface AuthenticateSources {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly desk: QuestionDesk;
  readonly engine: Promise<Engine>;
  readonly masters: BootstrapPlan;
  /** Gives the terminal to another program while the callback runs. */
  readonly lend: (callback: () => Promise<void>) => Promise<void>;
}

/** Builds the dashboard's action that authenticates a host. */
export function authenticateFrom({ fleet, store, desk, engine, masters, lend }: AuthenticateSources) {
  return (alias: string): void => {
    void engine.then((started) =>
      authenticateHost(
        {
          fleet,
          store,
          desk,
          connect: (host, interaction, signal) => started.connect(host, interaction, signal),
          refreshHost: (name) => started.refreshHost(name),
          bootstrapCommand: (host) => {
            makeFolder(masters.folder);
            return bootstrapCommands(host, masters);
          },
          runInTerminal: async (commands) => {
            await lend(() => runInTerminal(commands));
          },
        },
        alias,
      ),
    );
  };
}

/** For the sockets, before the commands are shown: they may be run by hand. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // The commands say so themselves.
  }
}
