/** Keys with a name; every other key is named by its character. */
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

/** Named keys that terminals send with a modifier other than Alt. */
const MODIFIED_KEYS: readonly string[] = ['shift+tab', 'ctrl+space'];
/** Keys of the longest chord. */
const MAX_CHORD_KEYS = 3;

/** True if this is the name of a key that a terminal can send: `r`, `?`, `enter`, `ctrl+r`, `alt+d`, `alt+left`. */
export function isKeyName(name: string): boolean {
  if (name.startsWith('alt+') && name !== 'alt+') return isPlainKey(name.slice('alt+'.length));
  if (name.startsWith('ctrl+') && name !== 'ctrl+') return isSign(name.slice('ctrl+'.length)) || isModified(name);
  return isPlainKey(name) || isModified(name);
}

/** True if this is one key, or a chord of two or three keys with a blank between them: `g c`, `ctrl+x s`. */
export function isKeySequence(text: string): boolean {
  const keys = text.split(' ');
  return keys.length <= MAX_CHORD_KEYS && keys.every(isKeyName);
}

function isPlainKey(name: string): boolean {
  return NAMED_KEYS.some((key) => key === name) || isSign(name);
}

function isModified(name: string): boolean {
  return MODIFIED_KEYS.includes(name);
}

function isSign(text: string): boolean {
  return text.length === 1 && text > ' ' && text <= '~';
}
