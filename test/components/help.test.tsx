import { describe, expect, it, vi } from 'vitest';
import { helpEntries, helpSections } from '../../src/components/help.ts';
import type { BindingContext } from '../../src/components/keys/binding.ts';
import { selectedHost } from '../../src/store/selection.ts';
import { initialState } from '../../src/store/state.ts';
import { viewShown } from '../../src/store/view-travels.ts';
import { aFleet } from '../support/a-fleet.ts';
import { aHost, anEntry, answered, SETTINGS } from '../support/builders.ts';
import { bindings, KEYS, openDashboard } from './open-dashboard.tsx';

const state = { ...initialState(SETTINGS, false), ...aFleet() };
const context: BindingContext = { state, row: undefined, items: [] };
const names = (query: string, mode: 'list' | 'panel' = 'list', view: 'fleet' | 'log' = 'fleet') => {
  const shown = { ...state, ...viewShown(view)(state), help: { query, selected: 0, isBinding: false } };
  return helpEntries(helpSections(bindings, mode, { ...context, state: shown })).map(({ binding }) => binding.name);
};

describe('the help', () => {
  it('lists the keys of the mode and the view it was called from, and none of dialogs', () => {
    expect(names('')).toEqual(expect.arrayContaining(['attach', 'fold', 'larger', 'quit', 'suspend']));
    expect(names('')).not.toEqual(expect.arrayContaining(['auth_send']));
    expect(names('', 'list', 'log')).not.toContain('fold');
    expect(names('', 'panel')).toContain('panel_top');
    expect(names('', 'panel')).not.toContain('fold');
  });

  it('finds keys by all words of their key, label, sentence and name', () => {
    expect(names('undo')).toEqual(expect.arrayContaining(['undo', 'undo_list']));
    expect(names('ctrl+r')).toContain('restart_server');
    expect(names('archive DELETE undo')).toEqual(expect.arrayContaining(['undo_list']));
    expect(names('archive DELETE undo')).not.toContain('archive');
    expect(names('xylophone')).toEqual([]);
  });

  it('says why a key does nothing now', () => {
    const entries = helpEntries(helpSections(bindings, 'list', context));
    expect(entries.find(({ binding }) => binding.name === 'prompt')?.disabled).toBe('Select a session first');
    expect(entries.find(({ binding }) => binding.name === 'refresh')?.disabled).toBeNull();
  });

  it('is searched by typing, tells what the selected key does, and runs it on Enter', async () => {
    const refresh = vi.fn();
    const { store, screen, shows } = openDashboard([answered('web1', [])], { actions: { refresh } });
    await shows('web1');
    screen.press('?');
    await shows('THIS ROW');
    screen.press('refresh');
    await shows('Ask every host again now.');
    expect(screen.text()).not.toContain('THIS ROW');
    screen.press(KEYS.enter);
    await vi.waitFor(() => expect(refresh).toHaveBeenCalledOnce());
    expect(store.getState().help).toBeNull();
  });

  it('says on Enter why the selected key is off, and of a search without finds that no key matches', async () => {
    const { screen, shows } = openDashboard([answered('web1', [])], { columns: 120 });
    await shows('web1');
    screen.press('?');
    await shows('THIS ROW');
    screen.press('rename');
    await shows('off: Select a session first');
    screen.press('xyz');
    await shows('No key matches');
    screen.press('\u0015', 'rename', KEYS.enter);
    await shows(/^ Select a session first/m);
  });

  it('stays at the first and the last key', async () => {
    const { store, screen, shows } = openDashboard([anEntry({ host: aHost() })], {
      state: { selected: selectedHost('web1') },
    });
    await shows('web1');
    screen.press('?');
    await shows('THIS ROW');
    screen.press(KEYS.up);
    for (let page = 0; page < 40; page += 1) screen.press('\u001b[6~');
    const count = helpEntries(helpSections(bindings, 'list', { ...context, state: store.getState() })).length;
    await vi.waitFor(() => expect(store.getState().help?.selected).toBe(count - 1));
  });
});
