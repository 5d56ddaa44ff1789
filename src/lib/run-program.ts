import { spawn } from 'node:child_process';
import { onAbort } from './abort.ts';
import { signalGroup } from './process-group.ts';

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes on stdout and stderr together. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Ends the program; by default SIGTERM, and SIGKILL after a while. */
  readonly killSignal?: 'SIGTERM' | 'SIGKILL';
}

/** Why we ended a program ourselves. */
export type ProgramStop = 'timeout' | 'overflow' | 'aborted';

export interface ProgramResult {
  /** `null` if a signal ended the program. */
  readonly code: number | null;
  readonly killer: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** `null` if the program ended by itself. */
  readonly stopped: ProgramStop | null;
}

const DEFAULT_MAX_BYTES = 2 ** 20;
/** Time to end after SIGTERM. */
const GRACE_MS = 2000;

/**
 * Runs a program to its end, without a terminal and with nothing to read. Ends it and all that it started on timeout, overflow or abort. It has a session of
 * its own, so it can neither paint over the screen nor take its keys. Rejects with the system's error if the program does not start.
 */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { env = process.env, timeout, maxBytes = DEFAULT_MAX_BYTES, signal, killSignal = 'SIGTERM' } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return resolve({ code: null, killer: null, stdout: '', stderr: '', stopped: 'aborted' });
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    let [length, stopped, hasEnded]: [number, ProgramStop | null, boolean] = [0, null, false];
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: ProgramStop) => {
      if (stopped !== null || hasEnded) return;
      stopped = why;
      // A process that left the group could hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      signalGroup(child.pid, killSignal);
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS).unref();
    };
    const timer = setTimeout(() => stop('timeout'), timeout);
    const release = signal === undefined ? () => {} : onAbort(signal, () => stop('aborted'));
    const settle = () => {
      hasEnded = true;
      clearTimeout(timer);
      release();
      // Once the group is gone, its id may become another's.
      if (!signalGroup(child.pid, 0)) clearTimeout(killer);
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        output[name].push(chunk);
        length += chunk.length;
        if (length > maxBytes) stop('overflow');
      });
    }
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, killedBy) => {
      settle();
      const text = (name: 'stdout' | 'stderr') => Buffer.concat(output[name]).toString('utf8');
      resolve({ code, killer: killedBy, stdout: text('stdout'), stderr: text('stderr'), stopped });
    });
  });
}
