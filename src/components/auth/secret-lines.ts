import { printable } from '../../domain/printable.ts';
import type { Prompt } from '../../domain/question.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { ShownAnswer, ShownQuestion } from '../../store/auth-dialog.ts';
import { lastColumns } from '../paint/last-columns.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { type AuthView, bodyColumns, MARGIN, paragraph } from './auth-view.ts';
import type { Section } from './sections.ts';

/** Maximum lines of a server's text, and of one prompt. */
const MAX_INSTRUCTION_LINES = 6;
const MAX_PROMPT_LINES = 3;
/** Columns that an answer has beside its prompt; with less it gets a line of its own. */
const LEAST_ANSWER = 16;

/** Shows who asks for what, and the typed answers. */
export function secretSections({ question, answers }: ShownQuestion & { kind: 'secret' }, view: AuthView): Section[] {
  const { painter } = view;
  const columns = bodyColumns(view.columns);
  const asks = question.title.trim() === '' ? `${question.host} asks` : `${question.host}: ${question.title}`;
  const lines: Line[] = [];
  let focus = 0;
  for (const [at, prompt] of question.prompts.entries()) {
    lines.push(...promptLines(prompt, answers[at], at === answers.length - 1, columns, painter));
    if (at === answers.length - 1) focus = lines.length - 1;
  }
  return [
    { lines: paragraph(asks, columns, painter, { bold: true, most: 4 }), rank: 2 },
    {
      lines: paragraph(question.instruction, columns, painter, { colour: 'warn', most: MAX_INSTRUCTION_LINES }),
      rank: 4,
    },
    { lines, rank: 1, focus },
  ];
}

function promptLines(
  prompt: Prompt,
  answer: ShownAnswer | undefined,
  isCurrent: boolean,
  columns: number,
  painter: Painter,
): Line[] {
  const text = printable(prompt.text).trim() || 'Answer:';
  const room = columns - textWidth(text) - 2;
  const mark = segment(isCurrent ? `${painter.glyph('choice')} ` : MARGIN, 'accent', true);
  const colour = isCurrent ? 'text' : 'dim';
  if (room >= LEAST_ANSWER || !isCurrent) {
    const typed = answer === undefined ? [] : typedSegments(answer, isCurrent, Math.max(1, room), painter);
    return [{ left: [mark, segment(`${text} `, colour, isCurrent), ...typed] }];
  }
  const lines = paragraph(text, columns, painter, { bold: true, most: MAX_PROMPT_LINES });
  const typed = answer === undefined ? [] : typedSegments(answer, isCurrent, Math.max(1, columns - 2), painter);
  return [...lines, { left: [mark, ...typed] }];
}

/** Paints the visible part of an answer (its end if it is long) and the cursor. */
function typedSegments(answer: ShownAnswer, isCurrent: boolean, room: number, painter: Painter): Segment[] {
  const text =
    answer.kind === 'seen' ? printable(answer.text) : bulletOf(painter).repeat(Math.min(answer.length, room + 1));
  const fitting = textWidth(text) <= room ? text : painter.glyph('ellipsis') + lastColumns(text, room - 1);
  const typed = segment(fitting, isCurrent ? 'accent' : 'dim');
  return isCurrent ? [typed, segment('_', 'accent', true)] : [typed];
}

/** The sign for a hidden character: a theme that keeps to ASCII keeps to it here too. */
function bulletOf(painter: Painter): string {
  return /^[ -~]+$/.test(painter.glyph('ellipsis')) ? '*' : '•';
}
