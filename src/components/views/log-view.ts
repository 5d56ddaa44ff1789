import { formatTime } from '../../domain/format.ts';
import { visible } from '../../domain/visible.ts';
import type { Row } from '../../store/rows.ts';
import { type Line, segment } from '../paint/line.ts';
import type { View, ViewInput } from './view.ts';

const DATE_COLUMNS = 11;

/** What ocr did and said, the latest first. */
export const logView: View = {
  name: 'log',
  title: 'Log',
  aliases: ['log', 'messages', 'l'],
  pane: null,
  heads: () => ({ left: [segment('     TIME      WHAT', 'dim')] }),
  line: messageLine,
  empty: () => [{ left: [segment('  Nothing done yet', 'dim')] }],
  essence: (row) => ({
    left: row.kind === 'message' ? [segment(visible(row.message.lines.at(0) ?? row.message.text), 'dim')] : [],
    right: [],
  }),
};

function messageLine(row: Row, selected: boolean, { row: { painter } }: ViewInput): Line {
  if (row.kind !== 'message') return { left: [] };
  const { kind, text, at } = row.message;
  const isFailure = kind === 'error';
  return {
    selected,
    left: [
      segment(selected ? painter.glyph('cursor') : ' ', 'accent'),
      segment('  '),
      segment(isFailure ? painter.glyph('errored').trimEnd() : ' ', 'bad'),
      segment(' '),
      segment(formatTime(at).slice(DATE_COLUMNS), 'dim'),
      segment('  '),
      segment(visible(text), isFailure ? 'bad' : 'text'),
    ],
  };
}
