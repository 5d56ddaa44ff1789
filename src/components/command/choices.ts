import { completeFilter } from '../../fleet/filter/complete-filter.ts';
import { vocabularyOf } from '../../fleet/filter/vocabulary.ts';
import type { LineInput } from '../../store/line-input.ts';
import type { Choice, CommandContext } from './command.ts';
import { actionCommands, COMMANDS, commandNamed } from './commands.ts';

/** The completions of a typed line: each replaces the text between two offsets (UTF-16). */
export interface Choices {
  readonly from: number;
  readonly to: number;
  readonly list: readonly Choice[];
}

export const NO_CHOICES: Choices = { from: 0, to: 0, list: [] };
const MAX_CHOICES = 200;

/** Returns the completions of the line that is typed. */
export function choicesOf(input: LineInput | null, context: CommandContext): Choices {
  if (input === null) return NO_CHOICES;
  return input.kind === 'command' ? commandChoices(input, context) : filterChoices(input, context);
}

function filterChoices({ editor: { text, cursor } }: LineInput, { state }: CommandContext): Choices {
  const { from, to, choices } = completeFilter(text, cursor, vocabularyOf(state.entries));
  return { from, to, list: choices };
}

function commandChoices({ editor: { text, cursor } }: LineInput, context: CommandContext): Choices {
  const typed = text.slice(0, cursor);
  const name = /^\s*(\S+)\s/.exec(typed)?.[1];
  if (name === undefined) {
    const all = [...COMMANDS, ...actionCommands(context)].map(
      ({ name: insert, argument, description }): Choice => ({
        insert: argument === '' ? insert : `${insert} `,
        note: description,
      }),
    );
    return choose(all, typed.trimStart(), cursor);
  }
  const known = commandNamed(name, context)?.choices?.(context) ?? [];
  return choose(known, /\S*$/.exec(typed)?.[0] ?? '', cursor);
}

/** Returns the choices that match, those that begin with the typed text first. */
function choose(all: readonly Choice[], typed: string, cursor: number): Choices {
  const sought = typed.toLowerCase();
  const starting = all.filter(({ insert }) => insert.toLowerCase().startsWith(sought));
  const holding = all.filter(({ insert }) => insert.toLowerCase().indexOf(sought) > 0);
  const list = [...starting, ...holding].filter(({ insert }) => insert.trim() !== typed).slice(0, MAX_CHOICES);
  return { from: cursor - typed.length, to: cursor, list };
}
