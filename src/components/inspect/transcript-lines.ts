import { formatTime } from '../../domain/format.ts';
import type { ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import type { TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import { cachedLines, indentedLines, type LineView, printableLines } from './text-lines.ts';

type ToolPart = Extract<TranscriptPart, { kind: 'tool' }>;

const INDENT = 2;
/** Maximum lines of a tool's input or output. */
const MAX_LINES = 200;

const TOOL_SIGNS: Readonly<Record<ToolPart['state'], readonly [ThemeGlyph, ThemeColour]>> = {
  pending: ['cold', 'dim'],
  running: ['online', 'busy'],
  completed: ['done', 'good'],
  error: ['errored', 'bad'],
};

/** A message: who and when, then its parts, and a blank line. */
export const messageLines = cachedLines((message: TranscriptMessage, view) => [
  headLine(message),
  ...message.parts.flatMap((part) => partLines(part, view)),
  ...(message.error === null ? [] : indentedLines(message.error, INDENT, view.width, 'bad')),
  { left: [] },
]);

function headLine({ role, created, agent, model }: TranscriptMessage): Line {
  const right = [segment(formatTime(created), 'dim')];
  if (role === 'user') return { left: [segment('you', 'accent', true)], right };
  const name = untrusted(agent ?? 'assistant', 'host', true);
  return { left: [name, ...(model === null ? [] : [untrusted(`  ${model}`, 'dim')])], right };
}

/** While a message is being written, recomposes only the part that grows. */
const partLines = cachedLines((part: TranscriptPart, view): readonly Line[] => {
  switch (part.kind) {
    case 'text':
      return part.text.trim() === '' ? [] : indentedLines(part.text, INDENT, view.width);
    case 'reasoning':
      return part.text.trim() === '' ? [] : indentedLines(part.text, INDENT, view.width, 'dim');
    case 'file':
      return [{ left: [segment('  file ', 'dim'), untrusted(part.name, 'accent')] }];
    case 'tool':
      return toolLines(part, view);
  }
});

function toolLines(part: ToolPart, view: LineView): Line[] {
  const { tool, state, title, input, output } = part;
  const [glyph, colour] = TOOL_SIGNS[state];
  const sign = segment(`  ${view.painter.glyph(glyph)} `, colour);
  const head: Line = { left: [sign, untrusted(tool, 'project'), untrusted(`  ${title}`, 'dim')] };
  if (!view.unfolded) return [head];
  const given = input.trim() === '' ? [] : shortened(input, view.width, 'accent');
  const gave = output.trim() === '' ? [] : shortened(output, view.width, state === 'error' ? 'bad' : 'dim');
  return [head, ...given, ...gave];
}

function shortened(text: string, width: number, colour: ThemeColour): Line[] {
  const indent = segment(' '.repeat(2 * INDENT));
  const lines = text.trimEnd().split('\n');
  // Omitted text may be megabytes, so it is not wrapped either.
  const kept = lines
    .slice(0, MAX_LINES)
    .join('\n')
    .slice(0, 2 * MAX_LINES * width);
  const shown = printableLines(kept, width - 2 * INDENT);
  const left = lines.length - kept.split('\n').length;
  const more =
    left > 0 ? `${left} more lines` : shown.length > MAX_LINES || kept.length < text.trimEnd().length ? 'and more' : '';
  return [
    ...shown.slice(0, MAX_LINES).map((line): Line => ({ left: [indent, segment(line, colour)] })),
    ...(more === '' ? [] : [{ left: [indent, segment(more, 'dim')] }]),
  ];
}
