import type { Config } from '../config/schema.ts';
import type { FleetSettings } from '../fleet/settings.ts';

/** Returns the part of the configuration that decides what a session's state is, and which hosts are read-only. */
export function fleetSettings(config: Config): FleetSettings {
  return {
    showArchived: config.sessions.show_archived,
    activeThreshold: config.display.active_threshold,
    idleThreshold: config.display.idle_threshold,
    stalledAfter: config.attention.stalled_after,
    snooze: config.attention.snooze,
    readonly: readonlyHosts(config),
  };
}

function readonlyHosts({ readonly, hosts }: Config): FleetSettings['readonly'] {
  if (readonly) return true;
  const listed = Object.entries(hosts.overrides).filter(([, override]) => override.readonly);
  return listed.length === 0 ? false : new Set(listed.map(([alias]) => alias));
}
