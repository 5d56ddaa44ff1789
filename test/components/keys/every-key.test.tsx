import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Binding, Mode } from '../../../src/components/keys/binding.ts';
import { modeOf } from '../../../src/components/keys/dispatch.ts';
import type { DashboardActions } from '../../../src/components/keys/perform-context.ts';
import { recentActions } from '../../../src/lib/recent-actions.ts';
import { initialDetail } from '../../../src/store/detail.ts';
import { createConfirm } from '../../../src/store/form/confirm.ts';
import { createForm } from '../../../src/store/form/form.ts';
import { initialState, type OcrState } from '../../../src/store/state.ts';
import { inputBegun } from '../../../src/store/typed-line.ts';
import type { ViewName } from '../../../src/store/view.ts';
import { viewShown } from '../../../src/store/view-travels.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { aHostKeyQuestion, aSecretQuestion, SETTINGS } from '../../support/builders.ts';
import { bytesOfKeys } from '../../support/key-bytes.ts';
import { bindings, openDashboard } from '../open-dashboard.tsx';

const DIALOG = {
  alias: 'bastion',
  label: 'bastion',
  progress: [],
  waiting: 0,
  commands: ['ssh bastion'],
  failure: null,
};
const HIDDEN = { kind: 'hidden', length: 0 } as const;

/** How each mode is entered. */
const ENTER: Readonly<Record<Mode, (state: OcrState) => Partial<OcrState>>> = {
  list: () => ({}),
  panel: () => ({ inspecting: true, detail: { ...initialDetail, full: true } }),
  filter: inputBegun('filter'),
  command: inputBegun('command'),
  error: () => ({ errorShown: true, error: { title: 'failed', lines: [] } }),
  help: () => ({ help: { query: '', selected: 0, isBinding: false } }),
  auth: () => ({ dialog: { ...DIALOG, question: { kind: 'secret', question: aSecretQuestion(), answers: [HIDDEN] } } }),
  trust: () => ({ dialog: { ...DIALOG, question: { kind: 'host-key', question: aHostKeyQuestion() } } }),
  form: () => ({
    modal: {
      kind: 'form',
      form: createForm({ title: 'x', submitLabel: 'send', fields: [{ kind: 'text', name: 'text', label: 'text' }] }),
    },
  }),
  dialog: () => ({
    modal: { kind: 'confirm', confirm: createConfirm({ name: 'delete', title: 'x', lines: [], options: [] }) },
  }),
};

const LISTS: readonly ViewName[] = ['fleet', 'sessions', 'hosts', 'triage', 'pulse', 'log', 'finds'];

/** The places where a binding works: a view matters in the list alone. */
function placesOf({ modes, views = LISTS }: Binding): readonly (readonly [Mode, ViewName])[] {
  return modes.flatMap((mode) => (mode === 'list' ? views : views.slice(0, 1)).map((view) => [mode, view] as const));
}

const PLACES = new Map(
  bindings.flatMap((binding) => placesOf(binding)).map(([mode, view]) => [`${mode} ${view}`, { mode, view }]),
);

/** A screen with a fleet, whose actions do nothing but are all foreseen. */
function open() {
  const calls: string[] = [];
  const call = (name: string) => () => void calls.push(name);
  const actions: Partial<DashboardActions> = Object.fromEntries(
    ['attach', 'refresh', 'authenticate', 'run', 'editConfig', 'startDemo', 'saveScreen', 'ownCommand']
      .concat(['suspend', 'repaint', 'palette', 'quit'])
      .map((name) => [name, call(name)]),
  );
  const fleet: Partial<OcrState> = aFleet();
  return {
    ...openDashboard([...aFleet().entries.values()], { columns: 120, rows: 40, state: fleet, actions, chordWait: 20 }),
    calls,
  };
}

/** Longer than the rest of a split key may take. */
const REST_MS = 120;

describe.each([...PLACES.keys()])('in the place %s', (name) => {
  const { mode, view } = PLACES.get(name)!;
  const here = bindings.filter((one) => placesOf(one).some(([m, v]) => m === mode && v === view));
  const keys = here.flatMap((binding) => binding.keys.map((key) => ({ key, binding })));

  it('every key does its action or says why not, and throws nothing', async () => {
    const { store, screen, shows } = open();
    await shows('ocr');
    const base: OcrState = { ...initialState(SETTINGS, false), ...aFleet() };
    const performed = vi.spyOn(recentActions, 'add');
    onTestFinished(() => performed.mockRestore());
    const isHeard = ({ name }: Binding) =>
      performed.mock.calls.some(([action]) => action === name) || store.getState().hint !== null;
    for (const { key, binding } of keys) {
      const listed = { ...base, ...viewShown(view)(base) };
      store.setState({ ...listed, ...ENTER[mode](listed), keysFrom: 0 });
      expect(modeOf(store.getState()), key).toBe(mode);
      // Dialogs hear no key before they are painted.
      await vi.waitFor(() => expect(screen.lines()).toHaveLength(40));
      await new Promise((resolve) => setImmediate(resolve));
      store.setState({ keysFrom: 0 });
      performed.mockClear();
      screen.press(...bytesOfKeys(key));
      // A dialog hears its keys without a binding.
      if (mode === 'form' || mode === 'dialog') await sleep(REST_MS);
      else await vi.waitFor(() => expect(isHeard(binding), `${key} (${binding.name})`).toBe(true));
      // What follows a bracket at once would be the rest of a split key.
      if (key === '[') await sleep(REST_MS);
    }
    expect(screen.lines()).toHaveLength(40);
  });
});
