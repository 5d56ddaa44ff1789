import { describe, expect, it } from 'vitest';
import { selectedHost, selectedSession } from '../../src/store/selection.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import type { Transition } from '../../src/store/transition.ts';
import type { ViewName } from '../../src/store/view.ts';
import { lastViewShown, travelled, viewShown } from '../../src/store/view-travels.ts';
import { SETTINGS } from '../support/builders.ts';

/** A state that is changed by transitions. */
function begin(changes: Partial<OcrState> = {}) {
  let state: OcrState = { ...initialState(SETTINGS, false), ...changes };
  const go = (...transitions: Transition[]) => {
    for (const transition of transitions) state = { ...state, ...transition(state) };
    return state;
  };
  return { go, show: (...views: ViewName[]) => go(...views.map((view) => viewShown(view))).view };
}

describe('going through the views', () => {
  it('leads back to each place, and forward again', () => {
    const { go, show } = begin();
    show('sessions', 'triage', 'log');
    const back = ['back', 'back', 'back', 'back'].map(() => go(travelled('back')).view);
    expect(back).toEqual(['triage', 'sessions', 'fleet', 'fleet']);
    const forward = [1, 2, 3, 4].map(() => go(travelled('forward')).view);
    expect(forward).toEqual(['sessions', 'triage', 'log', 'log']);
  });

  it('forgets what lay ahead when it goes elsewhere', () => {
    const { go, show } = begin();
    show('sessions', 'triage');
    go(travelled('back'));
    show('hosts');
    expect(go().travels.forward).toEqual([]);
    expect(go(travelled('back')).view).toBe('sessions');
  });

  it('brings back the filter and the row of a place', () => {
    const { go } = begin({ selected: selectedHost('web1') });
    go(
      viewShown('sessions', 'state:waiting'),
      () => ({ selected: selectedSession('web1', 'a') }),
      viewShown('log', ''),
    );
    expect(go(travelled('back'))).toMatchObject({
      query: 'state:waiting',
      selected: { key: selectedSession('web1', 'a').key },
    });
    expect(go(travelled('back'))).toMatchObject({ view: 'fleet', query: '', selected: selectedHost('web1') });
  });

  it('keeps the filter and the row from one list of the fleet to another, and the row across a view without it', () => {
    const { go, show } = begin({ selected: selectedHost('web1'), query: 'web' });
    show('hosts');
    expect(go()).toMatchObject({ selected: selectedHost('web1'), query: 'web' });
    show('triage');
    expect(go().selected).toBeNull();
    show('fleet');
    expect(go().selected).toEqual(selectedHost('web1'));
  });

  it('swaps the last two views', () => {
    const { go, show } = begin();
    expect(go(lastViewShown).view).toBe('fleet');
    show('sessions', 'hosts');
    expect([go(lastViewShown).view, go(lastViewShown).view]).toEqual(['sessions', 'hosts']);
  });

  it('stays where it is when nothing changes, and remembers fifty places', () => {
    const { go, show } = begin();
    show('fleet');
    expect(go().travels.back).toEqual([]);
    for (let at = 0; at < 60; at += 1) show('sessions', 'hosts');
    expect(go().travels.back).toHaveLength(50);
  });
});
