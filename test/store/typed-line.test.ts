import { describe, expect, it } from 'vitest';
import { selectedHost } from '../../src/store/selection.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import type { Transition } from '../../src/store/transition.ts';
import {
  commandRemembered,
  inputBegun,
  inputCancelled,
  inputEdited,
  inputKept,
  inputPicked,
  inputRecalled,
  inputReplaced,
  inputTyped,
} from '../../src/store/typed-line.ts';
import { SETTINGS } from '../support/builders.ts';

function begin(changes: Partial<OcrState> = {}) {
  let state: OcrState = { ...initialState(SETTINGS, false), ...changes };
  return (...transitions: Transition[]) => {
    for (const transition of transitions) state = { ...state, ...transition(state) };
    return state;
  };
}
const textOf = ({ input }: OcrState) =>
  input && `${input.editor.text.slice(0, input.editor.cursor)}|${input.editor.text.slice(input.editor.cursor)}`;

describe('a filter that is typed', () => {
  it('works at each letter, and stays when it is kept', () => {
    const go = begin();
    expect(go(inputBegun('filter'), inputTyped('ab'), inputEdited('backspace')).query).toBe('a');
    expect(go(inputKept)).toMatchObject({ query: 'a', input: null });
  });

  it('begins with the one before, and Esc brings that back with its row and what it had found', () => {
    const finds = new Map();
    const go = begin({ query: 'web', finds, selected: selectedHost('web1') });
    expect(textOf(go(inputBegun('filter')))).toBe('web|');
    expect(go(inputCancelled)).toMatchObject({ query: 'web', finds, input: null });
    go(inputBegun('filter'), inputTyped('2'), () => ({ selected: selectedHost('web2') }));
    expect(go(inputCancelled)).toMatchObject({
      query: 'web',
      finds: null,
      selected: selectedHost('web1'),
      input: null,
    });
  });
});

describe('a command that is typed', () => {
  it('changes no filter, and Esc leaves all as it was', () => {
    const go = begin({ query: 'web', selected: selectedHost('web1') });
    expect(go(inputBegun('command', 'ho'), inputTyped('st')).query).toBe('web');
    expect(go(inputCancelled)).toMatchObject({ query: 'web', selected: selectedHost('web1'), input: null });
  });

  it('brings back earlier ones, the latest first, and at last an empty line', () => {
    const go = begin();
    go(commandRemembered('hosts'), commandRemembered('triage'), commandRemembered('hosts'), inputBegun('command'));
    const recall = (steps: 1 | -1) => go(inputRecalled(steps)).input?.editor.text;
    expect([recall(1), recall(1), recall(1), recall(-1), recall(-1)]).toEqual([
      'hosts',
      'triage',
      'triage',
      'hosts',
      '',
    ]);
    expect(go().commands).toEqual(['triage', 'hosts']);
  });

  it('remembers a hundred', () => {
    const go = begin();
    for (let at = 0; at < 120; at += 1) go(commandRemembered(`host ${at}`));
    expect([go().commands.length, go().commands[0]]).toEqual([100, 'host 20']);
  });

  it('is completed where the cursor is', () => {
    const go = begin();
    go(inputBegun('command', 'so x'), inputReplaced(0, 2, 'sort'));
    expect(textOf(go())).toBe('sort| x');
  });

  it('picks completions up to none and to the last one, and forgets the pick at the next letter', () => {
    const go = begin();
    go(inputBegun('command'));
    const pick = (steps: number) => go(inputPicked(steps, 3)).input?.picked;
    expect([pick(1), pick(1), pick(1), pick(1), pick(-9)]).toEqual([0, 1, 2, 2, null]);
    go(inputPicked(1, 3), inputTyped('x'));
    expect(go().input?.picked).toBeNull();
    expect(go(inputPicked(1, 0)).input?.picked).toBeNull();
  });

  it('is no longer than 400 characters', () => {
    const go = begin();
    expect(go(inputBegun('command'), inputTyped('x'.repeat(900)), inputTyped('y')).input?.editor.text).toHaveLength(
      400,
    );
  });

  it('is not touched while nothing is typed', () => {
    const state = begin()();
    for (const change of [
      inputTyped('x'),
      inputEdited('backspace'),
      inputRecalled(1),
      inputPicked(1, 3),
      inputKept,
      inputCancelled,
    ])
      expect(change(state)).toEqual({});
  });
});
