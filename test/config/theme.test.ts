import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTheme } from '../../src/config/parse-theme.ts';
import { loadTheme } from '../../src/config/theme.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const readTheme = (name: string) => readFileSync(join(packageRoot(), 'themes', `${name}.yaml`), 'utf8');

describe.each(['nightops', 'light', 'minimal'])('the theme %s', (name) => {
  const theme = parseTheme(readTheme(name), name);

  it('is valid and has its own name', () => {
    expect(theme.name).toBe(name);
  });

  it('has signs that take one or two columns, and an ellipsis, a cursor and a rule that take one', () => {
    for (const glyph of [...Object.values(theme.glyphs), ...theme.spinner]) {
      expect([1, 2], glyph).toContain(textWidth(glyph));
    }
    const { ellipsis, cursor, rule, separator, expanded, collapsed, leaf } = theme.glyphs;
    for (const glyph of [ellipsis, cursor, rule, separator, expanded, collapsed, leaf])
      expect(textWidth(glyph)).toBe(1);
  });

  it('has a spinner whose frames are all as wide', () => {
    expect(new Set(theme.spinner.map(textWidth)).size).toBe(1);
  });
});

it('the theme minimal has ASCII signs only', () => {
  const { glyphs, spinner } = parseTheme(readTheme('minimal'), 'minimal');
  for (const glyph of [...Object.values(glyphs), ...spinner]) expect(glyph).toMatch(/^[ -~]$/);
});

describe('a theme that is broken', () => {
  const good = readTheme('nightops');
  it.each([
    ['a colour that is none', good.replace('"#58a6ff"', 'ultraviolet'), 'must be #rrggbb'],
    ['a sign that is missing', good.replace(/^ {2}cursor:.*\n/m, ''), 'glyphs.cursor'],
    ['a colour that is missing', good.replace(/^ {2}accent:.*\n/m, ''), 'colours.accent'],
    ['a colour that nothing is painted in', good.replace('colours:\n', 'colours:\n  sparkle: red\n'), 'sparkle'],
    ['no spinner', good.replace(/^spinner:.*$/m, 'spinner: []'), 'spinner'],
    ['nothing in it', '', 'theme: '],
    ['no YAML', 'name: [', 'name'],
  ])('is explained: %s', (_name, text, expected) => {
    expect(() => parseTheme(text, '/themes/mine.yaml')).toThrow(/^\/themes\/mine\.yaml: /);
    if (expected !== 'name') expect(() => parseTheme(text, '/themes/mine.yaml')).toThrow(expected);
  });
});

describe('loading a theme', () => {
  it('takes a name that comes along, or the path of a file', async () => {
    expect((await loadTheme('light', null)).name).toBe('light');
    const path = join(await makeTempDir(), 'mine.yaml');
    await writeFile(path, readTheme('light').replace('name: light', 'name: mine'));
    expect((await loadTheme(path, null)).name).toBe('mine');
  });

  it('names the themes there are when there is no such', async () => {
    await expect(loadTheme('nosuch', null)).rejects.toThrow(/there is no theme "nosuch".*nightops, light and minimal/);
    await expect(loadTheme('/nowhere/theme.yaml', null)).rejects.toThrow('/nowhere/theme.yaml');
  });
});
