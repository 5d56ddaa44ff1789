import { describe, expect, it } from 'vitest';
import { describeRequest, isObscure } from '../../src/domain/person-request.ts';
import { printable } from '../../src/domain/printable.ts';
import { hidesSomething, visible } from '../../src/domain/visible.ts';
import { aPermission } from '../support/builders.ts';

describe('a text that a person decides on', () => {
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

  it('says in one line all of the command that it asks to run', () => {
    expect(describeRequest(aPermission({ command: 'true\u001b[8m; rm x' }))).toBe('bash: true^[[8m; rm x');
  });
});
