import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import { charactersOf } from './graphemes.ts';

/** How a character of a text is shown while the text is edited. */
export interface Shown {
  readonly text: string;
  readonly columns: number;
  /** True if the text is a sign for an invisible character, such as `^[`, all ASCII. */
  readonly isSign: boolean;
}

const TAB = '    ';
const DELETE = 0x7f;

/**
 * Returns the visible form of a character, by the letters of `cat -v` and vi. The user must see control characters and
 * marks that hide or reorder text before sending them. A tab in a multiline text is four blanks.
 */
export function shownCharacter(character: string, multiline: boolean): Shown {
  if (character === '\t' && multiline) return { text: TAB, columns: TAB.length, isSign: false };
  const code = character.codePointAt(0) ?? 0;
  const text = isControl(code) ? '' : printable(character);
  if (text === '') return sign([...character].map(nameOf).join(''));
  const columns = textWidth(text);
  // A combining mark without a base would be painted over the text to its left.
  if (columns === 0) return /^\p{M}/u.test(text) ? { ...shown(` ${text}`), isSign: false } : sign(nameOf(text));
  return { text, columns, isSign: false };
}

/** Columns that a part of a text takes while it is edited. */
export function shownColumns(text: string, multiline: boolean): number {
  let columns = 0;
  for (const character of charactersOf(text)) columns += shownCharacter(character, multiline).columns;
  return columns;
}

const isControl = (code: number) => code < 0x20 || (code >= DELETE && code < 0xa0);

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === DELETE ? '^?' : `<${code.toString(16)}>`;
}

function shown(text: string) {
  return { text, columns: textWidth(text) };
}

function sign(text: string): Shown {
  return { text, columns: text.length, isSign: true };
}
