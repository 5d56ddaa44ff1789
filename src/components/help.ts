import { textWidth } from '../domain/text-width.ts';
import { type Binding, type BindingContext, HELP_GROUPS, type HelpGroup, labelOf, type Mode } from './keys/binding.ts';
import { isHere } from './keys/dispatch.ts';
import { fitCell } from './list/column.ts';
import { type Line, type Segment, segment } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';

/** A line of the help screen that can be selected. */
export interface HelpEntry {
  readonly binding: Binding;
  readonly label: string;
  /** Why the key does nothing now; `null` if it works. */
  readonly disabled: string | null;
}

export interface HelpSection {
  readonly title: string;
  readonly entries: readonly HelpEntry[];
}

const TITLES: Readonly<Record<HelpGroup, string>> = {
  row: 'THIS ROW',
  move: 'MOVE',
  marks: 'MARKS',
  views: 'VIEWS',
  panel: 'PANEL',
  find: 'FIND AND RUN',
  host: 'HOST',
  yours: 'YOURS',
  ocr: 'OCR',
  typing: 'TYPING',
  connecting: 'CONNECTING',
};
/** Groups of keys that only matter where they are named in the footer. */
const ELSEWHERE: ReadonlySet<HelpGroup> = new Set(['typing', 'connecting']);

/** Returns the keys that fit the search, by group: those that work in the mode below the help. */
export function helpSections(
  bindings: readonly Binding[],
  mode: Mode,
  context: BindingContext,
): readonly HelpSection[] {
  const words = (context.state.help?.query ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return HELP_GROUPS.filter((group) => !ELSEWHERE.has(group)).flatMap((group) => {
    const entries = bindings
      .filter((binding) => binding.group === group && isHere(binding, mode, context) && binding.keys.length > 0)
      .map((binding) => ({ binding, label: labelOf(binding, context), disabled: binding.disabled?.(context) ?? null }))
      .filter(({ binding, label }) => {
        const text = `${binding.keys.join(' ')} ${label} ${binding.description} ${binding.name}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
    return entries.length === 0 ? [] : [{ title: TITLES[group], entries }];
  });
}

/** Returns the entries in the order in which the cursor visits them. */
export function helpEntries(sections: readonly HelpSection[]): readonly HelpEntry[] {
  return sections.flatMap(({ entries }) => entries);
}

const KEY_COLUMNS = 10;
const COLUMN = 30;

/** Composes the help screen: sections flow through columns, and scroll so that the selected key is in sight. */
export function helpLines(
  sections: readonly HelpSection[],
  selected: number,
  area: { readonly columns: number; readonly height: number },
  painter: Painter,
  isBinding: boolean,
): Line[] {
  const count = Math.max(1, Math.floor(area.columns / COLUMN));
  const width = Math.floor(area.columns / count);
  const cells = sectionCells(sections, selected, width, painter);
  const columns = flow(cells, count);
  const lines = Math.max(0, ...columns.map(({ length }) => length));
  const at = columns.map((column) => column.findIndex(({ isSelected }) => isSelected)).find((index) => index >= 0) ?? 0;
  const chosen = helpEntries(sections)[selected];
  const height = Math.max(1, area.height - 2);
  const top = Math.max(0, Math.min(lines - height, at - Math.floor(height / 2)));
  const body = Array.from(
    { length: Math.min(height, lines - top) },
    (_, row): Line => ({
      left: columns.flatMap((column) =>
        fitCell(column[top + row]?.segments ?? [], width, false, painter.glyph('ellipsis')),
      ),
    }),
  );
  const blank = Array.from({ length: Math.max(0, height - body.length) }, (): Line => ({ left: [] }));
  return [...body, ...blank, { left: [] }, isBinding ? bindingLine(chosen) : aboutLine(chosen)];
}

/** Tells in a sentence what the selected key does, or why not now. */
function aboutLine(entry: HelpEntry | undefined): Line {
  if (entry === undefined) return { left: [segment(' No key matches', 'dim')] };
  const off = entry.disabled === null ? [] : [segment(`  off: ${entry.disabled}`, 'warn')];
  return { left: [segment(` ${entry.binding.description}`), ...off] };
}

function bindingLine(entry: HelpEntry | undefined): Line {
  return {
    left: [
      segment(` Press the new key of ${entry?.label ?? ''}`, 'match', true),
      segment('   esc leaves it as it is', 'dim'),
    ],
  };
}

interface HelpCell {
  readonly segments: readonly Segment[];
  readonly isSelected: boolean;
}

function sectionCells(
  sections: readonly HelpSection[],
  selected: number,
  width: number,
  painter: Painter,
): HelpCell[][] {
  let index = 0;
  return sections.map(({ title, entries }) => [
    { segments: [segment(`  ${title}`, 'dim', true)], isSelected: false },
    ...entries.map(({ binding, label, disabled }) => {
      const isSelected = index === selected;
      index += 1;
      const keys = binding.keys.slice(0, 3).map((one) => one.replaceAll(' ', ''));
      while (keys.length > 1 && textWidth(keys.join(' ')) > KEY_COLUMNS) keys.pop();
      const colour = disabled === null ? 'text' : 'dim';
      return {
        isSelected,
        segments: fitCell(
          [
            segment(isSelected ? `${painter.glyph('choice')} ` : '  ', 'accent'),
            segment(keys.join(' ').padEnd(KEY_COLUMNS + 1), 'accent', true),
            segment(label, colour, isSelected),
          ],
          width - 1,
          false,
          painter.glyph('ellipsis'),
        ),
      };
    }),
    { segments: [], isSelected: false },
  ]);
}

/** Fills columns with whole sections, the next column where the sum is more than its share. */
function flow(sections: readonly HelpCell[][], count: number): HelpCell[][] {
  const total = sections.reduce((sum, { length }) => sum + length, 0);
  const share = Math.ceil(total / count);
  const columns: HelpCell[][] = Array.from({ length: count }, () => []);
  let at = 0;
  for (const section of sections) {
    const column = columns[at];
    if (column === undefined) break;
    if (column.length > 0 && column.length + section.length / 2 > share && at < count - 1) at += 1;
    columns[at]?.push(...section);
  }
  return columns;
}
