import type { Binding } from '../../src/components/keys/binding.ts';
import { table } from './markdown.ts';

/** Keys that users of another program have in their hands. */
export interface Hands {
  readonly program: string;
  /** Keys that do the same here. */
  readonly same: readonly string[];
  /** Keys that do something else here: what they do there, and the name of the binding that does it here. */
  readonly other: readonly (readonly [key: string, there: string, name: string | null])[];
}

export const HANDS: readonly Hands[] = [
  {
    program: 'k9s',
    same: [
      ':',
      '/',
      '?',
      'esc',
      'q',
      'j',
      'k',
      'G',
      'ctrl+f',
      'ctrl+b',
      'space',
      'ctrl+space',
      '-',
      'ctrl+w',
      'ctrl+e',
      'ctrl+s',
      'c',
    ],
    other: [
      ['g', 'go to the top', 'top'],
      ['d', 'describe', 'inspect'],
      ['ctrl+d', 'delete', 'kill_session'],
      ['ctrl+k', 'kill', 'stop'],
      ['ctrl+r', 'refresh', 'refresh'],
      ['[', 'back in the history', 'back'],
      [']', 'forward in the history', 'forward'],
      ['e', 'edit', 'editor'],
      ['l', 'logs', 'cycle_view'],
      ['s', 'open a shell', 'attach'],
      ['y', 'show YAML', 'inspect'],
      ['0', 'all namespaces', null],
      ['ctrl+a', 'list the aliases', 'command'],
      ['N', 'sort by name', 'sort_title'],
      ['A', 'sort by age', 'sort_age'],
    ],
  },
  {
    program: 'lazygit',
    same: ['1', '2', '3', '4', '5', '?', '/', '@', '+', '_', '<', '>', 'o', 'd', 'esc', 'q'],
    other: [
      ['z', 'undo', 'undo'],
      ['y', 'copy', 'copy'],
      ['R', 'refresh', 'refresh'],
      [']', 'next tab', 'cycle_view'],
      ['[', 'previous tab', 'previous_tab'],
      ['v', 'select a range', 'mark_range'],
      ['e', 'edit', 'editor'],
      ['space', 'stage, check out', 'mark'],
      ['c', 'commit', null],
      ['p', 'pull', null],
      ['P', 'push', null],
      [':', 'run a shell command', null],
    ],
  },
  {
    program: 'vim',
    same: [
      'h',
      'j',
      'k',
      'l',
      'g g',
      'G',
      'ctrl+d',
      'ctrl+u',
      'ctrl+f',
      'ctrl+b',
      '/',
      ':',
      'V',
      'ctrl+o',
      'g t',
      'g T',
      'ctrl+z',
    ],
    other: [
      ['d', 'delete at once', 'kill_session'],
      ['x', 'delete a character', 'kill_session'],
      ['p', 'paste', null],
      ['u', 'undo any change', 'undo'],
      ['n', 'next match', 'down'],
      ['N', 'previous match', 'up'],
      ['i', 'insert', 'prompt'],
      ['o', 'open a line', null],
      ['y', 'yank', 'copy'],
      ['v', 'select', 'mark'],
      ['z', 'scroll or fold', 'fold'],
      ['R', 'replace', null],
    ],
  },
];

/** Writes what differs for the hands of a program. The words for here are those of the bindings. */
export function handsSection({ program, same, other }: Hands, bindings: readonly Binding[]): string {
  const rows = other.map(([key, there, name]) => [
    shownKey(key),
    there,
    descriptionOf(key, bindings),
    name === null ? '' : keysOf(name, bindings),
  ]);
  const heads = ['Key', `In ${program}`, 'Here', 'For the same, press'];
  return `The same: ${same.map(shownKey).join(' ')}\n\n${table(heads, rows)}`;
}

/** Returns the binding that a key has in the tree; `undefined` if it is free there. A key that begins a chord counts too. */
export function bindingInTree(key: string, bindings: readonly Binding[]): Binding | undefined {
  return bindings.find(
    ({ keys, modes, views }) =>
      keys.includes(key) && modes.includes('list') && (views === undefined || views.includes('fleet')),
  );
}

function descriptionOf(key: string, bindings: readonly Binding[]): string {
  return bindingInTree(key, bindings)?.description ?? 'Nothing.';
}

function keysOf(name: string, bindings: readonly Binding[]): string {
  const binding = bindings.find((one) => one.name === name);
  if (binding === undefined) throw new Error(`there is no binding "${name}"`);
  return binding.keys.map(shownKey).join(' ');
}

function shownKey(key: string): string {
  return `\`${/^\S \S$/.test(key) ? key.replace(' ', '') : key}\``;
}
