import type { PermissionRequest, PersonRequest, QuestionItem } from '../../domain/person-request.ts';
import { printable } from '../../domain/printable.ts';
import { fitText } from '../../domain/text-width.ts';
import { diffLines } from '../../store/form/diff-lines.ts';
import { foreign, type Line, segment } from '../paint/line.ts';
import { wrapText } from '../paint/wrap.ts';

const NAME_COLUMNS = 11;

/** All that a session asks, in lines of at most `columns`. */
export function requestLines(request: PersonRequest, columns: number): Line[] {
  return request.kind === 'permission' ? permissionLines(request, columns) : questionsLines(request.questions, columns);
}

function permissionLines(request: PermissionRequest, columns: number): Line[] {
  const { permission, command, path, patterns, always, diff, facts } = request;
  const lines: Line[] = [...factLines('may it', permission, columns)];
  if (command !== null) lines.push(...factLines('command', command, columns));
  if (path !== null) lines.push(...factLines('path', path, columns));
  const rest = patterns.filter((pattern) => pattern !== command && pattern !== path);
  if (rest.length > 0) lines.push(...factLines('of', rest.join('\n'), columns));
  for (const [name, value] of Object.entries(facts)) lines.push(...factLines(name, value, columns));
  if (always.length > 0) lines.push(...factLines('always', `would allow ${always.join(', ')}`, columns));
  if (diff !== null && diff !== '') {
    lines.push({ left: [] });
    for (const parts of diffLines(diff)) {
      lines.push({ left: parts.map(({ text, colour, bold }) => foreign(text, colour, bold)) });
    }
  }
  return lines;
}

function questionsLines(questions: readonly QuestionItem[], columns: number): Line[] {
  return questions.flatMap((item, index) => [
    ...(index === 0 ? [] : [{ left: [] }]),
    ...wrapped(item.question, columns).map((text): Line => ({ left: [segment(text, 'text', true)] })),
    ...item.options.flatMap(({ label, description }): Line[] => [
      { left: [segment(item.multiple ? '  [ ] ' : '  ( ) ', 'dim'), foreign(label, 'accent')] },
      ...wrapped(description, columns - 8).map((text): Line => ({ left: [segment(`        ${text}`, 'dim')] })),
    ]),
    ...(item.custom ? [{ left: [segment('  or an answer of your own', 'dim')] }] : []),
  ]);
}

/** A fact whose value may have several lines. */
export function factLines(name: string, value: string, columns: number): Line[] {
  const texts = wrapped(value, columns - NAME_COLUMNS);
  return texts.map((text, index) => ({
    left: [segment(`${fitText(index === 0 ? printable(name) : '', NAME_COLUMNS - 1, '~')} `, 'dim'), segment(text)],
  }));
}

/** Printable lines: those of the text, each broken where it must be. */
function wrapped(text: string, columns: number): string[] {
  if (text === '') return [];
  return text.split('\n').flatMap((line) => wrapText(printable(line), Math.max(8, columns)));
}
