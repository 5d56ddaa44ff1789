import type { Duplex } from 'node:stream';
import type { ConnectionInfo } from '../domain/connection.ts';
import { ExpectedError } from '../lib/errors.ts';

/** Why a host could not be reached or stopped answering. */
export type TransportErrorKind =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'unreachable'
  | 'auth'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'blocked'
  /** The host lets the user in, but runs no commands for that login. */
  | 'no-shell'
  | 'protocol'
  | 'overflow'
  | 'closed'
  | 'aborted';

/** An expected failure of a connection. `message` is the reason on one line, `hint` tells the user what to do. */
export class TransportError extends ExpectedError {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  /** For `blocked`: the alias of the failing hop, or `user@host:port` if it has none. */
  readonly by: string | null;

  constructor(
    kind: TransportErrorKind,
    message: string,
    options: { hint?: string | undefined; by?: string; cause?: unknown } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.by = options.by ?? null;
  }
}

export interface ExecResult {
  /** Exit status; `null` if a signal ended the command. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunLimits {
  readonly signal: AbortSignal;
  /** Milliseconds without output after which the run fails. */
  readonly idleTimeout: number;
  /** Bytes of output after which the run fails. */
  readonly maxBytes: number;
}

export interface ShellReply {
  readonly output: string;
  /** Milliseconds from sending the script to the first sign of life. */
  readonly latency: number;
}

/** A persistent `sh` on a host. Runs are queued; a failed run ends the shell. */
export interface Shell {
  readonly closed: boolean;
  /** Runs a POSIX script with empty stdin and returns its stdout. Rejects with a TransportError. */
  run(script: string, limits: RunLimits): Promise<ShellReply>;
  close(): void;
}

/** The user's terminal. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

export interface InteractiveExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal for a program. `term` is the value of TERM. */
export interface PtyRequest extends TerminalSize {
  readonly term: string;
}

/** A program on a terminal of its own. */
export interface Pty {
  /** Sends input as a keyboard would. No-op once the program has ended. */
  write(data: string | Uint8Array): void;
  /**
   * Passes all output from the start on to the first listener; later ones get only new output. Returns a function that
   * removes the listener.
   */
  onData(listener: (chunk: Buffer) => void): () => void;
  /** Makes the program wait with its output once the buffers in between are full. */
  pause(): void;
  resume(): void;
  resize(columns: number, rows: number): void;
  /**
   * Resolves after the last output. Rejects with a TransportError: `closed` if the connection is lost, `aborted` if the
   * program was given up.
   */
  readonly exit: Promise<InteractiveExit>;
  /** Gives the program up. */
  close(): void;
}

/** A program without a terminal, as two streams. */
export interface Pipe {
  write(data: string | Uint8Array): void;
  onData(listener: (chunk: Buffer) => void): void;
  /** The stderr stream. */
  onErrors(listener: (chunk: Buffer) => void): void;
  /** Called when it ended, or when its connection was lost. */
  onClose(listener: (end: InteractiveExit | TransportError) => void): void;
  pause(): void;
  resume(): void;
  kill(): void;
}

/** A TCP port as the host sees it. */
export interface ForwardTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * A connection to a host. Every wait rejects with a TransportError; a transport that is `closed` is never used again.
 */
export interface Transport {
  readonly closed: boolean;
  readonly connection: ConnectionInfo;
  /** Adds a note for the user to `connection`, for as long as that lasts. */
  note(text: string): void;
  /** Runs one command, through the login shell if there is one, and collects its output. */
  exec(command: string, limits: RunLimits): Promise<ExecResult>;
  /** Opens a persistent `sh`. */
  shell(signal: AbortSignal): Promise<Shell>;
  /** Starts a command on a terminal of its own. The signal gives it up, before it runs and after. */
  pty(command: string, request: PtyRequest, signal: AbortSignal): Promise<Pty>;
  /**
   * Runs a POSIX script in a `sh` of its own, with raw input and output. Input sent before it has printed something may
   * be lost: some shells read ahead. The signal aborts the start.
   */
  pipe(script: string, limits: RunLimits): Promise<Pipe>;
  /** Opens a stream to a port on the host, or on any address that the host can reach. Opens no port on this machine. */
  forward(target: ForwardTarget, signal: AbortSignal): Promise<Duplex>;
  /** Closes it now, or as soon as the last program on a pty has ended. It is not handed out any more. */
  retire(): void;
  close(): void;
}
