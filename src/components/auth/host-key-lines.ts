import { printable } from '../../domain/printable.ts';
import type { HostKeyQuestion } from '../../domain/question.ts';
import { textWidth } from '../../domain/text-width.ts';
import { type Line, segment, untrusted, widthOf } from '../paint/line.ts';
import { type AuthView, bodyColumns, MARGIN, paragraph } from './auth-view.ts';
import { fitSections, type Section } from './sections.ts';

/** Columns of text beside the picture at least: a fingerprint fits on a line. */
const LEAST_TEXT = 52;
/** Rows for the rest of the dialog, above and below the text beside the picture. */
const RESERVED_ROWS = 3;
/** Other names of the key that are listed. */
const MAX_NAMES = 5;

/**
 * Shows an unknown host key with everything that helps to judge it, and its picture beside the text if there is room.
 */
export function hostKeySections(question: HostKeyQuestion, view: AuthView): Section[] {
  const art = question.randomart.map(printable);
  const artColumns = Math.max(0, ...art.map(textWidth));
  const textColumns = bodyColumns(view.columns - artColumns - MARGIN.length);
  const isBeside = art.length > 0 && textColumns >= LEAST_TEXT && view.height >= art.length + RESERVED_ROWS;
  if (isBeside) {
    const text = fitSections(textSections(question, textColumns, view), view.height - RESERVED_ROWS);
    return [{ lines: besides(text, art, textColumns), rank: 1 }];
  }
  const below = art.map((line): Line => ({ left: [segment(MARGIN), segment(line)] }));
  return [...textSections(question, bodyColumns(view.columns), view), { lines: below, rank: 7, whole: true }];
}

function textSections(question: HostKeyQuestion, columns: number, { painter }: AuthView): Section[] {
  const { host, name, keyType, fingerprint, file } = question;
  const say = (text: string, style?: Parameters<typeof paragraph>[3]) => paragraph(text, columns, painter, style);
  const isKnown = question.knownAs.length > 0;
  return [
    { lines: say(`${host} shows an unknown host key:`, { colour: 'warn', bold: true }), rank: 4 },
    {
      lines: [...say(fingerprint, { colour: 'accent', bold: true }), ...say(`${keyType} key of ${name}`)],
      rank: 1,
    },
    { lines: say(namesText(question), { colour: isKnown ? 'good' : 'dim' }), rank: isKnown ? 2 : 5 },
    {
      lines: [
        ...say(`It would be added to ${file}.`, { colour: 'dim' }),
        ...say('Add it only if the operator of the host confirms this fingerprint.', { colour: 'dim' }),
      ],
      rank: 6,
    },
  ];
}

function namesText({ knownAs }: HostKeyQuestion): string {
  if (knownAs.length === 0) return 'No other name on record has this key.';
  const listed = knownAs.slice(0, MAX_NAMES).join(', ');
  const more = knownAs.length - MAX_NAMES;
  return `The same key is on record as ${listed}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** Puts the picture right of the text. */
function besides(text: readonly Line[], art: readonly string[], textColumns: number): Line[] {
  const width = textColumns + 2 * MARGIN.length;
  return Array.from({ length: Math.max(text.length, art.length) }, (_, at) => {
    const left = text[at]?.left ?? [];
    const gap = ' '.repeat(Math.max(0, width - widthOf(left)));
    return { left: [...left, segment(gap), untrusted(art[at] ?? '')] };
  });
}
