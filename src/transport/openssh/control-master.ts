import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from '../../domain/host.ts';
import { type JumpDestination, parseProxyJump } from '../../domain/jump.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';
import { hopName } from '../target.ts';

const run = promisify(execFile);
/** Milliseconds; the master answers at once or not at all. */
const PATIENCE = 3000;

/** The first of the ControlPaths at which a master listens; `null` when none does. */
export async function findControlMaster(paths: readonly (string | null)[], host: string): Promise<string | null> {
  for (const path of paths) if (path !== null && (await isMaster(path, host))) return path;
  return null;
}

async function isMaster(path: string, host: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isSocket()) return false;
  try {
    const escaped = path.replaceAll('%', '%%');
    await run('ssh', ['-F', 'none', '-O', 'check', '-o', `ControlPath="${escaped}"`, '--', host], {
      timeout: PATIENCE,
    });
    return true;
  } catch {
    return false;
  }
}

export interface MasterPlan {
  /** Private folder for the sockets. */
  readonly folder: string;
  /** Seconds, or `yes`. */
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
export function bootstrapCommands({ alias, route }: Pick<Host, 'alias' | 'route'>, plan: MasterPlan): string[] {
  const jump = route.kind === 'ssh' ? route.options.proxyJump : null;
  const hops = (jump === null ? [] : parseProxyJump(jump)) ?? [];
  const chain: readonly JumpDestination[] = [...hops, { host: alias, user: null, port: null }];
  let before: string[] | null = null;
  return chain.map((hop, index) => {
    const isTarget = index === chain.length - 1;
    const name = hopName(hop, isTarget ? [] : chain.slice(0, index));
    const base = [
      ...['ssh', ...(plan.configFile === null ? [] : ['-F', plan.configFile])],
      ...['-o', `ControlPath=${quoteOption(masterPathOf(plan.folder, name))}`],
    ];
    const destination = [
      ...(hop.user === null ? [] : ['-l', hop.user]),
      ...(hop.port === null ? [] : ['-p', String(hop.port)]),
    ];
    const way: string[] = before === null ? [] : ['-o', `ProxyCommand=${before.map(quoteWord).join(' ')}`];
    const master = ['-o', 'ControlMaster=auto', '-o', `ControlPersist=${plan.persist}`];
    before = [...base, ...destination, '-W', '[%h]:%p', '--', hop.host];
    return [...base, ...master, ...way, ...destination, '--', hop.host, 'true'].map(quoteWord).join(' ');
  });
}

/** As ssh_config(5) wants a value with blanks; percent signs would be tokens. */
function quoteOption(value: string): string {
  const escaped = value.replaceAll('%', '%%');
  return /\s/.test(escaped) ? `"${escaped}"` : escaped;
}

function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=,@+-]+$/.test(word) ? word : quoteArgument(word);
}
