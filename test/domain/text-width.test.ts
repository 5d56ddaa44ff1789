import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitText, textWidth, truncateText } from '../../src/domain/text-width.ts';
import { randomText, seededRandom } from '../support/random.ts';

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['漢字', 4],
    ['😀', 2],
    ['ｆｕｌｌ', 8],
    ['…', 1],
  ])('gives %j %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

it('the width of a common character, alone and beside others, is that of string-width', () => {
  const wrong: string[] = [];
  const [common, emoji] = [Array.from({ length: 0x3000 - 0x20 }, (_, at) => at + 0x20), ['💤', '🔴', '🟢', '🟫']];
  for (const character of [...common.map((code) => String.fromCodePoint(code)), ...emoji]) {
    for (const text of [character, `a${character}b`, character + character])
      if (textWidth(text) !== stringWidth(text))
        wrong.push(`${character.codePointAt(0)?.toString(16)} in ${JSON.stringify(text)}`);
  }
  expect(wrong).toEqual([]);
});

describe('truncateText', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['abcdef', -3, ''],
    ['漢字漢字', 8, '漢字漢字'],
    ['漢字漢字', 7, '漢字漢…'],
    ['漢字漢字', 6, '漢字…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('cuts %j to %i columns', (text, columns, expected) => {
    expect(truncateText(text, columns, '…')).toBe(expected);
  });
});

describe('fitText', () => {
  it('fills what is short and the column that half a wide character would have taken', () => {
    expect(fitText('ab', 4, '…')).toBe('ab  ');
    expect(fitText('漢字漢字', 6, '…')).toBe('漢字… ');
  });

  it('is always exactly as wide as it was told', () => {
    const random = seededRandom(3);
    const alphabet = ['a', ' ', 'é', '漢', '😀', 'e\u0301', 'ש', '한', '…'];
    for (let round = 0; round < 2000; round += 1) {
      const text = randomText(random, alphabet, 20);
      const columns = Math.floor(random() * 20);
      expect(textWidth(fitText(text, columns, '…')), JSON.stringify([text, columns])).toBe(columns);
    }
  });
});
