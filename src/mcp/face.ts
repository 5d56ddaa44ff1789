import type { FleetStore } from '../fleet/fleet-store.ts';
import type { Desk } from '../verbs/desk.ts';

/** The settings of one tool call. */
export interface DeskCall {
  readonly isCached: boolean;
  readonly wantsVersions: boolean;
  /** True to start a server on a host that has none. */
  readonly mayStartServers: boolean;
  /** Aborts when the client cancels the call, and when the server ends. */
  readonly signal: AbortSignal;
  progress(text: string): void;
  warn(text: string): void;
}

/** What the tools and resources stand on. One serves all clients. */
export interface McpFace {
  /** The program's version. */
  readonly version: string;
  /** False to list only tools that read. The engine refuses writers then, too. */
  readonly mayWrite: boolean;
  readonly fleet: FleetStore;
  /** Creates the desk of one call, over the engine that all share. */
  openDesk(call: DeskCall): Promise<Desk>;
  /** Reports a failure that is a bug. */
  onBug(error: unknown): void;
}
