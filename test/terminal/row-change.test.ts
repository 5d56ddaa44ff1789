import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textWidth } from '../../src/domain/text-width.ts';
import { changeOfRow, withoutBlanks } from '../../src/terminal/row-change.ts';
import '../support/property-rounds.ts';

const BLUE = '\u001b[34m';
const RESET = '\u001b[0m';

it('writes a row that was never there as a whole', () => {
  expect(changeOfRow(undefined, 'host alpha   live')).toEqual({ column: 0, text: 'host alpha   live' });
});

it('leaves the columns before the first change, and begins in their style', () => {
  const before = `${BLUE}host alpha       5m old${RESET}`;
  const after = `${BLUE}host alpha       6m old${RESET}`;
  expect(changeOfRow(before, after)).toEqual({ column: 17, text: `${BLUE}6m old${RESET}` });
});

it('writes a row as a whole where little of it stays', () => {
  expect(changeOfRow('a  one', 'a  two')).toEqual({ column: 0, text: 'a  two' });
});

it('does not cut a sequence or a wide character', () => {
  const before = `${' '.repeat(20)}${BLUE}漢字${RESET}`;
  const after = `${' '.repeat(20)}\u001b[31m漢文${RESET}`;
  expect(changeOfRow(before, after)).toEqual({ column: 20, text: `\u001b[31m漢文${RESET}` });
});

/** Rows as the painter writes them: styled pieces of text. */
const piece = fc.record({
  style: fc.constantFrom('', '\u001b[0;1m', '\u001b[32m', '\u001b[0m', '\u001b[0;38;2;1;2;3m'),
  text: fc.constantFrom('host ', 'alpha ', ' ', 'é ', '漢字 ', '🔴 ', '12m ', 'e\u0301 ', 'a'),
});
const row = fc
  .array(piece, { maxLength: 16 })
  .map((pieces) => pieces.map(({ style, text }) => style + text).join('') + RESET);

/** The text of a row with the style of each character, as a terminal would hold it: the foreground apart from the rest. */
function cells(text: string): string[] {
  const held: string[] = [];
  let [rest, foreground] = ['', ''];
  for (const [part, parameters] of text.matchAll(/\u001b\[([\d;]*)m|[^\u001b]/gu)) {
    if (parameters === undefined) held.push(`${rest} ${foreground}|${part}`);
    else {
      const [, anew, bold, colour] = /^(0)?;?(1)?;?(3.*)?$/.exec(parameters) ?? [];
      if (anew !== undefined) [rest, foreground] = ['', ''];
      [rest, foreground] = [bold ?? rest, colour ?? foreground];
    }
  }
  return held;
}

it('gives the row that was asked for, whatever was there before', () => {
  fc.assert(
    fc.property(row, row, (before, after) => {
      const { column, text } = changeOfRow(before, after);
      const all = cells(after);
      const rest = cells(text);
      const kept = all.slice(0, all.length - rest.length);
      expect(rest).toEqual(all.slice(all.length - rest.length));
      expect(textWidth(kept.map((cell) => cell.slice(cell.indexOf('|') + 1)).join(''))).toBe(column);
      // What stays was the same before.
      expect(cells(before).slice(0, kept.length)).toEqual(kept);
    }),
  );
});

it('begins with one style where several follow each other', () => {
  const row = (time: string) => `\u001b[0;33m${' '.repeat(20)}\u001b[1;34m\u001b[0;32m\u001b[35m${time}${RESET}`;
  expect(changeOfRow(row('5m'), row('6m'))).toEqual({ column: 20, text: `\u001b[35m6m${RESET}` });
});

it('leaves out styles at the end of a row that nothing is written in', () => {
  expect(withoutBlanks(`${BLUE}alpha\u001b[32m   ${RESET}`)).toBe(`${BLUE}alpha${RESET}`);
  expect(withoutBlanks(`${BLUE}\u001b[32m   ${RESET}`)).toBe(RESET);
});

it('leaves out blanks at the end of a row, unless their style shows', () => {
  expect(withoutBlanks(`${BLUE}alpha   ${RESET}`)).toBe(`${BLUE}alpha${RESET}`);
  expect(withoutBlanks('alpha   ')).toBe('alpha');
  for (const style of ['\u001b[7m', '\u001b[0;4m', '\u001b[48;2;4;4;4;38;2;1;2;3m', '\u001b[44m'])
    expect(withoutBlanks(`${style}alpha   ${RESET}`)).toBe(`${style}alpha   ${RESET}`);
  const faint = '\u001b[38;2;4;7;44m';
  expect(withoutBlanks(`${faint}alpha   ${RESET}`)).toBe(`${faint}alpha${RESET}`);
});

it('moves over many blanks in a row, unless their style shows', () => {
  const gap = ' '.repeat(9);
  expect(withoutBlanks(`${BLUE}alpha${gap}beta   ${RESET}`)).toBe(`${BLUE}alpha\u001b[9Cbeta${RESET}`);
  expect(withoutBlanks(`${BLUE}alpha${gap}${RESET}beta`)).toBe(`${BLUE}alpha\u001b[9C${RESET}beta`);
  const reverse = `\u001b[0;7malpha${gap}beta`;
  expect(withoutBlanks(reverse)).toBe(reverse);
  expect(withoutBlanks(`${reverse}${RESET}${gap}x`)).toBe(`${reverse}${RESET}\u001b[9Cx`);
});

it('leaves a blank before what joins it', () => {
  expect(withoutBlanks(`a${' '.repeat(9)}\u0301b`)).toBe(`a\u001b[8C \u0301b`);
});
