import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import type { MachineSeed } from '../seeds/seed.ts';

const KIB_PER_GIB = 2 ** 20;
/** Below the host's folder. */
export const CPU_FOLDER = 'sys/devices/system/cpu';
/** How far load and memory stray from their usual values, as a share of them. */
const LOAD_WOBBLE = 0.35;
const MEMORY_WOBBLE = 0.04;

/** Writes into existing folders the files from which the survey reads a Linux host's load and memory, with values around the usual ones. */
export async function writeMachine(
  root: string,
  { cpus, memory, load, used }: MachineSeed,
  random: Random,
): Promise<void> {
  const stray = (value: number, share: number) => value * (1 + share * (2 * random.next() - 1));
  const total = memory * KIB_PER_GIB;
  const available = Math.round(total * (1 - Math.min(0.99, stray(used, MEMORY_WOBBLE))));
  await Promise.all([
    writeFile(join(root, CPU_FOLDER, 'online'), `0-${cpus - 1}\n`),
    writeFile(join(root, 'proc', 'loadavg'), `${stray(load, LOAD_WOBBLE).toFixed(2)} ${load} ${load} 2/900 4242\n`),
    writeFile(
      join(root, 'proc', 'meminfo'),
      `MemTotal: ${total} kB\nMemFree: ${available} kB\nMemAvailable: ${available} kB\n`,
    ),
  ]);
}
