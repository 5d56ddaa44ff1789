import { textWidth } from '../domain/text-width.ts';

const SGR = /\u001b\[([\d;]*)m/g;
const FIRST_STYLES = new RegExp(`^(?:${SGR.source})+`);
const ESCAPE = '\u001b';
/** Least columns to skip: below this, the whole row is as short. */
const MIN_COLUMNS = 12;
/** Characters below this do not join the one before them. */
const FIRST_COMBINING = 0x300;

/** A row from a column on, as it must be written over the row before. */
export interface RowChange {
  /** Columns of the row that stay, counted from the left. */
  readonly column: number;
  /** The rest, with the style that it begins in. */
  readonly text: string;
}

/** Returns the part of a painted row that differs from the row before, from the left on. Only styles (SGR) may stand in the rows. */
export function changeOfRow(before: string | undefined, after: string): RowChange {
  const cut = before === undefined ? 0 : cutBefore(after, commonLength(before, after));
  const kept = after.slice(0, cut);
  const column = cut === 0 ? 0 : textWidth(kept.replaceAll(SGR, ''));
  if (column < MIN_COLUMNS) return { column: 0, text: after };
  const begin = cut + (FIRST_STYLES.exec(after.slice(cut))?.[0].length ?? 0);
  return { column, text: styleAt(after.slice(0, begin)) + after.slice(begin) };
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Returns the last place up to `end` that follows a blank: it is in no sequence and in no character. */
function cutBefore(text: string, end: number): number {
  const sequence = text.lastIndexOf(ESCAPE, end - 1);
  const isOpen = sequence >= 0 && !text.slice(sequence, end).includes('m');
  for (let at = isOpen ? sequence : end; at > 0; at -= 1) {
    if (text.charCodeAt(at - 1) === 0x20 && !(text.charCodeAt(at) >= FIRST_COMBINING)) return at;
  }
  return 0;
}

/** A change of the foreground alone: a name, one of 256, or red, green and blue. */
const FOREGROUND = /^(?:3[0-79]|9[0-7]|38;5;\d+|38;2;\d+;\d+;\d+)$/;
/** Parameters that reset the style first. */
const RESETS = /^0?(?:;|$)/;

/** Returns the sequences that set the style at the end of a text. The painter changes the foreground alone, or begins anew. */
function styleAt(text: string): string {
  let [base, foreground] = ['', ''];
  for (const [sequence, parameters = ''] of text.matchAll(SGR)) {
    const own = parameters.replace(RESETS, '');
    if (FOREGROUND.test(own)) [base, foreground] = [own === parameters ? base : '', `\u001b[${own}m`];
    else [base, foreground] = [own === '' ? '' : sequence, ''];
  }
  return base + foreground;
}

/** Colours in a style, whose numbers are no attributes. */
const COLOUR = /[34]8;(?:5;\d+|2;\d+;\d+;\d+)/g;
/** Underline, reverse and a background show on blanks. */
const SHOWS_ON_BLANKS = /(?:^|;)(?:4|7|4[0-7]|10[0-7]|b)(?:;|$)/;
const BLANK_END = / +(?:\u001b\[0?m)?$/;
/** Styles at the end, which nothing is written in. */
const LAST_STYLES = new RegExp(`(?:${SGR.source})+(?=\\u001b\\[0?m$)`);

/** At least six blanks are longer than a move of the cursor. What follows must not join the character before it. */
const STYLE_OR_BLANKS = new RegExp(`${SGR.source}| {6,}(?=[ -\u02ff\u001b])`, 'g');

/**
 * Returns a text without the blanks at its end, and with moves of the cursor (CUF) for many in a row, unless their style
 * shows. The row was erased before.
 */
export function withoutBlanks(text: string): string {
  const end = BLANK_END.exec(text);
  let isSeen = false;
  let written = '';
  let from = 0;
  for (const { 0: found, 1: parameters, index } of text.matchAll(STYLE_OR_BLANKS)) {
    if (end !== null && index >= end.index) break;
    if (parameters !== undefined) isSeen = FOREGROUND.test(parameters) ? isSeen : showsOnBlanks(parameters);
    else if (!isSeen) {
      written += `${text.slice(from, index)}\u001b[${found.length}C`;
      from = index + found.length;
    }
  }
  const last = end === null || isSeen ? text.slice(from) : text.slice(from, end.index) + end[0].trimStart();
  return written + last.replace(LAST_STYLES, '');
}

/** True if a style's underline, reverse or background shows on blanks. */
function showsOnBlanks(parameters: string): boolean {
  return SHOWS_ON_BLANKS.test(parameters.replaceAll(COLOUR, (colour) => (colour.startsWith('4') ? 'b' : '')));
}
