import type { Host } from '../domain/host.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { hintLinesOf, messageOf } from '../lib/errors.ts';
import type { OcrStore } from '../store/store.ts';
import type { Interaction } from '../transport/interaction.ts';
import { say, sayError } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';
import type { Attempt, QuestionDesk } from './question-desk.ts';

export interface AuthenticatePorts {
  readonly fleet: Pick<FleetStore, 'getState'>;
  readonly store: OcrStore;
  readonly desk: QuestionDesk;
  /** Connects to a host through all of its hops in order, with prompts to the user. Rejects with a TransportError. */
  connect(host: Host, interaction: Interaction, signal: AbortSignal): Promise<unknown>;
  /** Asks a host again; `null` when that failed. */
  refreshHost(alias: string): Promise<Snapshot | null>;
  /** The commands that do the same in a terminal: one for each hop that needs it, and the host's. */
  bootstrapCommand(host: Host): readonly string[];
  /** Takes the terminal from the dashboard and runs the commands one after the other. Rejects when one of them failed. */
  runInTerminal(commands: readonly string[]): Promise<void>;
}

/**
 * Connects to a host with prompts, as often as the user retries, and refreshes it. Reports the result in the dialog or
 * a toast.
 */
export async function authenticateHost(ports: AuthenticatePorts, alias: string): Promise<void> {
  const { desk, fleet, store } = ports;
  if (desk.isOpen(alias)) return;
  for (;;) {
    const host = fleet.getState().entries.get(alias)?.host;
    if (host === undefined) return;
    const commands = ports.bootstrapCommand(host);
    const attempt = desk.begin(host, commands);
    if (await tryToConnect(ports, host, attempt)) {
      attempt.end();
      say(store, `${host.label}: authenticated`);
      await ports.refreshHost(alias);
      return;
    }
    const leaving = await attempt.left;
    if (leaving === 'again') continue;
    attempt.end();
    if (leaving === 'terminal') await authenticateInTerminal(ports, host, commands);
    return;
  }
}

/** Returns whether it worked; if not, the dialog says why, unless the user has left it. */
async function tryToConnect(ports: AuthenticatePorts, host: Host, attempt: Attempt): Promise<boolean> {
  try {
    await ports.connect(host, attempt.interaction, attempt.signal);
    return true;
  } catch (error) {
    if (!attempt.signal.aborted) attempt.fail(messageOf(error), hintLinesOf(error));
    return false;
  }
}

async function authenticateInTerminal(
  ports: AuthenticatePorts,
  { alias, label }: Host,
  commands: readonly string[],
): Promise<void> {
  const { fleet, store } = ports;
  try {
    await ports.runInTerminal(commands);
  } catch (error) {
    sayError(store, `${label}: ${messageOf(error)}`, commands);
  } finally {
    dropLateKeys(store);
  }
  // Refreshes the host whatever the commands returned: some of them may have been enough.
  if ((await ports.refreshHost(alias)) !== null) return say(store, `${label}: authenticated`);
  const failure = fleet.getState().entries.get(alias)?.failure;
  if (failure) sayError(store, `${label}: ${failure.reason}`, failure.hint?.split('\n') ?? []);
}
