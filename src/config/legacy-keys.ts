import type { ActionName, KeyBindings } from '../domain/action-names.ts';

const DEFAULT_KEYS = {
  attach: 'enter',
  search: '/',
  refresh: 'r',
  quit: 'q',
  new_session: 'n',
  kill_session: 'd',
  git_clone: 'g',
  inspect: 'i',
  cycle_view: 'tab',
  authenticate: 'a',
  error_detail: 'e',
} as const satisfies Partial<Record<ActionName, string>>;
type LegacyName = keyof typeof DEFAULT_KEYS;

/** Returns the first key of each of the eleven actions of the first release: the configured one, else the default; '' if it is unbound. */
export function legacyKeys({ keybindings }: { readonly keybindings: KeyBindings }): Record<LegacyName, string> {
  const keyOf = (name: LegacyName): string => {
    const keys = keybindings[name];
    return keys === undefined ? DEFAULT_KEYS[name] : (keys[0] ?? '');
  };
  return {
    attach: keyOf('attach'),
    search: keyOf('search'),
    refresh: keyOf('refresh'),
    quit: keyOf('quit'),
    new_session: keyOf('new_session'),
    kill_session: keyOf('kill_session'),
    git_clone: keyOf('git_clone'),
    inspect: keyOf('inspect'),
    cycle_view: keyOf('cycle_view'),
    authenticate: keyOf('authenticate'),
    error_detail: keyOf('error_detail'),
  };
}
