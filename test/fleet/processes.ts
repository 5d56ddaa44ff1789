import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

/** A process that cannot be mistaken for a later one with the same number. */
export const processIdentity = z.object({ pid: z.number(), startTime: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** The user running this; start times are clock ticks since boot, from field 22 of proc_pid_stat(5). */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: readStat(process.pid)?.startTime ?? '' };
}

/** True while that very process runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return readStat(identity.pid)?.startTime === identity.startTime;
}

/**
 * Kills every process that a fleet started, daemons of its hosts included, and waits until they are gone (2 s at most).
 * They are recognised by `OCR_FLEET=DIRECTORY` in their environment; their descendants are killed too, because sshd
 * overwrites its environment with its title.
 */
export async function killFleetProcesses(directory: string): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const victims = findFleetProcesses(directory);
    if (victims.length === 0) return;
    for (const pid of victims) kill(pid);
    await sleep(50);
  }
}

/** Numbers of the living processes of the fleet in that directory. */
export function findFleetProcesses(directory: string): number[] {
  const children = new Map<number, number[]>();
  const marked: number[] = [];
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat === undefined || stat.state === 'Z') continue;
    const pid = Number(name);
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
    if (pid !== process.pid && isMarked(pid, directory)) marked.push(pid);
  }
  const found = new Set<number>();
  const visit = (pid: number): void => {
    if (found.has(pid)) return;
    found.add(pid);
    children.get(pid)?.forEach(visit);
  };
  marked.forEach(visit);
  return [...found];
}

function isMarked(pid: number, directory: string): boolean {
  const variables = readProc(pid, 'environ').split('\0');
  if (variables.includes(`OCR_FLEET=${directory}`)) return true;
  const command = readProc(pid, 'cmdline');
  return command.startsWith('sshd: ') && command.includes(`${directory}/`);
}

function readStat(pid: number): { state: string; parent: number; startTime: string } | undefined {
  const text = readProc(pid, 'stat');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTime = fields[19];
  return state && parent && startTime ? { state, parent: Number(parent), startTime } : undefined;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
