import { describe, expect, it } from 'vitest';
import { fitSections, type Section } from '../../src/components/auth/sections.ts';
import type { Line } from '../../src/components/paint/line.ts';

const line = (text: string): Line => ({ left: [{ text }] });
const section = (texts: string, rank: number, rest: Partial<Section> = {}): Section => ({
  lines: [...texts].map(line),
  rank,
  ...rest,
});
const shown = (sections: readonly Section[], height: number) =>
  fitSections(sections, height)
    .map(({ left }) => left[0]?.text ?? '-')
    .join('');

describe('the sections of a dialog', () => {
  const all = [section('ab', 2), section('cde', 1), section('f', 3)];

  it('stand in their order, apart where there is room', () => {
    expect(shown(all, 20)).toBe('ab-cde-f');
    expect(shown(all, 7)).toBe('ab-cdef');
    expect(shown(all, 6)).toBe('abcdef');
  });

  it('give way to those of a lower rank', () => {
    expect(shown(all, 4)).toBe('acde');
    expect(shown(all, 2)).toBe('cd');
    expect(shown(all, 0)).toBe('');
  });

  it('keep the line in sight that matters', () => {
    expect(shown([section('abcdef', 1, { focus: 4 })], 3)).toBe('cde');
    expect(shown([section('abcdef', 1, { focus: 1 })], 3)).toBe('abc');
  });

  it('are left out where a part of them would be of no use', () => {
    expect(shown([section('abc', 1, { whole: true }), section('de', 2)], 2)).toBe('de');
    expect(shown([section('', 1), section('de', 2)], 9)).toBe('de');
  });
});
