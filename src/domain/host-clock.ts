/** A host's own clock. */
export interface HostClock {
  /** When the host booted, epoch milliseconds of its own clock; `null` if unknown, as without /proc. */
  readonly bootedAt: number | null;
  /** Minutes that its local time is ahead of UTC. */
  readonly zone: number;
}

/** Linux counts process start times in hundredths of a second, whatever the kernel's own tick (USER_HZ). */
const TICK_MS = 10;
const LSTART = /^[A-Z][a-z]{2}_([A-Z][a-z]{2})_(\d{1,2})_(\d{2}:\d{2}:\d{2})_(\d{4})$/;

/**
 * Returns when a process started, epoch milliseconds of the host's clock; `null` if unknown.
 * @param startId from `/proc/PID/stat`, ticks since boot, or `lstart` of `ps`: see `Server.startId`
 */
export function processStart(startId: string, { bootedAt, zone }: HostClock): number | null {
  const [, month, day, time, year] = LSTART.exec(startId) ?? [];
  if (month !== undefined) {
    const at = Date.parse(`${month} ${day} ${year} ${time} UTC`);
    return Number.isNaN(at) ? null : at - zone * 60_000;
  }
  return bootedAt !== null && /^\d+$/.test(startId) ? bootedAt + Number(startId) * TICK_MS : null;
}
