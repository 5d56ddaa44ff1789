import { printable } from '../../domain/printable.ts';
import { type UserRequest, verbOf } from '../../domain/user-request.ts';
import { type AttentionInputs, isSnoozed, selectHostAttention } from '../../fleet/select-attention.ts';
import { contentOf, type DetailTab, type DetailView, type Loaded } from '../../store/detail.ts';
import { sessionKey } from '../../store/keys.ts';
import { aliasOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import { type Line, segment } from '../paint/line.ts';
import { wrapText } from '../paint/wrap.ts';
import { replyLines } from '../triage/reply-lines.ts';
import { requestLines } from '../triage/request-lines.ts';
import { inspectFacts, type Need } from './inspect-lines.ts';
import { activityLines, changeLines, changesSummary, todoLines, todoSummary } from './tab-lines.ts';
import { hangingLines, indentedLines, type LineView } from './text-lines.ts';
import { messageLines } from './transcript-lines.ts';

/** The part of the state that the panel shows. */
export type PanelState = AttentionInputs & Pick<OcrState, 'activities' | 'settings'> & DetailView;

const NAME_COLUMNS = 11;
/** Lines that a title may take. */
const TITLE_LINES = 3;

/** All lines of a tab, in their blocks. */
export function panelBody(row: Row, tab: DetailTab, state: PanelState, view: LineView, now: number): readonly Block[] {
  const of = sessionOfRow(row);
  const content = contentOf(state.detail, of === null ? row.key : sessionKey(of.entry.host.alias, of.session.id));
  switch (tab) {
    case 'details':
      return [factLines(row, state, view, now)];
    case 'transcript':
      return [
        ...valueBlocks(content.messages, view, (messages) =>
          messages.length === 0 ? nothing('nothing was said yet') : messages.map((item) => messageLines(item, view)),
        ),
        noticeLines(content.messages, view),
      ];
    case 'todo':
      return [
        noticeLines(content.todos, view),
        ...valueBlocks(content.todos, view, (todos) =>
          todos.length === 0
            ? nothing('No to-do list')
            : [[todoSummary(todos)], ...todos.map((item) => todoLines(item, view))],
        ),
      ];
    case 'changes':
      return [
        noticeLines(content.changes, view),
        ...valueBlocks(content.changes, view, (changes) =>
          changes.length === 0
            ? nothing('No files changed')
            : [[changesSummary(changes)], ...changes.map((item) => changeLines(item, view))],
        ),
      ];
    case 'log': {
      const did = state.activities.get(aliasOfRow(row) ?? '') ?? [];
      return did.length === 0 ? nothing('Nothing done yet') : did.map((item) => activityLines(item, view));
    }
  }
}

const nothing = (text: string): readonly Block[] => [[{ left: [segment(text, 'dim')] }]];

function valueBlocks<Value>(
  { value, state }: Loaded<Value>,
  { painter }: LineView,
  compose: (value: Value) => readonly Block[],
): readonly Block[] {
  if (value !== null) return compose(value);
  return state === 'failed' ? [] : nothing(`reading${painter.glyph('ellipsis')}`);
}

/** Returns why the shown content is out of date, if it is. */
function noticeLines({ state, reason, value }: Loaded<unknown>, { width }: LineView): Line[] {
  if (state !== 'failed') return [];
  const lines = indentedLines(reason ?? 'it cannot be read', 0, width, 'warn');
  return value === null ? lines : [...lines, { left: [segment('shown as it was last read', 'dim')] }];
}

function factLines(row: Row, state: PanelState, view: LineView, now: number): Line[] {
  const { width } = view;
  const { title, facts } = inspectFacts(row, state.settings, now, needOf(row, state, now));
  const lines: Line[] = wrapText(printable(title), width)
    .slice(0, TITLE_LINES)
    .map((text) => ({ left: [segment(text, 'accent', true)] }));
  lines.push(...urgentLines(row, state, view, now));
  for (const { name, value } of facts) {
    const head = [segment(name.padEnd(NAME_COLUMNS), 'dim')];
    lines.push(...hangingLines(head, NAME_COLUMNS, value, { columns: width }));
  }
  return lines;
}

/** Shows first what a session asks, with the keys that answer, then its last reply if that was read. */
function urgentLines(row: Row, state: PanelState, view: LineView, now: number): Line[] {
  const of = sessionOfRow(row);
  if (of === null) return [];
  const request = needOf(row, state, now)?.attention.request ?? null;
  const reply = replyLines(of, state, view, now);
  const asked =
    request === null ? [] : [BLANK, headLine(request), ...requestLines(request, view.width), keysLine(request)];
  const replied = reply === null ? [] : [BLANK, ...reply.slice(0, MAX_REPLY_LINES)];
  return asked.length + replied.length === 0 ? [] : [...asked, ...replied, BLANK];
}

const BLANK: Line = { left: [] };
/** Lines of the last reply; the transcript has the rest. */
const MAX_REPLY_LINES = 9;

function headLine(request: UserRequest): Line {
  const words = request.kind === 'question' ? 'ASKS' : `ASKS TO ${verbOf(request).toUpperCase()}`;
  return { left: [segment(words, 'warn', true)] };
}

function keysLine(request: UserRequest): Line {
  const keys =
    request.kind === 'question'
      ? [
          ['y', 'answer'],
          ['N', 'decline'],
        ]
      : [
          ['y', 'allow once'],
          ['Y', 'always'],
          ['N', 'reject'],
        ];
  return {
    left: keys.flatMap(([key = '', label = '']) => [segment(`${key} `, 'accent', true), segment(`${label}   `, 'dim')]),
  };
}

function needOf(row: Row, state: PanelState, now: number): Need | null {
  const of = sessionOfRow(row);
  if (of === null) return null;
  const item = selectHostAttention(of.entry, state.seen, state.settings, now).get(of.session.id);
  return item === undefined ? null : { attention: item.attention, snoozed: isSnoozed(state, item, now) };
}

/** Returns the first line of the message that is sought in a transcript; `null` without one. */
export function soughtLine(row: Row, { detail }: PanelState, blocks: readonly Block[]): number | null {
  const of = sessionOfRow(row);
  if (detail.sought?.row !== row.key || of === null) return null;
  const { messages } = contentOf(detail, sessionKey(of.entry.host.alias, of.session.id));
  const at = messages.value?.findIndex(({ id }) => id === detail.sought?.messageId) ?? -1;
  return at < 0 ? null : firstLineOf(blocks, at);
}

/** Lines composed together, such as those of a message. */
export type Block = readonly Line[];

export function countLines(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}

/** Returns the visible lines from `top` on. */
export function sliceBlocks(blocks: readonly Block[], top: number, height: number): readonly Line[] {
  const seen: Line[] = [];
  let first = 0;
  for (const block of blocks) {
    if (first + block.length > top) seen.push(...block.slice(Math.max(0, top - first), top + height - first));
    first += block.length;
    if (first >= top + height) break;
  }
  return seen;
}

/**
 * Returns the block of a line, and the offset from its first line. The last block includes everything beyond the end.
 */
export function placeOfLine(blocks: readonly Block[], line: number): { block: number; offset: number } {
  let first = 0;
  for (const [block, { length }] of blocks.entries()) {
    if (line < first + length || block === blocks.length - 1) return { block, offset: line - first };
    first += length;
  }
  return { block: 0, offset: 0 };
}

/** Number of the first line of a block. */
export function firstLineOf(blocks: readonly Block[], block: number): number {
  return countLines(blocks.slice(0, block));
}
