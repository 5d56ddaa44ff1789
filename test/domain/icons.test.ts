import { describe, expect, it } from 'vitest';
import { chooseIconSet, createIcons, type IconFacts, THEME_GLYPHS } from '../../src/domain/icons.ts';
import { textWidth } from '../../src/domain/text-width.ts';

const NONE = { glyphs: {}, spinner: null };
const FACTS: IconFacts = { unicode: true, colour: true, theme: null, widths: { emoji: 2, shape: 1 } };

describe('the signs', () => {
  it('are all of one column, but for three emoji', () => {
    for (const set of ['shapes', 'ascii'] as const) {
      const { glyphs, spinner, sparks } = createIcons(set, NONE);
      for (const sign of [...Object.values(glyphs), ...spinner, ...sparks]) expect(textWidth(sign), sign).toBe(1);
    }
    const { glyphs } = createIcons('emoji', NONE);
    const wide = THEME_GLYPHS.filter((name) => textWidth(glyphs[name]) > 1);
    expect(wide.map((name) => glyphs[name]).sort()).toEqual(['🟢', '💤', '🔴'].sort());
    expect(wide.sort()).toEqual(['active', 'errored', 'idle']);
  });

  it('are ASCII alone in that set, whatever the theme sets', () => {
    const own = { glyphs: { cursor: '→', active: 'a' }, spinner: ['◐'] };
    const { glyphs, spinner, sparks } = createIcons('ascii', own);
    for (const sign of [...Object.values(glyphs), ...spinner, ...sparks]) expect(sign).toMatch(/^[ -~]$/);
    expect(glyphs.cursor).toBe('>');
    expect(glyphs.active).toBe('a');
  });

  it('may be set by a theme one by one', () => {
    const { glyphs, spinner } = createIcons('shapes', { glyphs: { cursor: '→' }, spinner: ['◐', '◓'] });
    expect(glyphs.cursor).toBe('→');
    expect(glyphs.marked).toBe('■');
    expect(spinner).toEqual(['◐', '◓']);
  });
});

describe('the set of signs', () => {
  it.each([
    ['emoji where the terminal paints them two columns wide', {}, 'emoji'],
    ['shapes where it paints them otherwise', { widths: { emoji: 1, shape: 1 } }, 'shapes'],
    ['shapes where it did not answer', { widths: null }, 'shapes'],
    ['shapes without colours', { colour: false }, 'shapes'],
    ['ASCII where shapes are wide', { widths: { emoji: 2, shape: 2 } }, 'ascii'],
    ['the set of the theme', { theme: 'ascii' }, 'ascii'],
    ['ASCII without Unicode', { unicode: false }, 'ascii'],
  ] as const)('is by itself %s', (_name, facts, expected) => {
    expect(chooseIconSet('auto', { ...FACTS, ...facts })).toBe(expected);
  });

  it('is the one that the user chose, but for `unicode: false`', () => {
    const facts: IconFacts = { unicode: true, colour: false, theme: 'ascii', widths: null };
    for (const choice of ['emoji', 'shapes', 'ascii'] as const) {
      expect(chooseIconSet(choice, facts)).toBe(choice);
      expect(chooseIconSet(choice, { ...facts, unicode: false })).toBe('ascii');
    }
  });
});
