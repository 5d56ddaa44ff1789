import type { ChosenKeys } from '../components/keys/bindings.ts';
import type { Config } from '../config/schema.ts';
import { fleetSettings } from '../engine/fleet-settings.ts';
import type { ViewSettings } from '../store/settings.ts';

/** Returns the part of the configuration that decides how the fleet is shown. */
export function viewSettings(config: Config): ViewSettings {
  return {
    ...fleetSettings(config),
    sortBy: config.sessions.sort_by,
    maxDisplay: config.sessions.max_display,
    groups: true,
    demo: false,
  };
}

/** Returns the keys that the configuration chose. */
export function chosenKeys({ keybindings }: Config): ChosenKeys {
  return Object.fromEntries(
    Object.entries(keybindings).map(([name, key]) => [
      name,
      name === 'git_clone' && key === 'g' ? ['g c', 'g'] : [key],
    ]),
  );
}
