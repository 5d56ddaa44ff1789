import { expect, it } from 'vitest';
import { Pen } from '../../src/terminal/pen.ts';

it.each<[string, (number | number[])[][], string]>([
  ['nothing', [], ''],
  ['a reset', [[1, 31], [0]], ''],
  ['several at once', [[1, 4, 31, 42]], '1;4;31;42'],
  ['bold and faint, which one code ends', [[1], [2]], '1;2'],
  ['the end of both', [[1, 2, 3], [22]], '3'],
  ['another colour', [[31], [94]], '94'],
  ['a colour of the palette', [[38, 5, 200, 1]], '38;5;200;1'],
  ['a colour by its parts', [[48, 2, 1, 2, 3, 4]], '48;2;1;2;3;4'],
  ['a colour by colons', [[38, [2, -1, 1, 2, 3]]], '38:2::1:2:3'],
  ['a curly line, and its end', [[4, [3]]], '4:3'],
  [
    'a line that is ended',
    [
      [4, [3]],
      [4, [0]],
    ],
    '',
  ],
  ['the usual colours', [[31, 41, 7], [39], [49]], '7'],
  ['what is not known', [[73, 31]], '31'],
])('a pen keeps %s', (_name, sequences, expected) => {
  const pen = new Pen();
  for (const params of sequences) pen.apply(params);
  expect(pen.sequence).toBe(expected === '' ? '' : `\u001b[${expected}m`);
});
