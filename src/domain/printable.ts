/** OSC, DCS, SOS, PM and APC strings, then CSI sequences, then two-byte escapes; also in their 8-bit forms (ECMA-48). */
const ESCAPE_SEQUENCES =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
/** Control characters, line and paragraph separators. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/**
 * Matches invisible text, and text that moves its neighbours: code points that Unicode says to ignore where unsupported (zero widths, fillers,
 * variation selectors, tags), format characters (marks that reorder text, interlinear annotation), noncharacters, lone surrogates. Joiners have a
 * rule of their own.
 */
const INVISIBLE =
  /[\p{Default_Ignorable_Code_Point}\p{Format}\p{Noncharacter_Code_Point}\p{Surrogate}](?<!\u200c|\u200d)/gu;
const JOINERS = /\u200c|\u200d/;
/** Matches joiners that shape no letter: they shape letters only behind one, in scripts whose letters join or stack. */
const STRAY_JOINERS =
  /(?:\u200c|\u200d)(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}](?:\u200c|\u200d))/gu;
/**
 * Matches the visible modifiers of emoji (UTS #51): skin tones, keycaps. Terminals disagree on the columns of an emoji sequence, and a miscounted row
 * breaks; single pictures have the same width everywhere.
 */
const EMOJI_VARIANTS = /\u20e3|[\u{1f3fb}-\u{1f3ff}]/gu;
const NEEDS_CLEANING = /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff]/;

/**
 * Returns foreign text, safe to paint on one line: drops escape sequences, turns control characters and line breaks
 * into one space, drops marks that reorder or hide text. Combining marks stay; joined emoji become their single
 * pictures.
 */
export function printable(text: string): string {
  if (!NEEDS_CLEANING.test(text)) return text;
  const clean = text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '')
    .replace(EMOJI_VARIANTS, '');
  return JOINERS.test(clean) ? clean.replace(STRAY_JOINERS, '') : clean;
}
