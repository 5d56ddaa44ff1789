import type { HostEntry } from '../../domain/fleet.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { FleetStore } from '../../fleet/fleet-store.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { OcrStore } from '../../store/store.ts';
import type { Transport } from '../../transport/transport.ts';
import type { DialogDesk } from './dialog-desk.ts';

/** What actions work with. */
export interface ActionPorts {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  /** Aborts when the dashboard ends. */
  readonly signal: AbortSignal;
  /** Folder (0700) of what is kept for a person, such as exports. */
  readonly exportFolder: string;
  /**
   * What speaks to the server of a host: the one that a session runs on, else any that answers; one is started where none does, which may take
   * seconds. The client is shared: whoever uses it does not close it. Rejects with a TransportError, a ServerError or a ServerProcessError.
   */
  client(alias: string, sessionId: string | null, signal: AbortSignal): Promise<ServerClient>;
  /** What speaks to a server of a host that can be asked now, see `client`; `null` while there is none. Starts nothing. */
  clientNow(alias: string, sessionId: string | null): ServerClient | null;
  /** The open connection of a host. Rejects with a TransportError. */
  transport(alias: string, signal: AbortSignal): Promise<Transport>;
  /** Asks a host again; `null` when that failed. */
  refreshHost(alias: string): Promise<Snapshot | null>;
  attach(alias: string, sessionId: string): void;
  /** Attached programs are clients of a server, and good for nothing once it ends. */
  readonly attachesThroughServer: boolean;
  /** Ends the program that a session is attached by, if there is one: for a session that is deleted. */
  endAttached(alias: string, sessionId: string): void;
  /** Takes the terminal from the dashboard while the callback runs. */
  suspendTerminal(callback: () => Promise<void>): Promise<void>;
  /** Opens a file in the person's editor, on the terminal. Rejects when the editor fails. */
  runEditor(path: string): Promise<void>;
  /** Writes control sequences of our own to the terminal, between frames. */
  writeToTerminal(text: string): void;
  /** Milliseconds that a host may take. */
  timeoutOf(alias: string): number;
  readonly clock: () => number;
}

/** Path of opencode on a host; `null` when the host has not answered yet. */
export function opencodePathOf({ snapshot }: HostEntry): string | null {
  return snapshot?.opencode.path ?? null;
}
