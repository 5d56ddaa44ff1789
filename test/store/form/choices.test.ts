import { describe, expect, it } from 'vitest';
import type { FieldSpec } from '../../../src/store/form/form.ts';
import { choiceOf, isOn, listOf, textOf } from '../../../src/store/form/form-values.ts';
import { play } from './press.ts';

const options = ['Build', 'Plan', 'Review'].map((label) => ({ value: label.toLowerCase(), label }));
const choice = (rest: Partial<FieldSpec & { kind: 'choice' }> = {}) =>
  play([{ kind: 'choice', name: 'pick', label: 'Agent', options, ...rest }]);
const multi = (rest: Partial<FieldSpec & { kind: 'multi' }> = {}) =>
  play([{ kind: 'multi', name: 'pick', label: 'Parts', options, ...rest }]);

describe('a choice', () => {
  it('has nothing chosen until the user chooses', () => {
    const form = choice();
    form.press('enter');
    expect(form.values()).toEqual({ pick: null });
    form.press('down', 'down', 'down', 'down', 'up', 'enter');
    expect(form.values()).toEqual({ pick: 'plan' });
  });

  it('begins with what it was given', () => {
    const form = choice({ initial: 'review' });
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'review' });
    form.press('home', 'enter');
    expect(form.values()).toEqual({ pick: 'build' });
  });

  it('is filtered by typing', () => {
    const form = choice();
    form.type('vi');
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'review' });
    form.press('ctrl+u', 'enter');
    expect(form.values()).toEqual({ pick: 'review' });
  });

  it('is not given away when nothing matches', () => {
    const form = choice();
    form.type('xyz');
    form.press('enter');
    expect(form.values()).toBeNull();
    expect(form.state.error).toEqual({ text: 'Agent: nothing in the list matches', field: 'pick' });
    form.press('backspace');
    expect(form.state.error).toBeNull();
  });

  it('takes an own answer for what it says, also where it looks like an option', () => {
    const form = choice({ custom: true, required: true });
    form.press('enter');
    expect(form.state.error?.text).toBe('Agent: choose one');
    form.type('plan');
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'plan' });
    form.paste(' b\n$(x)');
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'plan b $(x)' });
    form.press('up', 'enter');
    expect(form.values()).toEqual({ pick: 'review' });
    form.press('down', 'home', 'x', 'enter');
    expect(form.values()).toEqual({ pick: 'xplan b $(x)' });
  });

  it('lets the arrows reach options that look the same', () => {
    const same = choice({
      options: [
        { value: 'a', label: 'A' },
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    });
    same.press('down', 'down', 'down', 'enter');
    expect(same.values()).toEqual({ pick: 'b' });
  });

  it('gets its options later, and keeps what was chosen', () => {
    const form = choice({ options: [], loading: true, required: true });
    form.press('enter');
    expect(form.state.error?.text).toBe('Agent: the list has not arrived yet');
    form.send({ kind: 'options', field: 'pick', options, initial: 'plan' });
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'plan' });
    form.press('down');
    form.send({ kind: 'options', field: 'pick', options: options.toReversed(), initial: 'plan' });
    form.press('enter');
    expect(form.values()).toEqual({ pick: 'review' });
  });
});

describe('a choice of several', () => {
  it('is checked by space, in the order of the options', () => {
    const form = multi();
    form.press('end', 'space', 'home', 'space', 'down', 'space', 'space', 'enter');
    expect(form.values()).toEqual({ pick: ['build', 'review'] });
  });

  it('keeps what is checked while it is filtered', () => {
    const form = multi({ initial: ['plan'] });
    form.type('rev');
    form.press('space', 'ctrl+u', 'enter');
    expect(form.values()).toEqual({ pick: ['plan', 'review'] });
  });

  it('has an own answer beside the options, with blanks', () => {
    const form = multi({ custom: true, required: true });
    form.press('enter');
    expect(form.state.error?.text).toBe('Parts: choose one');
    form.press('space');
    form.type('and more');
    form.press('enter');
    expect(form.values()).toEqual({ pick: ['build', 'and more'] });
  });

  it('takes a pasted blank for text', () => {
    const form = multi({ custom: true });
    form.paste(' ');
    form.type('x');
    form.press('enter');
    expect(form.values()).toEqual({ pick: [' x'] });
  });
});

describe('yes or no', () => {
  it.each([
    [['space'], true],
    [['space', 'right'], false],
    [['y', 'y'], true],
    [['y', 'n'], false],
    [['y', 'x', 'ctrl+w'], true],
  ])('after %j is %s', (keys, expected) => {
    const form = play([{ kind: 'toggle', name: 'share', label: 'Share' }]);
    form.press(...keys, 'enter');
    expect(form.values()).toEqual({ share: expected });
  });
});

describe('the values of a form', () => {
  it('are read by their kind', () => {
    const values = { text: 'a', pick: null, list: ['b'], on: true };
    expect([textOf(values, 'text'), textOf(values, 'pick'), textOf(values, 'none')]).toEqual(['a', '', '']);
    expect([choiceOf(values, 'text'), choiceOf(values, 'pick'), choiceOf(values, 'list')]).toEqual(['a', null, null]);
    expect([listOf(values, 'list'), listOf(values, 'text')]).toEqual([['b'], []]);
    expect([isOn(values, 'on'), isOn(values, 'none')]).toEqual([true, false]);
  });
});
