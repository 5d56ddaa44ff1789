import { printable } from '../../domain/printable.ts';
import { parseFilter } from '../../fleet/filter/parse-filter.ts';
import { sessionOfRow } from '../../store/rows.ts';
import type { Binding, BindingContext } from './binding.ts';

/** A filter that the user saved. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: string;
  /** One letter, pressed after '; `null` for none. */
  readonly key: string | null;
}

/** A command of the user's own, as far as its key goes. */
export interface OwnCommand {
  readonly name: string;
  readonly label: string;
  readonly keys: readonly string[];
  /** The kind of row that it works on. */
  readonly scope: 'session' | 'host' | 'project' | 'fleet';
}

/** Returns the bindings of saved filters: ' and a letter; those without one are in the palette and on the command line. */
export function filterBindings(filters: readonly SavedFilter[]): readonly Binding[] {
  return filters.map(({ name, filter, key }) => ({
    name,
    action: 'applyFilter',
    argument: filter,
    keys: key === null ? [] : [`' ${key}`],
    modes: ['list'],
    group: 'yours',
    hint: `Filter: ${printable(name)}`,
    disabled: () => problemOf(filter),
    description: `Apply the filter ${printable(filter)}.`,
  }));
}

/** Returns what is wrong with a saved filter; `null` if nothing is. */
function problemOf(filter: string): string | null {
  return parseFilter(filter).problems[0]?.message ?? null;
}

/** Returns the bindings of the user's own commands. */
export function commandBindings(commands: readonly OwnCommand[]): readonly Binding[] {
  return commands.map(({ name, label, keys, scope }) => ({
    name,
    action: 'ownCommand',
    argument: name,
    keys,
    modes: ['list', 'panel'],
    group: 'yours',
    hint: printable(label),
    description: `Run your command ${printable(name)}.`,
    disabled: (context) => scopeReason(scope, context),
  }));
}

const KIND_OF_ROW = { session: 'session', host: 'host', project: 'project' } as const;

function scopeReason(scope: OwnCommand['scope'], { row, state }: BindingContext): string | null {
  if (scope === 'fleet') return null;
  const hasSession = sessionOfRow(row) !== null || state.marked.size > 0;
  const fits =
    scope === 'session'
      ? hasSession
      : scope === 'project'
        ? sessionOfRow(row) !== null || row?.kind === 'project' || row?.kind === 'more'
        : row !== undefined && row.kind !== 'group' && row.kind !== 'message';
  return fits ? null : `Select a ${KIND_OF_ROW[scope]} first`;
}
