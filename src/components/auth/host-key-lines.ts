import { printable } from '../../domain/printable.ts';
import type { HostKeyQuestion } from '../../domain/question.ts';
import { textWidth } from '../../domain/text-width.ts';
import { type Line, segment, untrusted, widthOf } from '../paint/line.ts';
import { type AuthView, bodyColumns, MARGIN, paragraph } from './auth-view.ts';
import { fitSections, type Section } from './sections.ts';

/** Columns of text beside the picture: a fingerprint fits on a line. With less, down to the least, the fingerprint stands above. */
const FULL_TEXT = 52;
const LEAST_TEXT = 40;
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
  const above = textColumns >= FULL_TEXT ? [] : fingerprintLines(question, bodyColumns(view.columns), view);
  const room = view.height - RESERVED_ROWS - above.length;
  if (art.length > 0 && textColumns >= LEAST_TEXT && room >= art.length) {
    const sections = textSections(question, textColumns, view, above.length === 0);
    const beside = besides(fitSections(sections, room), art, textColumns);
    return [
      { lines: above, rank: 1 },
      { lines: beside, rank: 1 },
    ];
  }
  const below = art.map((line): Line => ({ left: [segment(MARGIN), segment(line)] }));
  return [...textSections(question, bodyColumns(view.columns), view, true), { lines: below, rank: 7, whole: true }];
}

function fingerprintLines({ fingerprint }: HostKeyQuestion, columns: number, { painter }: AuthView): Line[] {
  return paragraph(fingerprint, columns, painter, { colour: 'accent', bold: true });
}

function textSections(question: HostKeyQuestion, columns: number, view: AuthView, hasFingerprint: boolean): Section[] {
  const { host, name, keyType, file } = question;
  const { painter } = view;
  const say = (text: string, style?: Parameters<typeof paragraph>[3]) => paragraph(text, columns, painter, style);
  const isKnown = question.knownAs.length > 0;
  return [
    { lines: say(`${host} shows an unknown host key:`, { colour: 'warn', bold: true }), rank: 4 },
    {
      lines: [
        ...(hasFingerprint ? fingerprintLines(question, columns, view) : []),
        ...say(`${keyType} key of ${name}`),
      ],
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
