import { printable } from './printable.ts';

/** What can be painted as it is, in any terminal. */
const PLAIN = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff]*$/;
const DELETE = 0x7f;

/**
 * Text that a person decides on, safe to paint on one line: unlike `printable` it drops nothing, since what is approved must be what is read. What cannot
 * be painted is named by the letters of `cat -v`, or by its number: `^[`, `^J`, `<202e>`.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  let shown = '';
  for (const character of text) shown += isPaintable(character) ? character : nameOf(character);
  return shown;
}

/** Does a text hold what cannot be painted as it is? Line breaks and tabs do not count. */
export function hidesSomething(text: string): boolean {
  const line = text.replace(/[\n\t]/g, ' ');
  return visible(line) !== line;
}

function isPaintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= DELETE && code < 0xa0)) return false;
  // A joiner is left out only before a picture.
  return printable(character) === character && character !== '\u200d';
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === DELETE ? '^?' : `<${code.toString(16)}>`;
}
