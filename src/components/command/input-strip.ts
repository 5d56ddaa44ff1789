import { parseFilter } from '../../fleet/filter/parse-filter.ts';
import type { LineInput } from '../../store/line-input.ts';
import { fitCell } from '../list/column.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import type { Choices } from './choices.ts';

/** Completions of a command that are listed. */
const MAX_LISTED = 8;

/** Composes what stands below the line that is typed: what is wrong with the filter, and the completions. */
export function inputStrip(input: LineInput, choices: Choices, columns: number, painter: Painter): readonly Line[] {
  const problems = input.kind === 'filter' ? problemLines(input, choices) : [];
  const listed =
    input.kind === 'filter' ? filterChoices(input, choices, columns) : commandChoices(input, choices, columns, painter);
  return [...problems, ...listed].map((line) => ({ ...line, raised: true }));
}

/** A word that is still being typed is not wrong yet. */
function problemLines({ editor: { text, cursor } }: LineInput, choices: Choices): Line[] {
  const isTyping = (to: number) => to === cursor && choices.list.length > 0;
  return parseFilter(text)
    .problems.filter(({ to }) => !isTyping(to))
    .map(({ from, to, message }) => ({
      left: [segment('   '), untrusted(text.slice(from, to), 'bad', true), segment('  '), segment(message, 'bad')],
    }));
}

/** Composes the completions of a filter on one line. */
function filterChoices({ picked }: LineInput, { list }: Choices, columns: number): Line[] {
  if (list.length === 0) return [];
  const left: Segment[] = [segment('  ')];
  for (const [index, { insert }] of list.entries()) {
    const next = [
      segment(' '),
      untrusted(insert, index === (picked ?? 0) ? 'accent' : 'text', index === (picked ?? 0)),
      segment(' '),
    ];
    if (widthOf([...left, ...next]) > columns - 6) break;
    left.push(...next);
  }
  return [{ left, right: [segment('tab ', 'accent', true)] }];
}

function commandChoices({ picked }: LineInput, { list }: Choices, columns: number, painter: Painter): Line[] {
  const first = Math.max(0, Math.min((picked ?? 0) - MAX_LISTED + 1, list.length - MAX_LISTED));
  const width = Math.min(24, Math.max(8, ...list.map(({ insert }) => insert.length)));
  return list.slice(first, first + MAX_LISTED).map(({ insert, note }, at) => {
    const isPicked = first + at === picked;
    return {
      selected: isPicked,
      left: [
        segment(isPicked ? ` ${painter.glyph('choice')} ` : '   ', 'accent'),
        ...fitCell([untrusted(insert.trimEnd(), 'text', true)], width, false, painter.glyph('ellipsis')),
        segment('  '),
        ...fitCell([untrusted(note, 'dim')], Math.max(1, columns - width - 6), false, painter.glyph('ellipsis')),
      ],
    };
  });
}
