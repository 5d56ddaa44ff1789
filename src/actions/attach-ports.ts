import type { Host, UrlRoute } from '../domain/host.ts';
import type { Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import type { AttachServer, UrlServer } from '../opencode/attach-command.ts';
import type { OcrStore } from '../store/store.ts';
import type { InteractiveExit, Pty, Terminal, TerminalSize, Transport } from '../transport/transport.ts';

/** Finds or starts the server to attach a session to. Rejects with an error for the user. */
export type ServerFor = (host: Host, session: Session, signal: AbortSignal) => Promise<AttachServer>;

/** The parts of an attach to an instance. */
export interface UrlAttach {
  /** Returns the server of an instance with its credentials. Rejects with a UserError. */
  serverOf(host: Host, route: UrlRoute, signal: AbortSignal): Promise<UrlServer>;
  /** Returns a connection to this machine. */
  openThisMachine(): Promise<Transport>;
}

/** The lines painted over a program, for a width in columns. */
export interface ProgramWords {
  /** Shown while the program has painted nothing. */
  opening(columns: number): string;
  /** Shown while the program does not respond to keys. */
  silent(columns: number): string;
  /** The status line below the program; without one, nothing is shown there. */
  status?(columns: number): string;
}

/** A program that runs whether it is shown or not. */
export interface KeptProgram {
  /** Rejects with a TransportError, as that of a Pty. */
  readonly exit: Promise<InteractiveExit>;
  /** True once its screen has had any text. */
  readonly hasPainted: boolean;
  resize(size: TerminalSize): void;
  /** Shows it until it ends or the user leaves it. Rejects as `exit` does. */
  show(terminal: Terminal, signal: AbortSignal, words: ProgramWords): Promise<'detached' | InteractiveExit>;
  /** Paints a notice on the last row of its screen, now or once it is shown; `null` for none. */
  say(notice: ((columns: number) => string) | null): void;
  /** Writes something of our own, such as a bell, to the terminal that it is shown on; false while it is not shown. */
  insert(text: string): boolean;
  /** Returns the lines of its screen. */
  lines(): Promise<readonly string[]>;
  close(): void;
}

/** Signs in the lines painted over programs. */
export interface AttachSigns {
  /** Returns the spinner's frame at a time in epoch milliseconds. */
  spinner(now: number): string;
  readonly attention: string;
  readonly ellipsis: string;
}

export interface AttachPorts {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly terminal: Terminal;
  /** Ends every attached program when it aborts. */
  readonly signal: AbortSignal;
  /** Asks a host again; `null` when that failed. */
  refreshHost(alias: string): Promise<Snapshot | null>;
  /** The open connection of a host. Rejects with a TransportError. */
  openTransport(host: Host): Promise<Transport>;
  /** Opens the sessions of instances, by the opencode of this machine. */
  readonly byUrl: UrlAttach;
  /** `null` for an opencode that works by itself. */
  readonly serverFor: ServerFor | null;
  /** False to show programs without the status line; they have one by default (`sessions.status_line`). */
  readonly statusLine?: boolean;
  /**
   * Takes a program over and keeps its screen.
   * @param size of the terminal
   * @param wake resumes the program if it was stopped
   * @param statusLine true if the program leaves a row for ocr (`programSize`)
   */
  keepProgram(pty: Pty, size: TerminalSize, wake: () => void, statusLine: boolean): Promise<KeptProgram>;
  readonly signs: AttachSigns;
  /** True if another program has the terminal, such as an editor. */
  isTerminalLent(): boolean;
  /** Takes the terminal from the dashboard while the callback runs. */
  suspendTerminal(callback: () => Promise<void>): Promise<void>;
}
