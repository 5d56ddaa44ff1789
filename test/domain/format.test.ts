import { describe, expect, it } from 'vitest';
import { formatAge, formatCost, formatCount, formatTime } from '../../src/domain/format.ts';
import { DAY, HOUR, MINUTE } from '../support/builders.ts';

describe('formatAge', () => {
  it.each([
    [-5000, '0s'],
    [0, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [MINUTE, '1m'],
    [HOUR - 1, '59m'],
    [HOUR, '1h'],
    [DAY - 1, '23h'],
    [DAY, '1d'],
    [13 * DAY, '13d'],
    [14 * DAY, '2w'],
    [364 * DAY, '52w'],
    [365 * DAY, '1y'],
    [3660 * DAY, '10y'],
  ])('shows %i ms as %s', (age, expected) => {
    expect(formatAge(age)).toBe(expected);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [1234, '1.2k'],
    [12_345, '12k'],
    [4_500_000, '4.5M'],
  ])('shows %i as %s', (count, expected) => {
    expect(formatCount(count)).toBe(expected);
  });
});

describe('formatCost', () => {
  it.each([
    [0, '$0'],
    [0.0042, '$0.0042'],
    [0.5, '$0.50'],
    [12.345, '$12.35'],
  ])('shows %f as %s', (dollars, expected) => {
    expect(formatCost(dollars)).toBe(expected);
  });
});

describe('formatTime', () => {
  it('is local time, and says so when there is none', () => {
    expect(formatTime(new Date(2026, 10, 1, 4, 3, 9).getTime())).toBe('2026-11-01 04:03:09');
    expect(formatTime(Number.NaN)).toBe('unknown');
    expect(formatTime(9e15)).toBe('unknown');
  });
});
