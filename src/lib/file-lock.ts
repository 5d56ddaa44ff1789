interface LockOptions {
  /** Attempts after the first; 60 add up to at least 5 s, 30 to some two. */
  readonly retries: number;
  /** True if the lock is placed beside the file that a symbolic link leads to. */
  readonly realpath: boolean;
}

/** Milliseconds after which the lock of a killed process is taken over. */
const STALE_MS = 3000;

/**
 * Locks a file against other processes of this program; returns the way to release it, which never rejects. The lock
 * is a folder, so it works on every file system. Rejects if the lock cannot be made or stays taken.
 */
export async function lockFile(path: string, { retries, realpath }: LockOptions): Promise<() => Promise<void>> {
  // Loaded late: it installs signal handlers, and few runs need it.
  const { default: lockfile } = await import('proper-lockfile');
  const release = await lockfile.lock(path, {
    stale: STALE_MS,
    retries: { retries, factor: 1.2, minTimeout: 10, maxTimeout: 100, randomize: true },
    realpath,
    onCompromised: () => {},
  });
  return () => release().catch(() => {});
}
