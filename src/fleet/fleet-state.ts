import type { Activity } from '../domain/activity.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { Answered } from './answered-requests.ts';
import { NOTHING_SEEN, type Seen } from './seen.ts';
import type { FleetSettings } from './settings.ts';

/** The known state of the fleet, without a screen. Times are epoch milliseconds of this machine unless noted. */
export interface FleetState {
  readonly settings: FleetSettings;
  /** By alias, in display order. */
  readonly entries: ReadonlyMap<string, HostEntry>;
  /** ocr's activities on each host, by alias, oldest first. */
  readonly activities: ReadonlyMap<string, readonly Activity[]>;
  /** False until the ssh config was read. */
  readonly discovered: boolean;
  /** Start of the next refresh of the fleet; `null` if none is planned. */
  readonly nextRefreshAt: number | null;
  readonly seen: Seen;
  /** End of each snooze, by the key of the reason for attention. */
  readonly snoozed: ReadonlyMap<string, number>;
  /** Requests answered here a moment ago. */
  readonly answered: Answered;
}

/** Returns a fleet with nothing known yet. */
export function emptyFleet<Settings extends FleetSettings>(
  settings: Settings,
): FleetState & { readonly settings: Settings } {
  return {
    settings,
    entries: new Map(),
    activities: new Map(),
    discovered: false,
    nextRefreshAt: null,
    seen: NOTHING_SEEN,
    snoozed: new Map(),
    answered: new Map(),
  };
}
