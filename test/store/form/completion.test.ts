import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../../src/store/form/complete.ts';
import { play } from './press.ts';

const project = (value: string) => ({ value });

function directory(initial = '', suggestions: readonly string[] = []) {
  const form = play(
    [
      { kind: 'text', name: 'before', label: 'Before' },
      {
        kind: 'text',
        name: 'directory',
        label: 'Directory',
        initial,
        completes: true,
        suggestions: suggestions.map(project),
      },
      { kind: 'text', name: 'title', label: 'Title' },
    ],
    { focus: 'directory' },
  );
  return {
    ...form,
    form,
    answer: (value: string, found: readonly string[], note?: string) =>
      form.send({
        kind: 'completed',
        field: 'directory',
        value,
        candidates: found.map(project),
        ...(note === undefined ? {} : { note }),
      }),
    shown: () => {
      const field = form.state.fields[1];
      return field?.kind === 'text' ? candidatesOf(field).map(({ value }) => value) : [];
    },
    text: () => form.text('directory'),
  };
}

describe('a text that is completed', () => {
  it('asks outside at the first tab, and once only', () => {
    const { press, effects, form } = directory('/srv/');
    press('tab', 'tab');
    expect(effects).toEqual([{ kind: 'complete', field: 'directory', value: '/srv/' }]);
    expect(form.focused).toBe('directory');
  });

  it('goes as far as all candidates agree once they are told', () => {
    const { press, answer, text, shown, type, effects } = directory('/s');
    press('tab');
    answer('/s', ['/srv/shop/', '/srv/site/']);
    expect(text()).toBe('/srv/s|');
    type('h');
    expect(shown()).toEqual(['/srv/shop/']);
    press('tab');
    expect(text()).toBe('/srv/shop/|');
    press('tab');
    expect(effects.at(-1)).toEqual({ kind: 'complete', field: 'directory', value: '/srv/shop/' });
  });

  it('changes no text that was typed since', () => {
    const { press, answer, text, shown, type } = directory('/s');
    press('tab');
    type('r');
    answer('/s', ['/srv/', '/sys/']);
    expect(text()).toBe('/sr|');
    expect(shown()).toEqual(['/srv/']);
    press('backspace', 'backspace', 'tab');
    answer('/s', ['/srv/']);
    expect(text()).toBe('/|');
  });

  it('is picked from the candidates by the arrows, taken by enter or tab, and left by esc', () => {
    const { press, answer, text, form } = directory('/srv/');
    press('tab');
    answer('/srv/', ['/srv/shop/', '/srv/web/']);
    press('down', 'down', 'down', 'enter');
    expect(text()).toBe('/srv/web/|');
    expect(form.focused).toBe('directory');
    press('ctrl+w');
    form.type('/srv/');
    press('down', 'esc');
    expect(form.effects).toEqual([{ kind: 'complete', field: 'directory', value: '/srv/' }]);
    press('down', 'tab');
    expect(text()).toBe('/srv/shop/|');
    press('enter');
    expect(form.focused).toBe('title');
  });

  it('picks the first when tab has nothing more to ask', () => {
    const { press, answer, text } = directory('/srv/');
    press('tab');
    answer('/srv/', ['/srv/shop/', '/srv/web/']);
    press('tab', 'tab');
    expect(text()).toBe('/srv/shop/|');
  });

  it('lists what was known beforehand, by any part of it, and tab does not take it for all there is', () => {
    const { press, type, shown, effects, text } = directory('', ['/srv/shop', '/home/ada/web']);
    expect(shown()).toEqual(['/srv/shop', '/home/ada/web']);
    type('ADA');
    expect(shown()).toEqual(['/home/ada/web']);
    press('tab');
    expect(effects).toEqual([{ kind: 'complete', field: 'directory', value: 'ADA' }]);
    press('down', 'enter');
    expect(text()).toBe('/home/ada/web|');
  });

  it('goes back from the candidates to the text, and from there to the field above', () => {
    const { press, form } = directory('', ['/a', '/b']);
    press('down', 'down', 'up', 'up');
    expect(form.focused).toBe('directory');
    press('up');
    expect(form.focused).toBe('before');
  });

  it('may be asked again after a failure', () => {
    const { press, answer, effects } = directory('/root/');
    press('tab');
    answer('/root/', [], 'permission denied');
    press('tab');
    expect(effects).toHaveLength(2);
  });

  it('cuts no character in two where candidates part', () => {
    const { press, answer, text } = directory('/');
    press('tab');
    answer('/', ['/e\u0301a', '/e\u0302b']);
    expect(text()).toBe('/|');
    const flags = directory('/');
    flags.press('tab');
    flags.answer('/', ['/😀', '/😁']);
    expect(flags.text()).toBe('/|');
  });
});
