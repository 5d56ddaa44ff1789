import { constants } from 'node:os';
import type { IPty, spawn } from '@lydell/node-pty';
import { messageOf } from '../../lib/errors.ts';
import { signalGroup } from '../../lib/process-group.ts';
import { type InteractiveExit, type PtyRequest, TransportError } from '../transport.ts';
import { type Child, type ChildEnd, EXIT_TIMEOUT_MS, type Invocation, judgeEnd } from './child-process.ts';

/** Starts a program on a local pty. */
export type PtySpawn = typeof spawn;

/** Loads the pty library late, since it is native code. Rejects with a TransportError on a platform without a build. */
export async function loadPtySpawn(): Promise<PtySpawn> {
  try {
    return (await import('@lydell/node-pty')).spawn;
  } catch (cause) {
    const machine = `${process.platform}-${process.arch}`;
    throw new TransportError('protocol', `this machine (${machine}) cannot give programs a terminal of their own`, {
      hint: `Hosts that "transport: ssh2" reaches can be attached to anyway.\n${messageOf(cause).slice(0, 200)}`,
      cause,
    });
  }
}

/** A child on a pty that leads a session of its own. */
export class PtyProcess implements Child {
  readonly ended: Promise<ChildEnd>;
  readonly #pty: IPty;
  #over = false;

  /** Throws a TransportError if the system provides no pty. */
  constructor(spawn: PtySpawn, invocation: Invocation, request: PtyRequest, receive: (chunk: Buffer) => void) {
    const { file, args, env } = invocation;
    const { columns: cols, rows, term: name } = request;
    try {
      this.#pty = spawn(file, [...args], { name, cols, rows, env: withoutSize(env), encoding: null });
    } catch (error) {
      const reason = messageOf(error);
      throw new TransportError('protocol', `${file} gets no terminal: ${reason}`, { cause: error });
    }
    // Without an encoding it emits bytes, which its types do not say.
    this.#pty.onData((chunk: string | Buffer) => receive(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#over = true;
        resolve(judgeEnd(invocation, exitOf(exitCode, signal)));
      });
    });
  }

  write(data: string | Uint8Array): void {
    // It accepts bytes too, which its types do not say.
    const sink: { write(data: string | Uint8Array): void } = this.#pty;
    if (!this.#over) sink.write(data);
  }

  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  resize(columns: number, rows: number): void {
    if (!this.#over) this.#pty.resize(columns, rows);
  }

  /** Hangs the terminal up, then kills the child if it ignores that. */
  kill(): void {
    if (this.#over) return;
    const { pid } = this.#pty;
    // It may not lead its group yet.
    if (!signalGroup(pid, 'SIGHUP')) this.#pty.kill('SIGHUP');
    const killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), EXIT_TIMEOUT_MS).unref();
    this.ended.finally(() => clearTimeout(killer));
  }
}

function exitOf(code: number, signal: number | undefined): InteractiveExit {
  if (signal === undefined || signal === 0) return { code, signal: null };
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return { code: null, signal: name ?? `signal ${signal}` };
}

/** Programs trust these more than the terminal. */
function withoutSize(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { COLUMNS: _columns, LINES: _lines, ...rest } = env;
  return rest;
}
