import { expect, it } from 'vitest';
import { printableLines, wrapLine } from '../../../src/components/inspect/text-lines.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { randomText, seededRandom } from '../../support/random.ts';

it('breaks at blanks, and long words anywhere', () => {
  expect(wrapLine('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapLine('one two', 3)).toEqual(['one', 'two']);
  expect(wrapLine('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  expect(wrapLine('漢字漢字', 5)).toEqual(['漢字', '漢字']);
  expect(wrapLine('eins zwölf drei', 10)).toEqual(['eins zwölf', 'drei']);
  expect(wrapLine('eins zwölf drei', 8)).toEqual(['eins', 'zwölf', 'drei']);
  expect(wrapLine('', 5)).toEqual(['']);
});

it('keeps the indentation of the first line', () => {
  expect(wrapLine('    indented text', 10)).toEqual(['    indent', 'ed text']);
  expect(wrapLine('  two words', 8)).toEqual(['  two', 'words']);
  expect(wrapLine('  zwö words', 8)).toEqual(['  zwö', 'words']);
});

it('loses nothing, and has no line too wide', () => {
  const random = seededRandom(8);
  for (let round = 0; round < 1000; round += 1) {
    const text = randomText(random, round % 2 === 0 ? ['a', 'b', ' '] : ['a', 'b', ' ', '漢', 'é', 'e\u0301'], 60);
    const lines = wrapLine(text, 9);
    for (const line of lines) expect(textWidth(line), JSON.stringify([text, lines])).toBeLessThanOrEqual(9);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  }
});

it('breaks a text where its own lines end, whatever they end with', () => {
  expect(printableLines('one\r\ntwo\n\n\tthree\n\n', 20)).toEqual(['one', 'two', '', '    three']);
});
