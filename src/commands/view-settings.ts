import type { Config } from '../config/schema.ts';
import { fleetSettings } from '../engine/fleet-settings.ts';
import type { ViewSettings } from '../store/settings.ts';

/** Returns the part of the configuration that decides how the fleet is shown. */
export function viewSettings(config: Config, demo = false): ViewSettings {
  const { sort_by: sortBy, max_display: maxDisplay } = config.sessions;
  return { ...fleetSettings(config), sortBy, maxDisplay, demo };
}
