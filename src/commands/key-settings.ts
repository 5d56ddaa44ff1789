import type { KeySettings } from '../components/keys/key-table.ts';
import type { LoadedConfig } from '../config/load.ts';

/** Returns what the configuration says about keys, saved filters and the user's own commands. */
export function keySettings({ config, keyLines }: Pick<LoadedConfig, 'config' | 'keyLines'>): KeySettings {
  return {
    chosen: config.keybindings,
    lines: keyLines,
    filters: Object.entries(config.filters).map(([name, { filter, key }]) => ({ name, filter, key: key ?? null })),
    commands: Object.entries(config.commands).map(([name, { label, key, scope }]) => ({
      name,
      label: label ?? name,
      keys: key === undefined ? [] : [key],
      scope,
    })),
  };
}
