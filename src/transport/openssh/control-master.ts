import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from '../../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../../domain/jump.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';
import { hopName } from '../target.ts';

const run = promisify(execFile);
/** Milliseconds; the master answers at once or not at all. */
const PATIENCE = 3000;
/** Seconds that a master lasts for which the configuration has no useful time. */
const SHORT_PERSIST = '60';

/** The first of the ControlPaths at which a master listens; `null` when none does. */
export async function findControlMaster(paths: readonly (string | null)[], host: string): Promise<string | null> {
  for (const path of paths) if (path !== null && (await isMaster(path, host))) return path;
  return null;
}

async function isMaster(path: string, host: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  const folder = await stat(dirname(path)).catch(() => null);
  if (found === null || folder === null || !found.isSocket()) return false;
  // Another user's socket, or one in a folder that another user can write, would receive everything sent to the host.
  const me = process.getuid?.();
  if (found.uid !== me || (folder.uid !== me && folder.uid !== 0)) return false;
  try {
    await run('ssh', ['-F', 'none', '-O', 'check', '-o', `ControlPath=${quotePath(path)}`, '--', host], {
      timeout: PATIENCE,
    });
    return true;
  } catch {
    return false;
  }
}

/** How a person is to leave masters with ssh itself. */
export interface BootstrapPlan {
  /** Private folder for the sockets. */
  readonly folder: string;
  /** As in ssh_config(5), ControlPersist. */
  readonly persist: string;
  /** Given with -F; `null` lets ssh find its own. */
  readonly configFile: string | null;
}

/** Where the master of a host or hop listens. Short, since the path of a socket may have some hundred bytes at most. */
export function masterPathOf(folder: string, name: string): string {
  return join(folder, createHash('sha256').update(name).digest('hex').slice(0, 16));
}

/**
 * The commands by which a person logs in to a host and each hop before it with ssh itself, leaving a ControlMaster that is used from then on. Every word
 * is quoted for a POSIX shell.
 */
export function bootstrapCommands({ alias, route }: Pick<Host, 'alias' | 'route'>, plan: BootstrapPlan): string[] {
  const jump = route.kind === 'ssh' ? route.options.proxyJump : null;
  const hops = (jump === null ? [] : parseProxyJump(jump)) ?? [];
  const chain: readonly JumpDestination[] = [...hops, { host: alias, user: null, port: null }];
  let before: string | null = null;
  return chain.map((hop, index) => {
    const isTarget = index === chain.length - 1;
    const name = hopName(hop, isTarget ? [] : chain.slice(0, index));
    const base = [
      ...['ssh', ...(plan.configFile === null ? [] : ['-F', plan.configFile])],
      ...['-o', `ControlPath=${quotePath(masterPathOf(plan.folder, name))}`],
    ];
    const destination = [
      ...(hop.user === null ? [] : ['-l', hop.user]),
      ...(hop.port === null ? [] : ['-p', String(hop.port)]),
    ];
    const way: string[] = before === null ? [] : ['-o', `ProxyCommand=${before}`];
    const master = ['-o', 'ControlMaster=auto', '-o', `ControlPersist=${lastingPersist(plan.persist)}`];
    // A RemoteCommand of the configuration would be one too many.
    const session = ['-o', 'RemoteCommand=none', '-o', 'RequestTTY=no'];
    before = `${proxyWords([...base, ...destination])} -W '[%h]:%p' -- ${proxyWords([hop.host])}`;
    return quoteWords([...base, ...master, ...session, ...way, ...destination, '--', hop.host, 'true']);
  });
}

/** With `no` a master ends with its command, before anything can use it; with 0 it never does. */
function lastingPersist(persist: string): string {
  return /^(?:no|(?:0+[smhdw]?)+)$/i.test(persist) ? SHORT_PERSIST : persist;
}

/** A path as one word for ssh_config(5), with its percent signs protected from being tokens. */
function quotePath(path: string): string {
  const escaped = path.replaceAll('%', '%%').replace(/(["\\])/g, '\\$1');
  return /[\s"'\\]/.test(escaped) ? `"${escaped}"` : escaped;
}

/** Words of a ProxyCommand, in which a percent sign begins a token. */
function proxyWords(words: readonly string[]): string {
  return quoteWords(words).replaceAll('%', '%%');
}

function quoteWords(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_./:=,@+-]+$/.test(word) ? word : quoteArgument(word))).join(' ');
}
