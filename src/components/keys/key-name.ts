import type { Key } from 'ink';

/**
 * The name of a pressed key as bindings use it: `up`, `enter`, `ctrl+r`, `alt+d`, `shift+tab`, `q`; `null` for text of
 * more than one character. Esc with another key is alt and that key.
 */
export function keyNameOf(input: string, key: Key): string | null {
  const name = plainNameOf(input, key);
  if (name === null || !key.meta || key.escape) return name;
  return `alt+${name}`;
}

function plainNameOf(input: string, key: Key): string | null {
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
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  if (input === ' ') return key.ctrl ? 'ctrl+space' : 'space';
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

const CONTROL_LETTER = 0x60;
const LAST_CONTROL_LETTER = 0x1a;

/** The name of the key that sends one character; `null` for a control character without a name. */
export function characterKeyName(character: string): string | null {
  const named = CONTROL_KEYS[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  if (code === 0) return 'ctrl+space';
  if (code > 0 && code <= LAST_CONTROL_LETTER) return `ctrl+${String.fromCharCode(code + CONTROL_LETTER)}`;
  return character >= ' ' ? character : null;
}

/** Splits one read into the characters of separate keys. A line feed after a carriage return is the same Enter. */
export function charactersOfRead(text: string): readonly string[] {
  return [...text.replaceAll('\r\n', '\r')];
}
