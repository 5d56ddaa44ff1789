/**
 * Matches text that is not painted as it is: controls, line separators, invisible or moving text (see `printable`), text that terminals paint in
 * their own ways (keycaps, skin tones), and code points that a terminal may paint in any way.
 */
const NAMED =
  /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Default_Ignorable_Code_Point}\p{Format}\p{Surrogate}\p{Unassigned}\p{Private_Use}]|\u20e3|[\u{1f3fb}-\u{1f3ff}]/gu;
const DELETE = 0x7f;

/**
 * Returns text for a decision, safe to paint on one line. Unlike `printable` it drops nothing, since the user must read
 * exactly what is approved. Names characters that cannot be painted by the letters of `cat -v`, or by number: `^[`,
 * `^J`, `<202e>`.
 */
export function visible(text: string): string {
  return text.replace(NAMED, nameOf);
}

/** Applies `visible` to each line of a text. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** True if a text contains characters that cannot be painted as they are. Line breaks and tabs do not count. */
export function hidesSomething(text: string): boolean {
  const line = text.replace(/[\n\t]/g, ' ');
  return visible(line) !== line;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === DELETE ? '^?' : `<${code.toString(16)}>`;
}
