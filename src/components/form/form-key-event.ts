import type { Key } from 'ink';
import type { FormKey } from '../../store/form/field.ts';
import type { FormEvent } from '../../store/form/form.ts';

export type Modifiers = Pick<Key, 'ctrl' | 'meta' | 'shift'>;

/** Keys whose meaning does not depend on modifiers, except those below. */
const NAMED: Readonly<Record<string, FormKey>> = {
  enter: 'enter',
  tab: 'tab',
  esc: 'cancel',
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  home: 'lineStart',
  end: 'lineEnd',
  pgup: 'pageUp',
  pgdn: 'pageDown',
  backspace: 'backspace',
  delete: 'delete',
  // Sent by ctrl+j, unless the terminal speaks the kitty protocol.
  '\n': 'newline',
};

/** With alt, or with ctrl. */
const BY_WORDS: Readonly<Record<string, FormKey>> = {
  left: 'wordLeft',
  right: 'wordRight',
  backspace: 'eraseWordLeft',
  delete: 'eraseWordRight',
};

/** As in a shell. */
const WITH_CONTROL: Readonly<Record<string, FormKey>> = {
  a: 'lineStart',
  b: 'left',
  d: 'delete',
  e: 'lineEnd',
  f: 'right',
  h: 'backspace',
  i: 'tab',
  j: 'newline',
  k: 'eraseToEnd',
  m: 'enter',
  n: 'down',
  p: 'up',
  s: 'submit',
  u: 'eraseToStart',
  w: 'eraseWord',
  home: 'textStart',
  end: 'textEnd',
  enter: 'submit',
};

const WITH_ALT: Readonly<Record<string, FormKey>> = {
  b: 'wordLeft',
  d: 'eraseWordRight',
  f: 'wordRight',
  enter: 'newline',
  '<': 'textStart',
  '>': 'textEnd',
};

/** Modifiers in the name of a key; `+` alone is a key. */
const HELD = /^(?:(?:ctrl|alt|shift)\+(?=.))+/;

/**
 * Returns the form event of a key. `keyName` as of `keyNameOf`, `text` as Ink gave it; `null` for a key without a
 * meaning here. Text of several characters is typed as it is: see `formInputEvents` for keys that came in one read.
 */
export function formKeyEvent(keyName: string | null, text: string, key: Modifiers): FormEvent | null {
  if (keyName === null) return text === '' || key.ctrl || key.meta ? null : { kind: 'type', text };
  const pressed = formKeyOf(keyName, key);
  if (pressed !== undefined) return { kind: 'key', key: pressed };
  if (key.ctrl || key.meta) return null;
  if (keyName === 'space') return { kind: 'type', text: ' ' };
  return [...keyName].length === 1 && keyName >= ' ' ? { kind: 'type', text: keyName } : null;
}

function formKeyOf(keyName: string, { ctrl, meta, shift }: Modifiers): FormKey | undefined {
  const name = keyName.replace(HELD, '');
  const held =
    (ctrl ? (WITH_CONTROL[name] ?? BY_WORDS[name]) : undefined) ??
    (meta ? (WITH_ALT[name] ?? BY_WORDS[name]) : undefined);
  if (held !== undefined) return held;
  if (shift && name === 'enter') return 'newline';
  if (shift && name === 'tab') return 'backtab';
  // A letter is not a key here: `up` is a key, `u` is text.
  return NAMED[name];
}

const CONTROL_LETTER = 0x60;

/**
 * Splits one read of Ink into key events. Several characters come in one read when they were typed ahead or the line is slow: each is a key of its
 * own. The terminal marks a paste as such, so a paste never comes this way.
 */
export function formInputEvents(keyName: string | null, text: string, key: Modifiers): FormEvent[] {
  if (keyName !== null || text === '' || key.ctrl || key.meta) {
    const event = formKeyEvent(keyName, text, key);
    return event === null ? [] : [event];
  }
  // Inserted together, since several code points may form one grapheme.
  return text
    .replaceAll('\r\n', '\r')
    .split(/([\u0000-\u001f\u007f])/)
    .flatMap((part): FormEvent[] => {
      if (part === '') return [];
      if (part >= ' ' && part !== '\u007f') return [{ kind: 'type', text: part }];
      const pressed =
        part === '\u007f' ? 'backspace' : WITH_CONTROL[String.fromCharCode(part.charCodeAt(0) + CONTROL_LETTER)];
      return pressed === undefined ? [] : [{ kind: 'key', key: pressed }];
    });
}
