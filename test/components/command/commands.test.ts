import { describe, expect, it } from 'vitest';
import { choicesOf } from '../../../src/components/command/choices.ts';
import type { CommandContext, CommandPorts } from '../../../src/components/command/command.ts';
import { actionCommands, COMMANDS, commandNamed, runCommandLine } from '../../../src/components/command/commands.ts';
import { inputStrip } from '../../../src/components/command/input-strip.ts';
import { paletteEntries } from '../../../src/components/command/palette.ts';
import { initialState, type OcrState } from '../../../src/store/state.ts';
import { inputBegun, inputTyped } from '../../../src/store/typed-line.ts';
import { VIEW_NAMES } from '../../../src/store/view.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { SETTINGS } from '../../support/builders.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { bindings, THEMES } from '../open-dashboard.tsx';

const base: OcrState = { ...initialState(SETTINGS, false), ...aFleet() };

/** Runs a line; returns what was called outside, and the state after. */
function run(line: string, changes: Partial<OcrState> = {}) {
  const calls: string[] = [];
  const note =
    (name: string) =>
    (...values: unknown[]) =>
      void calls.push(
        [
          name,
          ...values.map((value) =>
            typeof value === 'object' && value !== null && 'name' in value ? value.name : value,
          ),
        ].join(' '),
      );
  const ports: CommandPorts = {
    ...{
      run: note('run'),
      say: note('say'),
      fail: note('fail'),
      setTheme: note('setTheme'),
      setIcons: note('setIcons'),
    },
    ...{ editConfig: note('editConfig'), saveFilter: note('saveFilter'), find: note('find'), bindKey: note('bindKey') },
  };
  const state = { ...base, ...changes };
  const change = runCommandLine(line, { state, bindings, themes: THEMES }, ports);
  return { calls, state: change === null ? state : { ...state, ...change(state) } };
}

const context: CommandContext = { state: base, bindings, themes: THEMES };
const filtered = { query: 'state:waiting' };

/** A line for each command, and what it does. */
const LINES: Readonly<Record<string, () => void>> = {
  ...Object.fromEntries(
    VIEW_NAMES.map((view) => [
      view,
      () => {
        const isFiltered = view !== 'pulse' && view !== 'log';
        expect(run(`${view} state:idle`).state).toMatchObject({ view, query: isFiltered ? 'state:idle' : '' });
        expect(run(view, filtered).state.query).toBe('');
      },
    ]),
  ),
  host: () => {
    expect(run('host prod-db', { view: 'log' }).state).toMatchObject({ view: 'fleet', selected: { alias: 'prod-db' } });
    expect(run('host prod-dc').calls).toEqual(['fail There is no host "prod-dc"; did you mean prod-db?']);
    expect(run('host').calls).toEqual(['fail :host needs the name of a host']);
  },
  sort: () => {
    expect(run('sort cost').state).toMatchObject({
      view: 'sessions',
      sorts: { sessions: { by: 'cost', reversed: false } },
    });
    expect(run('sort rtt', { view: 'hosts' }).state.sorts.hosts).toEqual({ by: 'rtt', reversed: false });
    expect(run('sort cots').calls).toEqual(['fail There is no column "cots"; did you mean cost?']);
  },
  group: () => {
    expect(
      [run('group').state, run('groups off').state, run('group on').state].map(({ settings }) => settings.groups),
    ).toEqual([false, false, true]);
  },
  archived: () => {
    const shown = ['archived', 'archived on', 'archived off'].map((line) => run(line).state.settings.showArchived);
    expect(shown).toEqual([true, true, false]);
  },
  theme: () => {
    expect([run('theme light').calls, run('theme').calls]).toEqual([
      ['setTheme light'],
      ['fail :theme needs a name: nightops, light, minimal'],
    ]);
  },
  icons: () => {
    expect([run('icons ascii').calls, run('icons asci').calls]).toEqual([
      ['setIcons ascii'],
      ['fail There is no icon set "asci"; did you mean ascii?'],
    ]);
  },
  save: () => {
    expect(run('save mine m', filtered).calls).toEqual(['saveFilter mine m state:waiting']);
    expect(run('save mine', filtered).calls).toEqual(['saveFilter mine  state:waiting']);
    expect(run('save mine').calls).toEqual(['fail There is no filter to save']);
    for (const line of ['save', 'save mine mm', 'save a b c'])
      expect(run(line, filtered).calls).toEqual(['fail :save needs a name, then optionally a one-character key']);
  },
  find: () => {
    expect([run('find rate limit').calls, run('grep x').calls, run('find').calls]).toEqual([
      ['find rate limit'],
      ['find x'],
      ['fail :find needs a text to search for'],
    ]);
  },
  deletions: () => expect(run('deletions').calls).toEqual(['run undo_list']),
  config: () => expect(run('config').calls).toEqual(['editConfig']),
};

describe('the command line', () => {
  it.each(COMMANDS.map(({ name }) => name))('knows :%s', (name) => {
    expect(LINES, `a line for ${name}`).toHaveProperty(name);
    LINES[name]?.();
  });

  it('has commands with a sentence each, and names and aliases of their own', () => {
    const names = COMMANDS.flatMap((command) => [command.name, ...command.aliases]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const { description, argument } of COMMANDS) {
      expect(description).toMatch(/^[A-Z].*\.$/);
      expect(argument).toMatch(/^[A-Z |[\]]*$|^on\|off$/);
    }
  });

  it('runs every action of the lists by its name', () => {
    const actions = actionCommands(context).filter(({ name }) => commandNamed(name, context)?.argument === '');
    expect(actions.length).toBeGreaterThan(60);
    // `quit` quits from anywhere, as its other names do.
    for (const { name } of actions.filter((one) => one.name !== 'quit')) {
      if (!COMMANDS.some((one) => one.name === name || one.aliases.includes(name)))
        expect(run(name).calls).toEqual([`run ${name}`]);
    }
  });

  it('quits by the words that vi has taught', () => {
    for (const word of ['q', 'q!', 'quit', 'exit', 'wq', 'x']) expect(run(word).calls).toEqual(['run quit_now']);
  });

  it('names the nearest command for one that it does not know, and runs nothing', () => {
    expect(run('triaeg').calls).toEqual(['fail There is no command "triaeg"; did you mean triage?']);
    expect(run('xylophone').calls).toEqual(['fail There is no command "xylophone"']);
  });
});

describe('the completions of a command', () => {
  const listed = (text: string, state: Partial<OcrState> = {}) => {
    const typing = { ...base, ...state };
    const { input } = { ...typing, ...inputBegun('command', text)(typing) };
    return choicesOf(input, { ...context, state: typing }).list.map(({ insert }) => insert);
  };

  it('are those that begin with what is typed, before those that contain it', () => {
    expect(listed('so')[0]).toBe('sort ');
    expect(listed('archi')).toEqual(expect.arrayContaining(['archived ', 'archive', 'show_archived']));
    expect(listed('archi').indexOf('archive')).toBeLessThan(listed('archi').indexOf('show_archived'));
  });

  it('are the values of the argument behind a name', () => {
    expect(listed('host prod-')).toEqual(['prod-api', 'prod-web', 'prod-db']);
    expect(listed('sort ', { view: 'hosts' })).toContain('rtt');
    expect(listed('theme l')).toEqual(['light', 'minimal']);
    expect(listed('config x')).toEqual([]);
  });
});

describe('the strip below a filter', () => {
  const strip = (text: string, columns = 80) => {
    const state = { ...base, ...inputBegun('filter')(base) };
    const { input } = { ...state, ...inputTyped(text)(state) };
    if (!input) throw new Error('nothing is typed');
    return inputStrip(input, choicesOf(input, context), columns, plainPainter()).map(({ left }) =>
      left
        .map((part) => part.text)
        .join('')
        .trim(),
    );
  };

  it('says what is wrong with a term', () => {
    expect(strip('state:wrong x').join('\n')).toMatch(/^wrong {2}no state "wrong"; try \S/);
  });

  it('says nothing of a word that is still being completed', () => {
    expect(strip('state:wor')).toEqual(['working']);
    expect(strip('state:wor x').join('\n')).toMatch(/^wor {2}no state/);
  });

  it('lists as many completions as fit', () => {
    const [wide = ''] = strip('state:', 200);
    const [narrow = ''] = strip('state:', 50);
    expect(wide.length).toBeGreaterThan(narrow.length);
    expect(narrow.length).toBeLessThanOrEqual(50);
  });
});

describe('the palette', () => {
  const entries = paletteEntries(bindings, 'list', { state: base, row: undefined, items: [] }, THEMES);
  const entry = (label: string) => entries.find((one) => one.label === label);

  it('offers actions with their keys, or why they are off, then hosts, sessions and themes', () => {
    expect(entry('Refresh')?.description).toBe('r   Ask every host again now.');
    expect(entry('Prompt…')?.description).toBe('p   off: Select a session first');
    expect(entry('prod-db')?.description).toBe('host, polled');
    expect(entry('Flaky checkout test')?.description).toBe('session on prod-web');
    expect(entry('Theme light')?.run).toEqual({ theme: 'light' });
    expect(entry('Commands')).toBeUndefined();
  });

  it('offers no archived session and no session of a subagent', () => {
    expect([entry('Old spike'), entry('audit contrast')]).toEqual([undefined, undefined]);
  });

  it('leads to a host and to a session in the tree', () => {
    const stateAfter = (label: string) => {
      const chosen = entry(label)?.run;
      if (chosen === undefined || !('change' in chosen)) throw new Error(`${label} leads nowhere`);
      return { ...base, ...chosen.change({ ...base, view: 'log', query: 'x' }) };
    };
    expect(stateAfter('prod-db')).toMatchObject({ view: 'fleet', query: '', selected: { alias: 'prod-db' } });
    expect(stateAfter('Flaky checkout test')).toMatchObject({
      view: 'fleet',
      query: '',
      selected: { session: { alias: 'prod-web', id: '2' } },
    });
  });
});
