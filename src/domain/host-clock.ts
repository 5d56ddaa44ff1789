/** What a host says of its own clock. */
export interface HostClock {
  /** When the host started, epoch milliseconds of its own clock; `null` where it does not tell, as without /proc. */
  readonly bootedAt: number | null;
  /** Minutes that its local time is ahead of UTC. */
  readonly zone: number;
}

/** Linux counts the starts of processes in hundredths of a second, whatever its kernel's own tick is (USER_HZ). */
const TICK_MS = 10;
const LSTART = /^[A-Z][a-z]{2}_([A-Z][a-z]{2})_(\d{1,2})_(\d{2}:\d{2}:\d{2})_(\d{4})$/;

/**
 * Returns when a process started, epoch milliseconds of the host's clock; `null` where that cannot be told.
 * @param startId from `/proc/PID/stat`, ticks since the host started, or `lstart` of `ps`: see `Server.startId`
 */
export function processStart(startId: string, { bootedAt, zone }: HostClock): number | null {
  const [, month, day, time, year] = LSTART.exec(startId) ?? [];
  if (month !== undefined) {
    const at = Date.parse(`${month} ${day} ${year} ${time} UTC`);
    return Number.isNaN(at) ? null : at - zone * 60_000;
  }
  return bootedAt !== null && /^\d+$/.test(startId) ? bootedAt + Number(startId) * TICK_MS : null;
}
