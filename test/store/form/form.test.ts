import { describe, expect, it } from 'vitest';
import { play } from './press.ts';

const three = () =>
  play([
    { kind: 'text', name: 'url', label: 'URL', required: true },
    {
      kind: 'text',
      name: 'directory',
      label: 'Directory',
      validate: (value) => (value.startsWith('-') ? 'a directory cannot begin with a dash' : null),
    },
    { kind: 'toggle', name: 'attach', label: 'Attach' },
  ]);

describe('a form', () => {
  it('goes from field to field by tab, the arrows and enter', () => {
    const form = three();
    const visited = ['tab', 'down', 'down', 'shift+tab', 'up', 'up'].map((key) => {
      form.press(key);
      return form.focused;
    });
    expect(visited).toEqual(['directory', 'attach', 'attach', 'directory', 'url', 'url']);
    form.type('x');
    form.press('enter', 'enter', 'enter');
    expect(form.values()).toEqual({ url: 'x', directory: '', attach: false });
  });

  it('stays at a field that is wrong, and says what is wrong until it is changed', () => {
    const form = three();
    form.press('enter');
    expect(form.focused).toBe('url');
    expect(form.state.error).toEqual({ text: 'URL: required', field: 'url' });
    form.press('left');
    expect(form.state.error).not.toBeNull();
    form.type('x');
    expect(form.state.error).toBeNull();
  });

  it('goes back to the first field that is wrong when it is to be done', () => {
    const form = three();
    form.type('x');
    form.press('tab', '-', 'tab', 'ctrl+s');
    expect(form.focused).toBe('directory');
    expect(form.state.error?.text).toBe('a directory cannot begin with a dash');
    expect(form.effects).toEqual([]);
  });

  it('stands still while it is being done, but can be left', () => {
    const form = three();
    form.type('x');
    form.press('ctrl+s');
    form.send({ kind: 'busy', text: 'cloning' });
    form.type('y');
    form.paste('z');
    form.press('enter', 'ctrl+s', 'tab', 'backspace');
    expect(form.text('url')).toBe('x|');
    expect(form.effects).toHaveLength(1);
    form.press('esc');
    expect(form.effects.at(-1)).toEqual({ kind: 'cancel' });
  });

  it('keeps what was typed when it failed, and goes to the field that it is about', () => {
    const form = three();
    form.type('x');
    form.press('ctrl+s');
    form.send({ kind: 'busy', text: 'cloning' });
    form.send({ kind: 'failed', text: 'the directory exists', field: 'directory' });
    expect(form.state).toMatchObject({ busy: null, error: { text: 'the directory exists', field: 'directory' } });
    expect(form.focused).toBe('directory');
    expect(form.text('url')).toBe('x|');
  });

  it('asks for no more than there is: without fields enter does it', () => {
    const form = play([]);
    form.press('x', 'tab', 'enter');
    expect(form.values()).toEqual({});
    form.press('esc');
    expect(form.effects.at(-1)).toEqual({ kind: 'cancel' });
  });

  it('has no use for keys without a meaning', () => {
    const form = three();
    const before = form.state;
    form.press('ctrl+x', 'alt+x', 'ctrl+space', '\u0000');
    expect(form.state).toEqual(before);
  });
});
