/** Load and memory of a host. A field that the host does not tell is `null`. */
export interface Machine {
  /** Average number of processes that ran or waited to run in the last minute. */
  readonly load: number | null;
  readonly cpus: number | null;
  /** Bytes. */
  readonly memoryTotal: number | null;
  /** Bytes that programs cannot get back from caches. */
  readonly memoryUsed: number | null;
}

/** Returns the used part of a host's memory, 0 to 1; `null` if unknown. */
export function memoryShare({ memoryTotal, memoryUsed }: Machine): number | null {
  if (memoryTotal === null || memoryUsed === null || memoryTotal <= 0) return null;
  return Math.min(1, Math.max(0, memoryUsed / memoryTotal));
}
