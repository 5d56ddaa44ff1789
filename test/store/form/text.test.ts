import { describe, expect, it } from 'vitest';
import { LONGEST_TEXT } from '../../../src/store/form/form-reduce.ts';
import { countCharacters } from '../../support/counted-characters.ts';
import { play } from './press.ts';

const line = (initial = '') => play([{ kind: 'text', name: 'text', label: 'Title', initial }]);
const area = (initial = '') => play([{ kind: 'text', name: 'text', label: 'Prompt', initial, multiline: true }]);

describe('a text of one line', () => {
  it.each([
    [['left', 'left', 'x'], 'one tx|wo'],
    [['home', 'x'], 'x|one two'],
    [['ctrl+a', 'right', 'x'], 'ox|ne two'],
    [['ctrl+a', 'ctrl+e', 'x'], 'one twox|'],
    [['left', 'ctrl+u'], '|o'],
    [['home', 'ctrl+k'], '|'],
    [['ctrl+w'], 'one |'],
    [['ctrl+w', 'ctrl+w', 'ctrl+w'], '|'],
    [['alt+b', 'x'], 'one x|two'],
    [['ctrl+left', 'ctrl+left', 'x'], 'x|one two'],
    [['home', 'alt+f', 'x'], 'onex| two'],
    [['home', 'ctrl+right', 'ctrl+right', 'x'], 'one twox|'],
    [['backspace'], 'one tw|'],
    [['home', 'delete'], '|ne two'],
    [['home', 'alt+d'], '| two'],
    [['alt+backspace'], 'one |'],
    [['home', 'left', 'backspace', 'ctrl+u', 'ctrl+w'], '|one two'],
    [['right', 'delete', 'ctrl+k', 'alt+f'], 'one two|'],
    [['ctrl+b', 'ctrl+d'], 'one tw|'],
  ])('by the keys %j becomes %s', (keys, expected) => {
    const form = line('one two');
    form.press(...keys);
    expect(form.text('text')).toBe(expected);
  });

  it('has what a reader takes for one character erased and passed at once', () => {
    const form = line();
    form.paste('e\u0301👩‍💻🇩🇪漢');
    form.press('left', 'backspace');
    expect(form.text('text')).toBe('e\u0301👩‍💻|漢');
    form.press('left', 'left', 'delete', 'x');
    expect(form.text('text')).toBe('x|👩‍💻漢');
  });

  it('takes a mark that is typed to the character before it', () => {
    const form = line();
    form.type('ae');
    form.press('left');
    form.press('right');
    form.type('\u0301');
    expect(form.text('text')).toBe('ae\u0301|');
    form.press('backspace');
    expect(form.text('text')).toBe('a|');
  });

  it.each([
    ['a\u001b[31m\u0000b\r\nc\rd\u202e\t', 'a[31mb c d\u202e '],
    ['/srv/shop\n', '/srv/shop'],
    ['one\ttwo\u2028three\u0085four\u007f', 'one two threefour'],
    ['\r\n', ''],
  ])('takes no control characters of the paste %j', (pasted, expected) => {
    const form = line();
    form.paste(pasted);
    form.press('enter');
    expect(form.values()).toEqual({ text: expected });
  });

  it('is done by enter, and by ctrl+j too', () => {
    const form = line('x');
    form.press('enter', '\n', 'ctrl+j', 'ctrl+s');
    expect(form.effects).toEqual(Array(4).fill({ kind: 'submit', values: { text: 'x' } }));
  });
});

describe('a text of many lines', () => {
  it('is done by enter, and gets another line by the keys beside it', () => {
    const form = area();
    form.type('a');
    form.press('alt+enter');
    form.type('b');
    form.press('\n');
    form.type('c');
    form.press('shift+enter', 'ctrl+j');
    expect(form.text('text')).toBe('a\nb\nc\n\n|');
    form.press('enter');
    expect(form.values()).toEqual({ text: 'a\nb\nc\n\n' });
  });

  it('has a cursor that keeps its column on the way up and down', () => {
    const form = area('a long line\nb\n\nanother line');
    form.press('up');
    expect(form.text('text')).toBe('a long line\nb\n|\nanother line');
    form.press('up', 'up');
    expect(form.text('text')).toBe('a long line|\nb\n\nanother line');
    form.press('down', 'down', 'down');
    expect(form.text('text')).toBe('a long line\nb\n\nanother line|');
    form.press('down', 'ctrl+home', 'up');
    expect(form.text('text')).toBe('|a long line\nb\n\nanother line');
    form.press('pgdn');
    expect(form.text('text')).toBe('a long line\nb\n\n|another line');
  });

  it('counts columns, not characters, on the way up and down', () => {
    const form = area('abcdef\n漢字漢');
    form.press('left', 'up');
    expect(form.text('text')).toBe('abcd|ef\n漢字漢');
    form.press('left', 'down');
    expect(form.text('text')).toBe('abcdef\n漢|字漢');
  });

  it('has keys for the line that the cursor is on', () => {
    const form = area('one\ntwo\nthree');
    form.press('up', 'home', 'x', 'end', 'y');
    expect(form.text('text')).toBe('one\nxtwoy|\nthree');
    form.press('ctrl+u');
    expect(form.text('text')).toBe('one\n|\nthree');
    form.press('ctrl+k');
    expect(form.text('text')).toBe('one\n|three');
    form.press('backspace');
    expect(form.text('text')).toBe('one|three');
  });

  it('keeps a paste intact wherever it goes', () => {
    const pasted = '  def f():\r\n\treturn "$(rm -rf ~)" \\\r\u001b[2J`x`\n\n';
    const form = area('ab');
    form.press('left');
    form.paste(pasted);
    form.press('enter');
    expect(form.values()).toEqual({ text: `a${pasted.replace(/\r\n?/g, '\n')}b` });
  });

  it('refuses what is too long as a whole, and says so', () => {
    const form = area('ab');
    form.paste('x'.repeat(LONGEST_TEXT));
    expect(form.text('text')).toBe('ab|');
    expect(form.state.error?.text).toBe('Prompt: that would be more than 1 million characters');
    form.type('c');
    expect(form.state.error).toBeNull();
  });

  it('is not lost by one esc', () => {
    const form = area();
    form.paste('a long prompt');
    form.press('esc');
    expect(form.effects).toEqual([]);
    expect(form.state.leaving).toBe(true);
    form.type('!');
    expect(form.state.leaving).toBe(false);
    form.press('esc', 'esc');
    expect(form.effects).toEqual([{ kind: 'cancel' }]);
  });

  it('is left by one esc while nothing was typed', () => {
    const form = area('as it was');
    form.press('esc');
    expect(form.effects).toEqual([{ kind: 'cancel' }]);
  });
});

describe('keys that come in one read', () => {
  it('are keys of their own', () => {
    const form = area();
    form.press('ab\u0001c\u007f\u0005d');
    expect(form.text('text')).toBe('abd|');
    form.press('e\r');
    expect(form.values()).toEqual({ text: 'abde' });
  });

  it('are keys also where they look pasted: only the terminal tells a paste', () => {
    const form = area();
    form.press('one\rtwo\r');
    expect(form.effects).toEqual([
      { kind: 'submit', values: { text: 'one' } },
      { kind: 'submit', values: { text: 'onetwo' } },
    ]);
  });

  it('erase, type and go on as they would one by one', () => {
    const form = play([
      { kind: 'text', name: 'directory', label: 'Directory', initial: '/home/ada/' },
      { kind: 'text', name: 'title', label: 'Title' },
    ]);
    form.press('\u0015/srv/shop\r\r');
    expect(form.values()).toEqual({ directory: '/srv/shop', title: '' });
  });

  it.each([
    ['\u0015/srv\r\nA title\r\n', { directory: '/srv', title: 'A title' }],
    ['x\u0001y\u0005z\tt\u0013', { directory: 'y/home/ada/xz', title: 't' }],
    ['\u0017漢\u007f字\n\n', { directory: '字', title: '' }],
  ])('are %j as well', (read, expected) => {
    const form = play([
      { kind: 'text', name: 'directory', label: 'Directory', initial: '/home/ada/' },
      { kind: 'text', name: 'title', label: 'Title' },
    ]);
    form.press(read);
    expect(form.values()).toEqual(expected);
  });
});

/** Work grows with the length, so a shorter text than allowed shows as much. */
const LONG_TEXT = LONGEST_TEXT / 10;

describe('a long text', () => {
  it.each([
    ['of one line', '漢'.repeat(LONG_TEXT)],
    ['of blanks', ' '.repeat(LONG_TEXT)],
    ['of many lines', 'e\u0301 漢\n'.repeat(LONG_TEXT / 5)],
  ])('%s is read a few times at most for each key', (_name, long) => {
    const form = area();
    form.paste(long);
    for (const key of ['left', 'up', 'down', 'alt+b', 'alt+f', 'x', 'backspace', 'home', 'end', 'ctrl+w'])
      expect(
        countCharacters(() => form.press(key)),
        key,
      ).toBeLessThan(4 * LONG_TEXT);
  });
});
