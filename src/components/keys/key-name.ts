import type { Key } from 'ink';

/** The name of a pressed key as bindings use it: `up`, `enter`, `ctrl+r`, `q`; `null` for text of more than one character. */
export function keyNameOf(input: string, key: Key): string | null {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pgup';
  if (key.pageDown) return 'pgdn';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  if (input === ' ') return 'space';
  if ([...input].length !== 1) return null;
  return key.ctrl ? `ctrl+${input}` : input;
}

const CONTROL_KEYS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001b': 'esc',
  '\u007f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

/** The name of the key that sends one character; `null` for a control character without a name. */
export function characterKeyName(character: string): string | null {
  return CONTROL_KEYS[character] ?? (character >= ' ' ? character : null);
}
