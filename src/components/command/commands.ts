import { nearestWord } from '../../domain/nearest.ts';
import { selectedHost } from '../../store/selection.ts';
import { HOST_SORTS, SESSION_SORTS } from '../../store/sort.ts';
import { sortedBy } from '../../store/sorted-by.ts';
import { viewShown } from '../../store/view-travels.ts';
import { hostWord } from '../list/host-cells.ts';
import { ALL_VIEWS } from '../views/views.ts';
import type { Choice, Command, CommandContext } from './command.ts';

const choice = (insert: string, note = ''): Choice => ({ insert, note });
const ON_OFF: readonly Choice[] = [choice('on'), choice('off')];

/** Each view is a command; what follows its name is a filter. */
const viewCommands: readonly Command[] = ALL_VIEWS.map(({ name, title, aliases }) => {
  const isFiltered = name !== 'pulse' && name !== 'log';
  return {
    name: aliases[0] ?? name,
    aliases: aliases.slice(1),
    argument: isFiltered ? 'FILTER' : '',
    description: isFiltered ? `Show ${title}, with a filter if one is given.` : `Show ${title}.`,
    run: (argument) => viewShown(name, isFiltered ? argument : ''),
  };
});

function hostChoices({ state }: CommandContext): readonly Choice[] {
  return [...state.entries.values()].map((entry) => choice(entry.host.alias, hostWord(entry)[0]));
}

function sortColumns({ state }: CommandContext): readonly string[] {
  return state.view === 'hosts' ? HOST_SORTS : SESSION_SORTS;
}

const ICON_SETS = ['auto', 'emoji', 'shapes', 'ascii'];

const otherCommands: readonly Command[] = [
  {
    name: 'host',
    aliases: [],
    argument: 'NAME',
    description: 'Go to a host in the tree.',
    choices: hostChoices,
    run: (alias, { state }, { fail }) => {
      if (!state.entries.has(alias)) {
        fail(alias === '' ? ':host needs the name of a host' : noSuch('host', alias, [...state.entries.keys()]));
        return null;
      }
      return (now) => ({ ...viewShown('fleet', '')(now), selected: selectedHost(alias) });
    },
  },
  {
    name: 'sort',
    aliases: [],
    argument: 'COLUMN',
    description: 'Sort the table by a column; again reverses.',
    choices: (context) => sortColumns(context).map((name) => choice(name)),
    run: (by, context, { fail }) => {
      const columns = sortColumns(context);
      if (!columns.includes(by)) {
        fail(noSuch('column', by, columns));
        return null;
      }
      return (now) => {
        const table = now.view === 'hosts' ? 'hosts' : 'sessions';
        return { ...(now.view === table ? {} : viewShown('sessions')(now)), ...sortedBy(table, by)(now) };
      };
    },
  },
  {
    name: 'group',
    aliases: ['groups'],
    argument: 'on|off',
    description: 'Show the headings of the tree, or hide them.',
    choices: () => ON_OFF,
    run: (argument) => (state) => ({
      settings: { ...state.settings, groups: argument === '' ? !state.settings.groups : argument !== 'off' },
    }),
  },
  {
    name: 'archived',
    aliases: [],
    argument: 'on|off',
    description: 'Show archived sessions too, or hide them.',
    choices: () => ON_OFF,
    run: (argument) => (state) => ({
      settings: {
        ...state.settings,
        showArchived: argument === '' ? !state.settings.showArchived : argument !== 'off',
      },
    }),
  },
  {
    name: 'theme',
    aliases: [],
    argument: 'NAME',
    description: 'Try a theme; `display.theme` in the configuration keeps it.',
    choices: ({ themes }) => themes.map((name) => choice(name)),
    run: (name, { themes }, { setTheme, fail }) => {
      if (name === '') fail(`:theme needs a name: ${themes.join(', ')}`);
      else setTheme(name);
      return null;
    },
  },
  {
    name: 'icons',
    aliases: [],
    argument: 'NAME',
    description: 'Try an icon set; `display.icons` in the configuration keeps it.',
    choices: () => ICON_SETS.map((name) => choice(name)),
    run: (name, _context, { setIcons, fail }) => {
      if (ICON_SETS.includes(name)) setIcons(name);
      else fail(noSuch('icon set', name, ICON_SETS));
      return null;
    },
  },
  {
    name: 'save',
    aliases: [],
    argument: 'NAME [KEY]',
    description: "Save the filter; ' and KEY applies it.",
    run: (argument, { state }, { saveFilter, fail }) => {
      const [name = '', key = null, ...rest] = argument.split(/\s+/).filter((word) => word !== '');
      if (state.query.trim() === '') fail('There is no filter to save');
      else if (name === '' || rest.length > 0 || (key !== null && [...key].length !== 1))
        fail(':save needs a name, then optionally a one-character key');
      else saveFilter(name, key, state.query.trim());
      return null;
    },
  },
  {
    name: 'find',
    aliases: ['grep'],
    argument: 'TEXT',
    description: 'Search the transcripts of all hosts for a text.',
    run: (needle, _context, { find, fail }) => {
      if (needle === '') fail(':find needs a text to search for');
      else find(needle);
      return null;
    },
  },
  {
    name: 'deletions',
    aliases: [],
    argument: '',
    description: 'List what was deleted or archived, and undo it.',
    run: (_argument, { bindings }, { run }) => {
      const binding = bindings.find(({ name }) => name === 'undo_list');
      if (binding !== undefined) run(binding);
      return null;
    },
  },
  {
    name: 'config',
    aliases: [],
    argument: '',
    description: 'Edit the configuration in $EDITOR.',
    run: (_argument, _context, { editConfig }) => {
      editConfig();
      return null;
    },
  },
];

/** All commands but the actions, which are commands by their names. */
export const COMMANDS: readonly Command[] = [...viewCommands, ...otherCommands];

/** Names that vi has taught. */
const QUITS = ['q', 'q!', 'quit', 'exit', 'wq', 'x'];

/** Returns a command by its name or alias; `undefined` if there is none. */
export function commandNamed(name: string, context: CommandContext): Command | undefined {
  const own = COMMANDS.find((command) => command.name === name || command.aliases.includes(name));
  return own ?? actionCommands(context).find((command) => command.name === name);
}

/** Returns a command for each action of the lists. */
export function actionCommands({ bindings }: CommandContext): readonly Command[] {
  const actions = bindings.filter(({ modes }) => modes.includes('list'));
  const taken = new Set<string>();
  const commands: Command[] = [];
  for (const binding of actions) {
    if (taken.has(binding.name)) continue;
    taken.add(binding.name);
    commands.push({
      name: binding.name,
      aliases: [],
      argument: '',
      description: binding.description,
      run: (_argument, _context, { run }) => {
        run(binding);
        return null;
      },
    });
  }
  return commands;
}

function noSuch(what: string, name: string, known: readonly string[]): string {
  const nearest = nearestWord(name, known);
  return `There is no ${what} "${name}"${nearest === null ? '' : `; did you mean ${nearest}?`}`;
}

/** Runs a typed line. Returns a change of the state; `null` for none. */
export function runCommandLine(line: string, context: CommandContext, ports: Parameters<Command['run']>[2]) {
  const text = line.trim();
  const name = text.split(/\s+/, 1)[0] ?? '';
  const argument = text.slice(name.length).trim();
  const command = commandNamed(QUITS.includes(name) ? 'quit_now' : name, context);
  if (command === undefined) {
    const known = [...COMMANDS, ...actionCommands(context)].map((one) => one.name);
    ports.fail(noSuch('command', name, known));
    return null;
  }
  return command.run(argument, context, ports);
}
