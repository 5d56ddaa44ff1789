import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../../domain/jump.ts';
import { runProgram } from '../../lib/run-program.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';
import { hopName } from '../target.ts';

/** A master answers at once or not at all. */
const MASTER_TIMEOUT_MS = 3000;
/** Seconds that a master lasts if the configuration has no usable time. */
const SHORT_PERSIST_SECONDS = '60';

/** Returns the first of the ControlPaths at which a master listens; `null` if none does. */
export async function findControlMaster(paths: readonly (string | null)[], host: string): Promise<string | null> {
  for (const path of paths) if (path !== null && (await isMaster(path, host))) return path;
  return null;
}

async function isMaster(path: string, host: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  const folder = await stat(dirname(path)).catch(() => null);
  if (found === null || folder === null || !found.isSocket()) return false;
  // A socket of another user, or in a folder that another user can write, would receive everything sent to the host.
  const me = process.getuid?.();
  if (found.uid !== me || (folder.uid !== me && folder.uid !== 0)) return false;
  const args = ['-F', 'none', '-O', 'check', '-o', `ControlPath=${quotePath(path)}`, '--', host];
  const result = await runProgram('ssh', args, { timeout: MASTER_TIMEOUT_MS }).catch(() => null);
  return result?.code === 0;
}

/** How the user leaves masters behind with ssh itself. */
export interface BootstrapPlan {
  /** Private folder for the sockets. */
  readonly folder: string;
  /** As in ssh_config(5), ControlPersist. */
  readonly persist: string;
  /** Passed with -F; `null` lets ssh find its own. */
  readonly configFile: string | null;
}

/**
 * Returns where the master of a host or hop listens. Kept short, since a socket's path is limited to about 100 bytes.
 */
export function masterPathOf(folder: string, name: string): string {
  return join(folder, createHash('sha256').update(name).digest('hex').slice(0, 16));
}

/**
 * Returns the commands with which the user logs in to a host and each hop before it by ssh itself. Each leaves a
 * ControlMaster that is used from then on. Every word is quoted for a POSIX shell.
 */
export function bootstrapCommands({ alias, route }: Pick<Host, 'alias' | 'route'>, plan: BootstrapPlan): string[] {
  const [jump, given] = route.kind === 'ssh' ? [route.options.proxyJump, route.options.given ?? []] : [null, []];
  const hops = (jump === null ? [] : parseProxyJump(jump)) ?? [];
  const chain: readonly JumpDestination[] = [...hops, { host: alias, user: null, port: null }];
  let before: string | null = null;
  return chain.map((hop, index) => {
    const isTarget = index === chain.length - 1;
    const name = hopName(hop, isTarget ? [] : chain.slice(0, index));
    const base = [
      'ssh',
      ...(plan.configFile === null ? [] : ['-F', plan.configFile]),
      '-o',
      `ControlPath=${quotePath(masterPathOf(plan.folder, name))}`,
    ];
    const destination = [
      ...(hop.user === null ? [] : ['-l', hop.user]),
      ...(hop.port === null ? [] : ['-p', String(hop.port)]),
    ];
    const way: string[] = before === null ? [] : ['-o', `ProxyCommand=${before}`];
    const master = ['-o', 'ControlMaster=auto', '-o', `ControlPersist=${lastingPersist(plan.persist)}`];
    // Overrides a RemoteCommand of the configuration, which would run as well.
    const session = ['-o', 'RemoteCommand=none', '-o', 'RequestTTY=no'];
    const settings = isTarget ? given.flatMap((setting) => ['-o', setting]) : [];
    before = `${proxyWords([...base, ...destination])} -W '[%h]:%p' -- ${proxyWords([hop.host])}`;
    return quoteWords([...base, ...master, ...session, ...way, ...destination, ...settings, '--', hop.host, 'true']);
  });
}

/** With `no`, a master ends with its command, before it can be used; with 0 it never ends. */
function lastingPersist(persist: string): string {
  return /^(?:no|(?:0+[smhdw]?)+)$/i.test(persist) ? SHORT_PERSIST_SECONDS : persist;
}

/** Returns a path as one word for ssh_config(5), with percent signs escaped so that they are not tokens. */
function quotePath(path: string): string {
  const escaped = path.replaceAll('%', '%%').replace(/(["\\])/g, '\\$1');
  return /[\s"'\\]/.test(escaped) ? `"${escaped}"` : escaped;
}

/** Escapes words of a ProxyCommand, where a percent sign starts a token. */
function proxyWords(words: readonly string[]): string {
  return quoteWords(words).replaceAll('%', '%%');
}

function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_./:=,@+-]+$/.test(word) ? word : quoteArgument(word))).join(' ');
}
