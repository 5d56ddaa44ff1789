import type { HostEntry } from '../../domain/fleet.ts';
import { formatAge } from '../../domain/format.ts';
import { describeAddress } from '../../domain/host.ts';
import { printable } from '../../domain/printable.ts';
import type { Session } from '../../domain/session.ts';
import { targetOf, verbOf } from '../../domain/user-request.ts';
import { visible } from '../../domain/visible.ts';
import { sessionFacts } from '../../fleet/session-word.ts';
import type { Row } from '../../store/rows.ts';
import { failureText } from '../list/failure-text.ts';
import { homeOf, withTilde } from '../list/path-text.ts';
import type { RowView } from '../list/row-view.ts';
import { detailText } from '../list/session-cells.ts';
import { STATE_LOOKS } from '../list/state-looks.ts';
import { type Segment, segment } from '../paint/line.ts';

/** Parts of the detail line. */
export interface Essence {
  readonly left: readonly Segment[];
  readonly right: readonly Segment[];
}

const NOTHING: Essence = { left: [], right: [] };
const gap = segment('   ');

/** Tells what matters about a row, uncut as far as the line reaches. */
export function essenceOf(row: Row, view: RowView): Essence {
  switch (row.kind) {
    case 'session':
    case 'need':
      return sessionEssence(row.entry, row.session, view);
    case 'project':
    case 'more':
      return {
        left: [segment(printable(row.project.path), 'project')],
        right: [segment(printable(row.entry.host.label), 'host')],
      };
    case 'host':
      return hostEssence(row.entry, view);
    default:
      return NOTHING;
  }
}

function sessionEssence(entry: HostEntry, session: Session, view: RowView): Essence {
  const facts = sessionFacts(view.attention, entry, session, view.now);
  const { colour } = STATE_LOOKS[facts.word];
  const detail = visible(detailText({ entry, session, facts }, view.now));
  const request = facts.item?.attention.request ?? null;
  const folder = segment(withTilde(printable(session.directory), homeOf(entry.snapshot)), 'project');
  const words =
    request !== null
      ? [
          segment(request.kind === 'question' ? 'asks  ' : `wants to ${verbOf(request)}  `, 'dim'),
          segment(request.kind === 'question' ? detail : targetOf(request), 'text', true),
        ]
      : detail !== ''
        ? [
            segment(facts.word === 'done' ? 'done, not seen yet' : facts.word, colour),
            gap,
            segment(detail),
            gap,
            folder,
          ]
        : [segment(facts.word === 'done' ? 'done, not seen yet' : facts.word, colour), gap, folder];
  const model = session.model === null ? '' : session.model.replace(/^[^/]*\//, '');
  const right = [session.agent ?? '', model]
    .filter((text) => text !== '')
    .map(printable)
    .join('  ');
  return { left: words, right: [segment(right, 'dim')] };
}

function hostEssence(entry: HostEntry, { now }: RowView): Essence {
  const { host, failure, snapshot } = entry;
  const address = segment(printable(describeAddress(host)), 'dim');
  if (failure !== null) {
    const since = snapshot === null ? '' : `   last answer ${formatAge(now - snapshot.at)} ago`;
    return { left: [segment(`${printable(failureText(failure))}${since}`, 'warn')], right: [address] };
  }
  const facts = [
    snapshot?.connection?.kind ?? '',
    printable(snapshot?.opencode.path ?? ''),
    snapshot === null ? 'not asked yet' : `read by ${snapshot.rung ?? 'nothing yet'}`,
  ];
  return { left: [address, gap, segment(facts.filter((text) => text !== '').join('   '), 'dim')], right: [] };
}
