/** True if there is such a process group, and it got the signal. Ids below 2 are refused: -0 and -1 would signal every process. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined || pid < 2) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
