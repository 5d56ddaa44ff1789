import { expect, it } from 'vitest';
import { backOff } from '../../src/lib/back-off.ts';

const pauses = (max: number, random: () => number = () => 0.5) =>
  [1, 2, 3, 4, 500].map((failures) => backOff({ first: 100, max, failures }, random));

it('doubles with each failure, up to the maximum', () => {
  expect(pauses(500)).toEqual([100, 200, 400, 500, 500]);
});

it('is spread by a fifth either way', () => {
  expect(pauses(500, () => 0)).toEqual([80, 160, 320, 400, 400]);
  expect(pauses(500, () => 1)).toEqual([120, 240, 480, 600, 600]);
});

it('stays finite without a maximum', () => {
  expect(Number.isFinite(pauses(Number.POSITIVE_INFINITY).at(-1))).toBe(true);
});
