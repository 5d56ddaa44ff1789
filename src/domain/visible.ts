/**
 * What is not painted as it is: controls, separators of lines, all that is not seen or moves what is (see `printable`), what terminals paint
 * in their own ways (keycaps, skin tones), and code points of which no one can tell what a terminal paints.
 */
const NAMED =
  /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Default_Ignorable_Code_Point}\p{Format}\p{Surrogate}\p{Unassigned}\p{Private_Use}]|\u20e3|[\u{1f3fb}-\u{1f3ff}]/gu;
const DELETE = 0x7f;

/**
 * Text that a person decides on, safe to paint on one line: unlike `printable` it drops nothing, since what is approved must be what is read. What cannot
 * be painted is named by the letters of `cat -v`, or by its number: `^[`, `^J`, `<202e>`.
 */
export function visible(text: string): string {
  return text.replace(NAMED, nameOf);
}

/** A text of several lines, each as `visible` shows it. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** Does a text hold what cannot be painted as it is? Line breaks and tabs do not count. */
export function hidesSomething(text: string): boolean {
  const line = text.replace(/[\n\t]/g, ' ');
  return visible(line) !== line;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  return code === DELETE ? '^?' : `<${code.toString(16)}>`;
}
