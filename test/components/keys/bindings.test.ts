import { describe, expect, it } from 'vitest';
import type { Binding, BindingContext, Mode } from '../../../src/components/keys/binding.ts';
import { HELP_GROUPS, labelOf } from '../../../src/components/keys/binding.ts';
import { createBindings, DEFAULT_BINDINGS } from '../../../src/components/keys/bindings.ts';
import { findBinding, modeOf } from '../../../src/components/keys/dispatch.ts';
import { ACTION_NAMES } from '../../../src/domain/action-names.ts';
import { isKeyName } from '../../../src/domain/key-name.ts';
import { createRowSelector } from '../../../src/store/select-rows.ts';
import { initialState, type OcrState } from '../../../src/store/state.ts';
import { inputBegun } from '../../../src/store/typed-line.ts';
import { VIEW_NAMES } from '../../../src/store/view.ts';
import { viewShown } from '../../../src/store/view-travels.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { aHostKeyQuestion, NOW, SETTINGS } from '../../support/builders.ts';

const EMPTY: BindingContext = { state: initialState(SETTINGS, false), row: undefined, items: [] };
const DIALOG = { alias: 'a', label: 'a', progress: [], question: null, waiting: 0, commands: [], failure: null };
/** Proper names and abbreviations, which keep their capitals. */
const NAMES = /^(Triage|RTT|Fleet)$/;

/** Every context that a label may depend on: each row of each view, marked or not, in all states of a dialog. */
function contexts(): BindingContext[] {
  const base: OcrState = { ...initialState(SETTINGS, false), ...aFleet() };
  const listed = VIEW_NAMES.flatMap((view) => {
    const state = { ...base, ...viewShown(view)(base) };
    return createRowSelector()(state, NOW).map((row): BindingContext => ({ state, row, items: [] }));
  });
  const marked = new Set(['prod-api\0ses_1']);
  const dialogs = [
    { ...DIALOG, failure: { reason: 'x', lines: [] } },
    { ...DIALOG, question: { kind: 'host-key', question: aHostKeyQuestion() } as const },
    DIALOG,
  ];
  return [
    EMPTY,
    ...listed,
    ...listed.map((context) => ({ ...context, state: { ...context.state, marked, inspecting: true } })),
    ...dialogs.map((dialog) => ({ ...EMPTY, state: { ...EMPTY.state, dialog } })),
    ...(['filter', 'command'] as const).map((kind) => ({
      ...EMPTY,
      state: { ...EMPTY.state, ...inputBegun(kind)(EMPTY.state) },
    })),
  ];
}

const ALL_CONTEXTS = contexts();

describe.each(DEFAULT_BINDINGS.map((binding) => [`${binding.name} (${binding.modes[0]})`, binding] as const))(
  'the binding %s',
  (_name, binding) => {
    it('has a label of at most three words in sentence case, wherever the user is', () => {
      for (const label of new Set(ALL_CONTEXTS.map((context) => labelOf(binding, context)))) {
        const words = label.split(' ').filter((word) => !/^\d+$/.test(word));
        expect(words.length, label).toBeLessThanOrEqual(3);
        expect(label).toMatch(/^[A-Z$].*[^.\s]$/);
        for (const word of words.slice(1)) if (!NAMES.test(word)) expect(word, label).toMatch(/^[a-z$]/);
      }
    });

    it('has a sentence that says what it does', () => {
      expect(binding.description).toMatch(/^[A-Z"].*\.$/);
      expect(HELP_GROUPS).toContain(binding.group);
    });

    it('has keys that a terminal can send', () => {
      for (const key of binding.keys.flatMap((keys) => keys.split(' '))) expect(isKeyName(key), key).toBe(true);
    });
  },
);

/** The actions that a key may lead to in one place, where only one of them is enabled at a time. */
const TAKE_TURNS: ReadonlySet<string> = new Set(['editor edit_config']);

describe('the bindings', () => {
  const modes = [...new Set(DEFAULT_BINDINGS.flatMap((binding) => binding.modes))];

  it('give no key two meanings in one mode and view', () => {
    for (const mode of modes) {
      for (const view of [...VIEW_NAMES, 'finds'] as const) {
        const here = DEFAULT_BINDINGS.filter((one) => one.modes.includes(mode) && (one.views?.includes(view) ?? true));
        const byKey = Map.groupBy(
          here.flatMap(({ name, keys }) => keys.map((key) => ({ name, key }))),
          ({ key }) => key,
        );
        const shared = [...byKey.values()]
          .map((uses) => uses.map(({ name }) => name).join(' '))
          .filter((names) => names.includes(' ') && !TAKE_TURNS.has(names));
        expect(shared, `${mode} ${view}`).toEqual([]);
      }
    }
  });

  it('have names of their own', () => {
    const names = DEFAULT_BINDINGS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('can all be bound by the configuration, but those of dialogs and typed lines', () => {
    const own: ReadonlySet<Mode> = new Set(['list', 'panel']);
    const fixed = DEFAULT_BINDINGS.filter(({ name }) => !(ACTION_NAMES as readonly string[]).includes(name));
    expect(
      fixed.filter((one) => one.modes.some((mode) => own.has(mode))).map(({ name }) => name),
    ).toMatchInlineSnapshot(`
      [
        "sort_title",
        "sort_host",
        "sort_project",
        "sort_state",
        "sort_age",
        "sort_cost",
        "sort_agent",
        "sort_model",
        "sort_tokens",
        "sort_rtt",
        "sort_sessions",
        "sort_need",
        "sort_working",
        "pulse_longer",
        "pulse_shorter",
        "pulse_measure",
        "panel_open",
        "panel_up",
        "panel_down",
        "panel_page_up",
        "panel_page_down",
        "panel_top",
        "panel_bottom",
        "panel_back",
        "leave",
        "quit_now",
      ]
    `);
  });

  it('take the keys that the configuration names, several or none', () => {
    const own = createBindings({ quit: ['x'], refresh: ['ctrl+r', 'f5'], stop: [] });
    const find = (key: string) => findBinding(own, 'list', key, EMPTY)?.binding.name;
    expect([find('x'), find('q'), find('ctrl+r'), find('f5'), find('r')]).toEqual([
      'quit',
      undefined,
      expect.any(String),
      'refresh',
      undefined,
    ]);
    expect(own.find(({ name }) => name === 'stop')?.keys).toEqual([]);
  });

  it('open a session in the full panel by the key that opens it in the list', () => {
    const own = createBindings({ attach: ['x'] });
    expect(findBinding(own, 'panel', 'x', EMPTY)?.binding.name).toBe('panel_open');
    expect(findBinding(own, 'panel', 'enter', EMPTY)).toBeNull();
  });

  it('lead out of every mode by ctrl+c', () => {
    for (const mode of modes) expect(findBinding(DEFAULT_BINDINGS, mode, 'ctrl+c', EMPTY)?.binding.action).toBe('quit');
  });

  it('depend on the view: q quits in Fleet and goes back elsewhere, l unfolds there and shows the tree here', () => {
    const find = (view: OcrState['view'], key: string) =>
      findBinding(DEFAULT_BINDINGS, 'list', key, { ...EMPTY, state: { ...EMPTY.state, view } })?.binding.name;
    expect(VIEW_NAMES.map((view) => find(view, 'q'))).toEqual(['quit', 'leave', 'leave', 'leave', 'leave', 'leave']);
    expect([find('fleet', 'l'), find('triage', 'l'), find('hosts', 'l')]).toEqual([
      'unfold',
      'show_in_tree',
      undefined,
    ]);
    expect([find('fleet', '+'), find('pulse', '+'), find('log', '+')]).toEqual(['larger', 'pulse_longer', undefined]);
  });

  it('go where the screen is', () => {
    const { state } = EMPTY;
    const shown = { kind: 'host-key', question: aHostKeyQuestion() } as const;
    const help = { query: '', selected: 0, isBinding: false };
    const typing = inputBegun('filter')(state);
    const full = { inspecting: true, detail: { ...state.detail, full: true } };
    const modeWith = (...changes: Partial<OcrState>[]) => modeOf(Object.assign({}, state, ...changes));
    expect([
      modeWith(),
      modeWith(full),
      modeWith(full, typing),
      modeWith(inputBegun('command')(state)),
      modeWith(typing, { errorShown: true }),
      modeWith({ errorShown: true, help }),
      modeWith(typing, { dialog: DIALOG }),
      modeWith({ dialog: { ...DIALOG, question: shown } }),
      modeWith({ errorShown: true, dialog: DIALOG }),
    ]).toEqual(['list', 'panel', 'filter', 'command', 'error', 'help', 'auth', 'trust', 'error']);
  });

  it('find the enabled one of several that share a key', () => {
    const two: Binding[] = ['first', 'second'].map((name) => ({
      ...DEFAULT_BINDINGS[0]!,
      name,
      keys: ['x'],
      disabled: () => (name === 'first' ? 'not now' : null),
    }));
    expect(findBinding(two, 'list', 'x', EMPTY)).toMatchObject({ binding: { name: 'second' }, disabled: null });
    expect(findBinding(two.slice(0, 1), 'list', 'x', EMPTY)).toMatchObject({ disabled: 'not now' });
  });
});
