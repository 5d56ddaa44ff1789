import { formatAge } from '../../domain/format.ts';
import { textWidth } from '../../domain/text-width.ts';
import { visible } from '../../domain/visible.ts';
import { sessionFacts } from '../../fleet/session-word.ts';
import { markKey } from '../../store/marks.ts';
import type { Row } from '../../store/rows.ts';
import { fitCell, MAX_TITLE, MIN_TITLE } from '../list/column.ts';
import { highlighted } from '../list/row-view.ts';
import { detailText } from '../list/session-cells.ts';
import { STATE_LOOKS } from '../list/state-looks.ts';
import { sessionSign } from '../list/status-signs.ts';
import { type Line, segment, truncateSegments, widthOf } from '../paint/line.ts';
import { emptyLines } from './empty.ts';
import { essenceOf } from './essence.ts';
import type { View, ViewInput } from './view.ts';

const SIGN_AT = 3;
const WHY = 10;
const WAIT = 5;
const MAX_HOST = 16;

/** Widths of the columns of the triage view. */
function widthsOf({ rows, row, widths: { title }, columns }: ViewInput) {
  const prefix = SIGN_AT + row.painter.signWidth + 1;
  const widest = rows.reduce(
    (width, one) => (one.kind === 'need' ? Math.max(width, textWidth(one.entry.host.label)) : width),
    4,
  );
  const room = columns - prefix - WHY - 1 - WAIT - 2;
  const host = room < 30 ? 0 : Math.min(widest, MAX_HOST);
  const rest = room - host - (host > 0 ? 2 : 0);
  const isWide = rest >= 34;
  const name = isWide
    ? Math.max(MIN_TITLE, Math.min(title, MAX_TITLE, rest >= 50 ? rest - 24 : Math.floor(rest / 2)))
    : rest;
  return { prefix, host, name, asks: isWide ? rest - name - 2 : 0 };
}

/** The sessions that need the user, with the request of the selected one in full. */
export const triageView: View = {
  name: 'triage',
  title: 'Triage',
  aliases: ['triage', 'need', 't'],
  pane: 'request',
  heads: (input) => {
    const { prefix, host, name, asks } = widthsOf(input);
    const cells = [
      ' '.repeat(prefix),
      'WHY'.padEnd(WHY + 1),
      'WAIT'.padStart(WAIT - 1).padEnd(WAIT + 2),
      host === 0 ? '' : `${'HOST'.padEnd(host)}  `,
      'SESSION'.padEnd(name),
      asks === 0 ? '' : '  ASKS',
    ];
    return { left: [segment(cells.join(''), 'dim')] };
  },
  line: needLine,
  empty: (input) => emptyLines(input, nothing(input)),
  essence: (row, input) => essenceOf(row, input.row),
};

function needLine(row: Row, selected: boolean, input: ViewInput): Line {
  if (row.kind !== 'need') return { left: [] };
  const { row: view } = input;
  const { entry, session } = row;
  const facts = sessionFacts(view.attention, entry, session, view.now);
  const { colour } = STATE_LOOKS[facts.word];
  const { host, name, asks } = widthsOf(input);
  const ellipsis = view.painter.glyph('ellipsis');
  const more = row.item.attention.more;
  // The number of further requests stays when the title is cut.
  const suffix = more > 0 ? [segment(`  +${more}`, 'warn')] : [];
  const whole = highlighted(session.title || 'untitled', view, 'text', true);
  const title = [...truncateSegments(whole, Math.max(1, name - widthOf(suffix)), ellipsis), ...suffix];
  return {
    selected,
    left: [
      segment(selected ? view.painter.glyph('cursor') : ' ', 'accent'),
      view.marked.has(markKey(row)) ? segment(view.painter.glyph('marked'), 'match', true) : segment(' '),
      segment(' '),
      sessionSign(view.painter, facts.word, view.frame),
      segment(' '),
      ...fitCell([segment(facts.word, colour)], WHY + 1, false, ellipsis),
      segment(
        `${formatAge(view.now - row.item.attention.since)
          .padStart(WAIT - 1)
          .padEnd(WAIT + 2)}`,
        'dim',
      ),
      ...(host === 0
        ? []
        : [...fitCell(highlighted(entry.host.label, view, 'host', true), host, false, ellipsis), segment('  ')]),
      ...fitCell(title, name, false, ellipsis),
      ...(asks === 0
        ? []
        : [
            segment('  '),
            ...fitCell(
              [segment(visible(detailText({ entry, session, facts }, view.now)), 'dim')],
              asks,
              false,
              ellipsis,
            ),
          ]),
    ],
  };
}

function nothing({ counts }: ViewInput) {
  const working = counts.byStatus.working;
  return [
    segment('Nothing needs you. ', 'good'),
    segment(
      working === 0 ? 'esc goes back' : `${working} ${working === 1 ? 'is' : 'are'} working. esc goes back`,
      'dim',
    ),
  ];
}
