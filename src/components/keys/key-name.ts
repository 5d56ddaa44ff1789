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

const CONTROL_LETTER = 0x60;
const LAST_CONTROL_LETTER = 0x1a;

/** The name of the key that sends one character; `null` for a control character without a name. */
export function characterKeyName(character: string): string | null {
  const named = CONTROL_KEYS[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  if (code > 0 && code <= LAST_CONTROL_LETTER) return `ctrl+${String.fromCharCode(code + CONTROL_LETTER)}`;
  return character >= ' ' ? character : null;
}

/** Splits one read into the characters of separate keys. A line feed after a carriage return is the same Enter. */
export function charactersOfRead(text: string): readonly string[] {
  return [...text.replaceAll('\r\n', '\r')];
}
