import type { ThemeColour } from '../../domain/theme.ts';
import type { TodoItem } from '../../domain/transcript.ts';
import { type Line, segment } from '../paint/line.ts';
import { cachedLines } from './line-cache.ts';
import { hangingLines } from './text-lines.ts';

const SIGNS: Readonly<Record<TodoItem['status'], readonly [string, ThemeColour, ThemeColour]>> = {
  pending: ['[ ]', 'dim', 'text'],
  in_progress: ['[>]', 'busy', 'busy'],
  completed: ['[x]', 'good', 'dim'],
  cancelled: ['[-]', 'dim', 'dim'],
};

/** Summarises progress: `3 of 5 done`. Cancelled items do not count. */
export function todoSummary(todos: readonly TodoItem[]): Line {
  const wanted = todos.filter(({ status }) => status !== 'cancelled');
  const done = wanted.filter(({ status }) => status === 'completed').length;
  const isDone = done === wanted.length;
  return { left: [segment(`${done} of ${wanted.length} done`, isDone ? 'good' : 'accent', true)] };
}

export const todoLines = cachedLines(({ content, status }: TodoItem, { width }) => {
  const [sign, colour, textColour] = SIGNS[status];
  return hangingLines([segment(`${sign} `, colour)], sign.length + 1, content, { columns: width, colour: textColour });
});
