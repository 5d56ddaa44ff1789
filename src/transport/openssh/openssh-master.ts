import { closeSync, openSync } from 'node:fs';
import { collectOutput } from '../child/child-output.ts';
import { type Invocation, RunningChild } from '../child/child-process.ts';
import { TransportError } from '../transport.ts';
import { type SshTarget, sshArguments } from './openssh-arguments.ts';
import { explainSshFailure } from './openssh-errors.ts';
import { MasterLink } from './openssh-mux.ts';
import type { OpensshSurroundings } from './openssh-surroundings.ts';

/** Seconds that our master outlives a killed program, unless a shorter time is set. */
const PERSIST_SECONDS = '600';

/** Time to find a master that went into the background while its start was cancelled. */
const STRAY_MASTER_TIMEOUT_MS = 500;

/** `ssh -G` prints about 6,000. */
const MAX_CONFIGURATION_BYTES = 1_000_000;

export interface MasterPlan {
  readonly path: string;
  /** As in ssh_config(5), ControlPersist; `null` for the shortest time that keeps it. */
  readonly persist: string | null;
  /** True if each use of it must be confirmed. */
  readonly ask: boolean;
}

/** A started master, and ssh's notes for the user, such as a key accepted without asking. */
export interface StartedMaster {
  readonly link: MasterLink;
  readonly notes: readonly string[];
}

/**
 * Returns a ControlPersist that expires: `yes` and 0 would keep a master for ever, `no` without an end of its program.
 */
export function boundedPersist(persist: string): string {
  return /^(?:yes|no|true|false|0+[smhdw]?)$/i.test(persist) ? PERSIST_SECONDS : persist;
}

/**
 * Starts an ssh that authenticates and goes into the background as a master, tied to this program only by the link.
 * Rejects with a TransportError; `signal` ends the attempt.
 */
export async function startMaster(
  target: SshTarget,
  around: OpensshSurroundings,
  plan: MasterPlan,
  signal: AbortSignal,
): Promise<StartedMaster> {
  const { directory } = around;
  // A file rather than a pipe: a ProxyCommand keeps its stderr open for as long as the master lives.
  const [log, errors] = [directory.nextFile(), directory.nextFile()];
  const sharing = { kind: 'master', path: plan.path, persist: plan.persist ?? PERSIST_SECONDS, ask: plan.ask } as const;
  const args = [...sshArguments(target, 'master', sharing), '-E', log, '--', target.alias];
  const child = startWithErrors({ file: 'ssh', args, env: around.env, judge: (exit) => exit }, errors);
  const kill = () => child.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    const end = await child.ended;
    if (end instanceof TransportError) throw end;
    const own = await directory.takeText(log);
    if (end.code !== 0 || signal.aborted) throw explainSshFailure(own, await directory.takeText(errors));
    return { link: await MasterLink.open(plan.path, signal), notes: parseNotes(own) };
  } catch (error) {
    if (signal.aborted) await endStray(plan.path);
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function startWithErrors(invocation: Invocation, path: string): RunningChild {
  const errorsTo = openSync(path, 'a', 0o600);
  try {
    return new RunningChild(invocation, { errorsTo });
  } finally {
    closeSync(errorsTo);
  }
}

async function endStray(path: string): Promise<void> {
  try {
    (await MasterLink.open(path, AbortSignal.timeout(STRAY_MASTER_TIMEOUT_MS))).terminate();
  } catch {}
}

/** Returns the lines of ssh's log that the user should see even though the connection was made (sshconnect.c). */
export function parseNotes(log: string): string[] {
  const notes: string[] = [];
  for (const [, host, keyType] of log.matchAll(/^Warning: Permanently added '([^'\n]+)' \((\S+)\)/gm)) {
    notes.push(`the ${keyType} key of ${host} was accepted unchecked, as the ssh configuration says`);
  }
  if (log.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) {
    notes.push('the host key is not the one on record; the ssh configuration lets it pass');
  }
  return notes;
}

/**
 * Expands the tokens of a ControlPath (ssh_config(5)) for this host. ssh runs in a session of its own, so that a
 * command of `Match exec` cannot write to the screen through /dev/tty. Rejects with a TransportError.
 */
export async function expandControlPath(
  target: SshTarget,
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string> {
  // ssh uses the first value of a repeated option.
  const own = ['-G', '-o', `ControlPath="${path}"`];
  const args = [...own, ...sshArguments(target, 'exec', { kind: 'none' }), '--', target.alias];
  const child = new RunningChild({ file: 'ssh', args, env, judge: (exit) => exit }, 'output');
  const limits = { signal, idleTimeout: target.timeout, maxBytes: MAX_CONFIGURATION_BYTES };
  const { code, stdout, stderr } = await collectOutput(child, limits);
  if (code !== 0) throw explainSshFailure(stderr);
  const found = /^controlpath (.+)$/m.exec(stdout)?.[1];
  if (found === undefined || found === 'none') throw new TransportError('protocol', `no path: ${path}`);
  return found;
}
