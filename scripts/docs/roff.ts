/** Returns text for troff: a backslash, a dash and a dot or quote at the start of a line would be commands or other characters. */
export function escapeRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replaceAll('…', '...')
    .replace(/^([.'])/gm, '\\&$1');
}

/** Writes a term in bold with its explanation, as a tagged paragraph. */
export function tagged(term: string, text: string): string {
  return `.TP\n.B ${quoted(term)}\n${escapeRoff(text) || '\\&'}`;
}

export function section(title: string): string {
  return `.SH ${quoted(title.toUpperCase())}`;
}

export function subsection(title: string): string {
  return `.SS ${quoted(title)}`;
}

/** Quotes an argument of a macro. */
function quoted(text: string): string {
  return `"${escapeRoff(text).replaceAll('"', '\\(dq')}"`;
}
