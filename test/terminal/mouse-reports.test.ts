import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMouseReports } from '../../src/terminal/mouse-reports.ts';
import { TerminalAnswers } from '../../src/terminal/terminal-answers.ts';

const plain = { shift: false, alt: false, ctrl: false };

describe('a mouse report', () => {
  it.each([
    ['0;1;1M', { kind: 'press', button: 'left', x: 0, y: 0, ...plain }],
    ['1;10;20M', { kind: 'press', button: 'middle', x: 9, y: 19, ...plain }],
    ['2;300;2m', { kind: 'release', button: 'right', x: 299, y: 1, ...plain }],
    ['32;5;6M', { kind: 'drag', button: 'left', x: 4, y: 5, ...plain }],
    ['64;5;6M', { kind: 'wheel', wheel: -1, x: 4, y: 5, ...plain }],
    ['65;5;6M', { kind: 'wheel', wheel: 1, x: 4, y: 5, ...plain }],
    ['28;1;1M', { kind: 'press', button: 'left', x: 0, y: 0, shift: true, alt: true, ctrl: true }],
    ['81;1;1M', { kind: 'wheel', wheel: 1, x: 0, y: 0, ...plain, ctrl: true }],
  ])('%s is an event', (report, event) => {
    expect(parseMouseReports(`\u001b[<${report}`)).toEqual([event]);
  });

  it.each([
    ['a move without a button', '35;1;1M'],
    ['a wheel to the side', '66;1;1M'],
    ['a release of the wheel', '64;1;1m'],
    ['an extra button', '128;1;1M'],
    ['a place off the screen', '0;0;1M'],
    ['too few numbers', '0;1M'],
    ['a number without an end', '0;1;9999999M'],
  ])('%s is no event', (_name, report) => {
    expect(parseMouseReports(`\u001b[<${report}`)).toEqual([]);
  });

  it('never becomes text, however it is split and whatever is around it', () => {
    const report = fc
      .tuple(fc.nat(200), fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }), fc.constantFrom('M', 'm'))
      .map(([code, x, y, end]) => `\u001b[<${code};${x};${y}${end}`);
    const key = fc.constantFrom('j', 'k', '\r', '\u001b[A', 'M', '<', '0');
    const input = fc.array(fc.oneof(report, key), { maxLength: 12 });
    fc.assert(
      fc.property(input, fc.array(fc.nat(80)), (pieces, cuts) => {
        const text = pieces.join('');
        const answers = new TerminalAnswers();
        let [keys, reports, from] = ['', '', 0];
        for (const cut of [...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length]) {
          const read = answers.push(text.slice(from, cut));
          keys += read.keys;
          reports += read.reports;
          from = cut;
        }
        expect(keys).toBe(pieces.filter((piece) => !piece.startsWith('\u001b[<')).join(''));
        expect(parseMouseReports(reports)).toEqual(pieces.flatMap(parseMouseReports));
      }),
    );
  });
});
