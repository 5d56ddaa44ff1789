import type { Engine } from '../engine/engine.ts';
import type { Setup } from '../engine/setup.ts';
import type { McpFace } from '../mcp/face.ts';
import { createDesk, createReach, type DeskFleet, loadSeenInto, openDeskFleet, openEngine } from './desk-fleet.ts';
import type { McpOptions } from './mcp-command.ts';
import { narrowFleet } from './narrow-fleet.ts';
import { reportCrash } from './report-crash.ts';

/** The face, and what ends it. */
export interface OpenedFace {
  readonly face: McpFace;
  close(): Promise<void>;
}

/** Opens what the MCP server stands on. Rejects with a UserError or a VerbError for targets that cannot be used. */
export async function openFace(
  given: Setup,
  { allowWrite, on }: Pick<McpOptions, 'allowWrite' | 'on'>,
  version: string,
  warn: (text: string) => void,
): Promise<OpenedFace> {
  const mayWrite = allowWrite && !given.config.readonly;
  if (allowWrite && !mayWrite) warn('--allow-write has no effect: --readonly or the configuration forbids changes');
  // A second safeguard: the engine itself refuses writers.
  const setup = { ...given, config: { ...given.config, readonly: !mayWrite } };
  return createFace(narrowFleet(await openDeskFleet(setup, on, warn), on), mayWrite, version);
}

/** One engine serves all calls. It is loaded with the first that asks a host. */
function createFace(desks: DeskFleet, mayWrite: boolean, version: string): OpenedFace {
  const { fleet } = desks.opened;
  let engine: Promise<Engine> | null = null;
  const open = () => {
    // It follows the servers of hosts that were asked, and leaves those alone that no call names.
    engine ??= openEngine(desks, { isFollowing: true, isRetrying: false, mayStartServers: false });
    return engine;
  };
  return {
    face: {
      ...{ mayWrite, version, fleet },
      async openDesk({ mayStartServers, ...call }) {
        // The dashboard may have shown sessions since.
        await loadSeenInto(desks);
        const connect = async () => createReach(await open(), call.signal, mayStartServers);
        return createDesk(desks, { ...call, connect, wantsJson: true, askTimeout: null, openInTerminal: null });
      },
      onBug(error) {
        desks.setup.logger.error('crashed', { error: error instanceof Error ? error.stack : String(error) });
        void reportCrash(error, version);
      },
    },
    async close() {
      await (await engine?.catch(() => null))?.close();
    },
  };
}
