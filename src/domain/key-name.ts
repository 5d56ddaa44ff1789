/** Keys with a name; every other key is named by its character, and `ctrl+` goes before a letter or sign. */
export const NAMED_KEYS = [
  'enter',
  'space',
  'tab',
  'esc',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pgup',
  'pgdn',
  'backspace',
  'delete',
] as const;

/** True if this is the name of a key that a terminal can send: `r`, `?`, `enter`, `ctrl+r`. */
export function isKeyName(name: string): boolean {
  if ((NAMED_KEYS as readonly string[]).includes(name)) return true;
  const sign = name.startsWith('ctrl+') ? name.slice('ctrl+'.length) : name;
  return sign.length === 1 && sign > ' ' && sign <= '~';
}
