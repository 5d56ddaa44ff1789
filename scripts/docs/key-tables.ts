import { FORM_KEYS } from '../../src/components/form/form-hints.ts';
import type { Binding, HelpGroup, Mode } from '../../src/components/keys/binding.ts';
import { HELP_GROUPS } from '../../src/components/keys/binding.ts';
import type { ViewName } from '../../src/store/view.ts';
import { table } from './markdown.ts';

/** Headings, in the words of the help screen. */
const HEADINGS: Readonly<Record<HelpGroup, string>> = {
  row: 'The selected row',
  move: 'Move',
  marks: 'Marks',
  views: 'Views',
  panel: 'Panel',
  find: 'Find and run',
  host: 'The host of the row',
  yours: 'Yours',
  ocr: 'The program',
  typing: 'While typing, and in popups',
  connecting: 'While connecting',
};

/** A key with where it works, for a table. */
export interface KeyRow {
  /** As they are pressed: `gg`, not `g g`. */
  readonly keys: readonly string[];
  readonly description: string;
  readonly where: string;
  readonly name: string;
}

export interface KeySection {
  readonly heading: string;
  readonly rows: readonly KeyRow[];
}

/** Returns the bindings by group, in the order of the help screen. A binding without a key is left out: it is a command. */
export function keySections(bindings: readonly Binding[]): KeySection[] {
  return HELP_GROUPS.map((group) => ({
    heading: HEADINGS[group],
    rows: bindings.filter((binding) => binding.group === group && binding.keys.length > 0).map(rowOf),
  })).filter(({ rows }) => rows.length > 0);
}

/** Writes the sections as tables in Markdown. */
export function keyTables(bindings: readonly Binding[]): string {
  return keySections(bindings)
    .map(({ heading, rows }) => `### ${heading}\n\n${table(['Key', 'Does', 'Where', 'Name'], rows.map(cellsOf))}`)
    .join('\n\n');
}

/** Writes the keys of forms as a table. */
export function formTable(): string {
  const rows = FORM_KEYS.map(({ keys, description }) => [
    keys
      .split(' ')
      .map((key) => `\`${key}\``)
      .join(' '),
    description,
  ]);
  return table(['Key', 'Does'], rows);
}

function cellsOf({ keys, description, where, name }: KeyRow): string[] {
  return [keys.map((key) => `\`${key}\``).join(' '), description, where, `\`${name}\``];
}

function rowOf({ keys, description, modes, views, name }: Binding): KeyRow {
  const shown = keys.map((key) => (/^. .$/.test(key) ? key.replace(' ', '') : key));
  return { keys: shown, description, where: whereOf(modes, views), name };
}

function whereOf(modes: readonly Mode[], views: readonly ViewName[] | undefined): string {
  if (modes.length > 6) return 'everywhere';
  if (!modes.includes('list')) return modes.map((mode) => PLACES[mode]).join(', ');
  const lists = views === undefined ? 'every view' : views.map((view) => PLACES[view]).join(', ');
  return modes.includes('panel') ? `${lists}; full panel` : lists;
}

const PLACES: Readonly<Record<Mode | ViewName, string>> = {
  list: 'every view',
  panel: 'full panel',
  filter: 'filter',
  command: 'command line',
  error: 'window',
  help: 'help',
  auth: 'connecting',
  trust: 'new host key',
  form: 'form',
  dialog: 'popup',
  fleet: 'Fleet',
  sessions: 'Sessions',
  hosts: 'Hosts',
  triage: 'Triage',
  pulse: 'Pulse',
  log: 'Log',
  finds: 'Find',
};
