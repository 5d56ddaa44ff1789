import type { HostKeyWarning } from '../domain/connection.ts';
import type { HostEntry } from '../domain/fleet.ts';

/** When the last warning about its key was seen, by alias, epoch milliseconds. */
export type SeenKeyWarnings = ReadonlyMap<string, number>;

/** The warning about a host's key that nobody has seen yet; `null` where there is none. */
export function keyWarningOf({ host, snapshot }: HostEntry, seen: SeenKeyWarnings): HostKeyWarning | null {
  const warning = snapshot?.connection?.warning ?? null;
  return warning === null || warning.at <= (seen.get(host.alias) ?? 0) ? null : warning;
}

/** Takes the warning about a host's key for seen. */
export function withKeyWarningSeen(seen: SeenKeyWarnings, entry: HostEntry): SeenKeyWarnings {
  const warning = keyWarningOf(entry, seen);
  return warning === null ? seen : new Map(seen).set(entry.host.alias, warning.at);
}
