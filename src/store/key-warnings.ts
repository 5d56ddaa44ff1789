import type { HostKeyWarning } from '../domain/connection.ts';
import type { HostEntry } from '../domain/fleet.ts';

/** When the latest key warning was seen, by alias, epoch milliseconds. */
export type SeenKeyWarnings = ReadonlyMap<string, number>;

/** Returns the unseen warning about a host's key; `null` if there is none. */
export function keyWarningOf({ host, snapshot }: HostEntry, seen: SeenKeyWarnings): HostKeyWarning | null {
  const warning = snapshot?.connection?.warning ?? null;
  return warning === null || warning.at <= (seen.get(host.alias) ?? 0) ? null : warning;
}

/** Marks the warning about a host's key as seen. */
export function withKeyWarningSeen(seen: SeenKeyWarnings, entry: HostEntry): SeenKeyWarnings {
  const warning = keyWarningOf(entry, seen);
  return warning === null ? seen : new Map(seen).set(entry.host.alias, warning.at);
}
