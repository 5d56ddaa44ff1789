import { formatTime } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import type { Session } from '../../domain/session.ts';
import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';

/** The session that a transcript belongs to. */
export interface TranscriptHead {
  /** Label of the host. */
  readonly host: string;
  /** The host's clock minus this machine's, milliseconds. */
  readonly clockOffset: number;
  readonly session: Session;
  /** There are older messages, which are left out. */
  readonly cut: boolean;
}

/** vi takes commands from the first and the last five lines of a file: none of those may be foreign. */
const FIRST_LINES = [
  '<!--',
  'The transcript of an opencode session, written by ocr.',
  'This is a copy: changes here have no effect there,',
  'and it is removed when the editor ends.',
  '-->',
];
const LAST_LINES = ['', '<!--', '', 'The transcript ends here.', '', '-->', ''];

/** A session's transcript as Markdown, times in this machine's clock and zone. Nothing in it is a control character but line breaks and tabs. */
export function transcriptMarkdown(head: TranscriptHead, messages: readonly TranscriptMessage[]): string {
  const { session } = head;
  const facts = [
    `# ${printable(session.title)}`,
    '',
    `- host: ${printable(head.host)}`,
    `- directory: ${printable(session.directory)}`,
    `- session: ${printable(session.id)}`,
    `- messages: ${messages.length}${head.cut ? ', the last ones: the older ones are left out' : ''}`,
  ];
  const body = messages.flatMap((message) => ['', ...messageLines(message, head.clockOffset)]);
  return [...FIRST_LINES, '', ...facts, ...body, ...LAST_LINES].join('\n');
}

function messageLines(message: TranscriptMessage, clockOffset: number): string[] {
  const by = message.role === 'user' ? [] : [message.agent, message.model];
  const words = [message.role, formatTime(message.created - clockOffset), ...by].filter((text) => text !== null);
  const error = message.error === null ? [] : ['', `**Error:** ${printable(message.error)}`];
  return [`## ${printable(words.join(' · '))}`, ...message.parts.flatMap((part) => ['', ...partLines(part)]), ...error];
}

function partLines(part: TranscriptPart): string[] {
  switch (part.kind) {
    case 'text':
      return harmlessLines(part.text);
    case 'reasoning':
      return harmlessLines(part.text).map((line) => `> ${line}`);
    case 'file':
      return [`*File:* ${printable(part.name)}`];
    case 'tool': {
      const head = `**${printable(part.tool)}** (${part.state}): ${printable(part.title)}`;
      const blocks = [part.input, part.output].filter((text) => text.trim() !== '');
      return [head, ...blocks.flatMap((text) => ['', ...fenced(harmlessLines(text))])];
    }
  }
}

/** Returns a text without anything that a terminal or an editor would interpret. */
function harmlessLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.split('\t').map(printable).join('\t'));
}

/** Lines between fences that are longer than any in them. */
function fenced(lines: readonly string[]): string[] {
  const longest = lines
    .flatMap((line) => line.match(/`{3,}/g) ?? [])
    .reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines, fence];
}
