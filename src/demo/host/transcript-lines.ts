import { printable } from '../../domain/printable.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { Kept } from '../model/opencode.ts';
import type { DemoPart } from '../model/session.ts';

/** Messages that are shown; more do not fit on any screen. */
const MAX_MESSAGES = 8;

/** Returns the end of a session's transcript as lines of at most `columns`. */
export function transcriptLines({ messages }: Pick<Kept, 'messages'>, columns: number): string[] {
  return messages.slice(-MAX_MESSAGES).flatMap(({ info, parts }) => {
    const lines = parts.flatMap((part) => wrap(describe(part), columns - 2));
    return info.role === 'user' ? ['', ...lines.map((line) => `┃ ${line}`)] : ['', ...lines.map((line) => `  ${line}`)];
  });
}

function describe(part: DemoPart): string {
  if (part.type === 'text') return part.text;
  const { status, title } = part.state;
  const sign = status === 'running' ? '…' : status === 'error' ? '✗' : '✓';
  return `${sign} ${part.tool} ${title}`;
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= columns || line === '') line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
