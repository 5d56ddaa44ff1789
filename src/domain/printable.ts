/** OSC, DCS, SOS, PM and APC strings, then CSI sequences, then two-byte escapes; also in their 8-bit forms (ECMA-48). */
const ESCAPE_SEQUENCES =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
/** Control characters, line and paragraph separators. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Marks that reorder text (UAX #9), soft hyphen, invisible operators, tags, interlinear annotation, byte order mark, lone surrogates. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
/**
 * What joins or varies emoji (UTS #51): joiners before a picture, variation selectors, skin tones, keycaps. Terminals differ in how many columns
 * such a sequence takes, and a row that is counted wrong breaks; its pictures one by one take the same everywhere.
 */
const EMOJI_VARIANTS = /[\ufe00-\ufe0f\u20e3]|[\u{1f3fb}-\u{1f3ff}]/gu;
const EMOJI_JOINTS = /\u200d+(?=\p{Extended_Pictographic})/gu;
const NEEDS_CLEANING = /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff]/;

/**
 * Text from a remote or a person, safe to paint on one line: escape sequences dropped, control characters and line breaks turned
 * into one space, marks that reorder or hide text dropped. Combining marks stay; joined emoji become
 * their single pictures.
 */
export function printable(text: string): string {
  if (!NEEDS_CLEANING.test(text)) return text;
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '')
    .replace(EMOJI_VARIANTS, '')
    .replace(EMOJI_JOINTS, '');
}
