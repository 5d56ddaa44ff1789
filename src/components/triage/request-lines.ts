import { fitText } from '../../domain/text-width.ts';
import {
  isObscure,
  OBSCURE_TEXT,
  type PermissionRequest,
  type QuestionItem,
  type UserRequest,
} from '../../domain/user-request.ts';
import { visible } from '../../domain/visible.ts';
import { diffLines } from '../../store/form/diff-lines.ts';
import { type Line, segment } from '../paint/line.ts';
import { wrapText } from '../paint/wrap.ts';

const NAME_COLUMNS = 11;
const TAB = '    ';

/** A session's whole request, in lines of at most `columns`. */
export function requestLines(request: UserRequest, columns: number): readonly Line[] {
  const known = composed.get(request);
  if (known?.columns === columns) return known.lines;
  const warning = isObscure(request) ? wrapped(OBSCURE_TEXT, columns) : [];
  const lines = [
    ...warning.map((text): Line => ({ left: [segment(text, 'bad', true)] })),
    ...(request.kind === 'permission' ? permissionLines(request, columns) : questionsLines(request.questions, columns)),
  ];
  composed.set(request, { columns, lines });
  return lines;
}

/** A diff may have megabytes, and every frame asks for its lines. */
const composed = new WeakMap<UserRequest, { readonly columns: number; readonly lines: readonly Line[] }>();

function permissionLines(request: PermissionRequest, columns: number): Line[] {
  const { permission, command, path, patterns, always, diff, facts } = request;
  const lines: Line[] = [];
  lines.push(...factLines('permission', permission, columns));
  if (command !== null) lines.push(...factLines('command', command, columns));
  if (path !== null) lines.push(...factLines('path', path, columns));
  const rest = patterns.filter((pattern) => pattern !== command && pattern !== path);
  if (rest.length > 0) lines.push(...factLines('for', rest.join('\n'), columns));
  for (const [name, value] of Object.entries(facts)) lines.push(...factLines(name, value, columns));
  if (always.length > 0) lines.push(...factLines('always', `stops asking for ${always.join(', ')}`, columns));
  if (diff !== null && diff !== '') {
    lines.push({ left: [] });
    for (const parts of diffLines(diff)) {
      lines.push({
        left: parts.map(({ text, colour, bold }) => segment(shown(text), colour ?? 'text', bold ?? false)),
      });
    }
  }
  return lines;
}

function questionsLines(questions: readonly QuestionItem[], columns: number): Line[] {
  return questions.flatMap((item, index) => [
    ...(index === 0 ? [] : [{ left: [] }]),
    ...wrapped(item.question, columns).map((text): Line => ({ left: [segment(text, 'text', true)] })),
    ...item.options.flatMap(({ label, description }): Line[] => [
      { left: [segment(item.multiple ? '  [ ] ' : '  ( ) ', 'dim'), segment(visible(label), 'accent')] },
      ...wrapped(description, columns - 8).map((text): Line => ({ left: [segment(`        ${text}`, 'dim')] })),
    ]),
    ...(item.custom ? [{ left: [segment('  or a custom answer', 'dim')] }] : []),
  ]);
}

/** A fact whose value may have several lines. */
export function factLines(name: string, value: string, columns: number): Line[] {
  const texts = wrapped(value, columns - NAME_COLUMNS);
  return texts.map((text, index) => ({
    left: [segment(`${fitText(index === 0 ? visible(name) : '', NAME_COLUMNS - 1, '~')} `, 'dim'), segment(text)],
  }));
}

/** Splits a text into printable lines, and breaks long ones. */
function wrapped(text: string, columns: number): string[] {
  if (text === '') return [];
  return text.split('\n').flatMap((line) => wrapText(shown(line), Math.max(8, columns)));
}

function shown(line: string): string {
  return visible(line.replaceAll('\t', TAB));
}
