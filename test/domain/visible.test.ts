import { describe, expect, it } from 'vitest';
import { printable } from '../../src/domain/printable.ts';
import { describeRequest, isObscure } from '../../src/domain/user-request.ts';
import { hidesSomething, visible } from '../../src/domain/visible.ts';
import { aPermission, aQuestion } from '../support/builders.ts';

/** Letters, marks, numbers, punctuation, symbols and blanks that Unicode does not say to ignore. */
const SEEN = /^(?!\p{DI}|\p{Bidi_Control})[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u;

describe('a text that the user decides on', () => {
  it.each([
    ['echo ok; \u001b]x; rm -rf ~ #', 'echo ok; ^[]x; rm -rf ~ #'],
    ['a\u202eb', 'a<202e>b'],
    ['one\ntwo\r\u007f\u009b', 'one^Jtwo^M^?<9b>'],
    ['zero\u200bwidth\u200djoin', 'zero<200b>width<200d>join'],
    ['plain ümlaut 漢字', 'plain ümlaut 漢字'],
    ['\ud800', '<d800>'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(printable(visible(text))).toBe(shown);
  });

  it('is called obscure when it holds what cannot be painted, and not for its lines and tabs', () => {
    expect(hidesSomething('a\n\tb')).toBe(false);
    expect(isObscure(aPermission())).toBe(false);
    expect(isObscure(aPermission({ patterns: ['a\u202eb'] }))).toBe(true);
  });

  it('shows every code point, or names it: none is dropped, and no name says nothing', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const character = String.fromCodePoint(code);
      const shown = visible(character);
      const isFine = shown === character ? SEEN.test(character) : /^(\^[@-_?]|<[0-9a-f]+>)$/.test(shown);
      // Text that one function paints unchanged is kept by the other.
      if (!isFine || printable(shown) !== shown) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['variation selectors', 'rm\u{e0101} x', 'rm<e0101> x'],
    ['tags', 'ls\u{e0041}', 'ls<e0041>'],
    ['a filler', 'a\u3164b', 'a<3164>b'],
    ['joiners', 'a\u200c\u200db', 'a<200c><200d>b'],
    ['a private sign', 'a\ue000b', 'a<e000>b'],
  ])('names %s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(hidesSomething(text)).toBe(true);
  });

  it('is called obscure wherever it stands in a request', () => {
    for (const facts of [{ url: '"http://x\u{e0041}"' }, { 'u\u200brl': '"x"' }]) {
      expect(isObscure(aPermission({ facts }))).toBe(true);
    }
    const [item] = aQuestion().questions;
    expect(isObscure(aQuestion())).toBe(false);
    expect(isObscure(aQuestion({ questions: [{ ...item!, question: 'a\u200bb' }] }))).toBe(true);
    const options = [{ label: 'yes\u2060', description: '' }];
    expect(isObscure(aQuestion({ questions: [{ ...item!, options }] }))).toBe(true);
  });

  it('says in one line all of the command that it asks to run', () => {
    expect(describeRequest(aPermission({ command: 'true\u001b[8m; rm x' }))).toBe('bash: true^[[8m; rm x');
  });
});
