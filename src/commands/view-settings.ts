import type { Config } from '../config/schema.ts';
import { fleetSettings } from '../engine/fleet-settings.ts';
import type { ViewSettings } from '../store/settings.ts';
import { isScreenRead } from './look.ts';

/** Returns the part of the configuration that decides how the fleet is shown. */
export function viewSettings(config: Config, demo = false): ViewSettings {
  return {
    ...fleetSettings(config),
    sortBy: config.sessions.sort_by,
    maxDisplay: config.sessions.max_display,
    groups: true,
    animation: config.display.animation && !isScreenRead(process.env),
    enterAnswers: config.attention.enter === 'answer',
    columns: {
      fleet: config.display.columns.fleet ?? null,
      sessions: config.display.columns.sessions ?? null,
      hosts: config.display.columns.hosts ?? null,
    },
    demo,
  };
}
