import { formatAge } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import { verbOf } from '../../domain/user-request.ts';
import { visible } from '../../domain/visible.ts';
import { contentOf } from '../../store/detail.ts';
import { sessionKey } from '../../store/keys.ts';
import type { Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import { indentedLines } from '../inspect/text-lines.ts';
import { fitCell } from '../list/column.ts';
import { homeOf, withTilde } from '../list/path-text.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import type { Area } from '../screen.ts';
import { replyLines } from './reply-lines.ts';
import { factLines, requestLines } from './request-lines.ts';

export interface RequestPaneInput {
  readonly state: OcrState;
  readonly row: Row | undefined;
  readonly area: Area;
  readonly painter: Painter;
  readonly now: number;
}

/** Width from which the last reply stands beside the request. */
const BESIDE_COLUMNS = 130;
const MARGIN = 1;

/** Returns the lines of the request and of the reply before it, without the rule above them. */
export function requestBody({ state, row, area, painter, now }: RequestPaneInput): readonly Line[] {
  if (row?.kind !== 'need') return [];
  const isBeside = area.columns >= BESIDE_COLUMNS;
  const width = isBeside ? Math.floor((area.columns - 3) / 2) - MARGIN : area.columns - 2 * MARGIN;
  const asked = askedLines(row, width, now);
  const replied = replyLines(row, state, { painter, width, unfolded: false }, now) ?? unreadLines(row, state);
  if (!isBeside) {
    // A turn that ended asks nothing: its reply is what there is to read.
    const [first, second] = row.item.attention.kind === 'ended' ? [replied, asked] : [asked, replied];
    return [...first, ...(second.length === 0 ? [] : [{ left: [] }, ...second])].map(indented);
  }
  const rule = segment(` ${painter.glyph('separator')} `, 'border');
  return Array.from({ length: Math.max(asked.length, replied.length) }, (_, at) => ({
    left: [
      segment(' '.repeat(MARGIN)),
      ...fitCell(asked[at]?.left ?? [], width, false, painter.glyph('ellipsis')),
      rule,
      ...(replied[at]?.left ?? []),
    ],
  }));
}

/** Composes the pane: a rule that names the session, and the visible part of its request. */
export function requestPane(input: RequestPaneInput): readonly Line[] {
  const { row, area, state } = input;
  const body = requestBody(input);
  const height = Math.max(0, area.height - 1);
  const top = Math.max(0, Math.min(state.requestTop, body.length - height));
  const shown = body.slice(top, top + height);
  const place = body.length <= height ? '' : `${top + 1}-${top + shown.length} of ${body.length} `;
  return [ruleLine(row, place, input), ...shown];
}

/** Returns the highest line that the request can be scrolled to. */
export function lastRequestTop(input: RequestPaneInput): number {
  return Math.max(0, requestBody(input).length - Math.max(0, input.area.height - 1));
}

function ruleLine(row: Row | undefined, place: string, { painter, area: { columns } }: RequestPaneInput): Line {
  const rule = painter.glyph('rule');
  if (row?.kind !== 'need') return { left: [segment(rule.repeat(columns), 'border')] };
  const { entry, session } = row;
  const facts = [session.agent ?? '', (session.model ?? '').replace(/^[^/]*\//, '')].filter((text) => text !== '');
  const left: Segment[] = [
    segment(`${rule.repeat(2)} `, 'border'),
    untrusted(session.title || 'untitled', 'text', true),
    segment(` ${rule.repeat(2)} `, 'border'),
    untrusted(entry.host.label, 'host', true),
    segment('  '),
    segment(withTilde(printable(session.directory), homeOf(entry.snapshot)), 'project'),
    segment(facts.length === 0 ? ' ' : `  ${printable(facts.join('  '))} `, 'dim'),
  ];
  const room = columns - widthOf(left) - place.length - 1;
  return {
    left: [...left, segment(rule.repeat(Math.max(0, room)), 'border')],
    right: place === '' ? [] : [segment(place, 'dim')],
  };
}

/** Composes the reason why the session needs the user, in full. */
function askedLines(row: Row & { kind: 'need' }, width: number, now: number): readonly Line[] {
  const { entry, session, item } = row;
  const { kind, request, detail, since } = item.attention;
  const head = (text: string): Line => ({ left: [segment(text, 'dim', true)] });
  const age = formatAge(now - since);
  if (request === null) {
    const words = {
      error: `FAILED  ${age} ago`,
      ended: `DONE  ${age} ago`,
      stalled: `STALLED  no event for ${age}`,
    } as const;
    const title = kind === 'error' || kind === 'stalled' ? words[kind] : words.ended;
    const facts =
      (session.files ?? 0) === 0 || kind !== 'ended'
        ? []
        : factLines(
            'changes',
            `${session.files} ${session.files === 1 ? 'file' : 'files'} +${session.additions ?? 0} -${session.deletions ?? 0}`,
            width,
          );
    return [head(title), ...facts, ...(detail === '' ? [] : indentedLines(visible(detail), 2, width, 'bad'))];
  }
  const asking =
    request.sessionId === session.id ? null : entry.snapshot?.sessions.find(({ id }) => id === request.sessionId);
  const title = request.kind === 'question' ? 'ASKS' : `ASKS TO ${verbOf(request).toUpperCase()}`;
  return [
    head(`${visible(title)}  ${age} ago`),
    ...(asking === null ? [] : factLines('subagent', asking?.title ?? request.sessionId, width)),
    ...requestLines(request, width),
  ];
}

/** Says why there is no last reply to show. */
function unreadLines({ entry, session }: Row & { kind: 'need' }, state: OcrState): readonly Line[] {
  const { messages } = contentOf(state.detail, sessionKey(entry.host.alias, session.id));
  const text =
    messages.value !== null
      ? 'Nothing said yet'
      : messages.state === 'failed'
        ? `The transcript cannot be read: ${visible(messages.reason ?? '')}`
        : 'Reading the last reply';
  return [{ left: [segment(text, 'dim')] }];
}

function indented(line: Line): Line {
  return { ...line, left: [segment(' '.repeat(MARGIN)), ...line.left] };
}
