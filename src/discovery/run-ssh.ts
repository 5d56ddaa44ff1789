import { spawn } from 'node:child_process';
import { onAbort } from '../lib/abort.ts';
import { codeOf, messageOf } from '../lib/errors.ts';

export type SshFailureKind = 'missing' | 'aborted' | 'timeout' | 'failed';

/** ssh failed to answer; the message is its own, if it printed one. */
export class SshFailure extends Error {
  override readonly name = 'SshFailure';
  readonly kind: SshFailureKind;

  constructor(kind: SshFailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Bytes; `ssh -G` prints about 6,000. */
const MAX_OUTPUT = 1_000_000;

/**
 * Returns the stdout of the system's ssh. Rejects with an SshFailure, also after `timeout` milliseconds or when the
 * signal aborts. Runs it in a session of its own, so that a command of `Match exec` dies with it and cannot write to
 * the screen through /dev/tty.
 */
export function runSsh(parameters: readonly string[], timeout: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new SshFailure('aborted', 'aborted'));
    const child = spawn('ssh', parameters, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    let failure: SshFailure | null = null;
    const kill = (kind: SshFailureKind, message: string) => {
      failure ??= new SshFailure(kind, message);
      // A command that left the group could hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      killGroup(child.pid);
    };
    const timer = setTimeout(() => kill('timeout', `took more than ${timeout / 1000} s`), timeout);
    const offAbort = onAbort(signal, () => kill('aborted', 'aborted'));
    const settle = () => {
      clearTimeout(timer);
      offAbort();
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        text[name] += chunk;
        if (text[name].length > MAX_OUTPUT) kill('failed', 'printed too much');
      });
    }
    child.on('error', (error) => {
      settle();
      reject(new SshFailure(codeOf(error) === 'ENOENT' ? 'missing' : 'failed', messageOf(error), error));
    });
    child.on('close', (code, killer) => {
      settle();
      if (failure !== null) return reject(failure);
      if (code === 0) return resolve(text.stdout);
      reject(new SshFailure('failed', firstLine(text.stderr) || `ended with ${killer ?? code}`));
    });
  });
}

/** Refuses ids below 2: -0 and -1 would signal other processes. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined || pid < 2) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}
