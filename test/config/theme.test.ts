import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BUILT_IN_THEMES } from '../../src/config/built-in-themes.ts';
import { parseTheme } from '../../src/config/parse-theme.ts';
import { listThemes, loadTheme } from '../../src/config/theme.ts';
import { builtInTheme, readTheme } from '../support/built-in-theme.ts';
import { makeTempDir } from '../support/temp-dir.ts';

afterEach(() => vi.unstubAllEnvs());

/** Writes a theme's file in a folder of its own, and returns its path. */
async function themeFile(text: string, name = 'mine'): Promise<string> {
  const path = join(await makeTempDir(), `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

const load = async (text: string) => loadTheme(await themeFile(text), null);

it.each(BUILT_IN_THEMES)('the theme %s is complete and has its own name', (name) => {
  expect(builtInTheme(name).name).toBe(name);
});

it('the theme minimal asks for ASCII signs, and has no colour but the names of the terminal', () => {
  const { icons, colours } = builtInTheme('minimal');
  expect(icons).toBe('ascii');
  for (const colour of Object.values(colours)) expect(colour ?? '').not.toContain('#');
  expect(Object.values(colours)).not.toContain('blue');
});

describe('a theme that is broken', () => {
  const good = readTheme('nightops');
  it.each([
    ['a name that is no colour', 'colours:\n  bad: "#f2857b"\n  warn: blu', ':3:9: colour "blu"; did you mean blue?'],
    ['a colour far from all names', 'colours:\n  warn: ultraviolet', ':2:9: colour "ultraviolet"; must be "#rrggbb"'],
    ['a colour that YAML reads as a number', 'colours: {warn: 123456}', ':1:17: colour 123456; must be "#rrggbb"'],
    ['a colour of three digits', 'colours: {warn: "#fff"}', ':1:17: colour "#fff"; must be'],
    ['a token that there is not', 'colours:\n  wran: red', ':2:3: unknown key "colours.wran"; did you mean warn?'],
    ['a sign that there is not', 'glyphs:\n  curser: ">"', ':2:3: unknown key "glyphs.curser"; did you mean cursor?'],
    ['a section that there is not', 'colors: {warn: red}', ':1:1: unknown key "colors"; did you mean colours?'],
    [
      'a sign that is too wide',
      'glyphs:\n  cursor: "---"',
      ':2:11: glyphs.cursor: must be a sign of one or two columns',
    ],
    ['a sign that moves the cursor', 'glyphs: {cursor: "\\e[2J"}', ':1:18: glyphs.cursor: must be a sign of one or'],
    ['an unknown base', 'name: mine\nextends: nightop', ':2:10: extends: '],
    ['no spinner', good.replace(/$/, 'spinner: []\n'), 'spinner: '],
    ['nothing in it', '', ':1:1: must be a theme'],
    ['no YAML', 'name: [', ':1:8: '],
  ])('is explained with its place: %s', (_name, text, expected) => {
    expect(() => parseTheme(text, 'themes/mine.yaml')).toThrow(/^themes\/mine\.yaml:\d+:\d+: /);
    expect(() => parseTheme(text, 'themes/mine.yaml')).toThrow(expected);
  });

  it('reports every problem', () => {
    expect(() => parseTheme('colours:\n  bad: rd\n  warn: blu', 'mine.yaml')).toThrow(
      'mine.yaml:2:8: colour "rd"; did you mean red?\nmine.yaml:3:9: colour "blu"; did you mean blue?',
    );
  });
});

describe('a theme of the user', () => {
  it('may set a single colour, and takes the rest from nightops', async () => {
    const { theme, warnings } = await load('colours: {accent: "#ffffff"}');
    const nightops = builtInTheme();
    expect(theme).toEqual({
      ...nightops,
      name: 'mine',
      colours: { ...nightops.colours, accent: '#ffffff' },
      colours256: { ...nightops.colours256, accent: 231 },
    });
    expect(warnings).toEqual([]);
  });

  it('takes the rest from the theme that it extends, with its signs', async () => {
    const { theme } = await load('name: mono\nextends: minimal\ncolours: {text: white}\nglyphs: {cursor: "*"}');
    const minimal = builtInTheme('minimal');
    expect(theme.name).toBe('mono');
    expect(theme.icons).toBe('ascii');
    expect(theme.glyphs).toEqual({ cursor: '*' });
    expect(theme.colours).toEqual({ ...minimal.colours, text: 'white', title: 'white' });
  });

  it('may take all from another one', async () => {
    expect((await load('extends: light')).theme.colours).toEqual(builtInTheme('light').colours);
  });

  it('may name bright black in three ways', async () => {
    const { theme } = await load('colours: {dim: gray, border: grey, accent: blackBright}');
    expect([theme.colours.dim, theme.colours.border, theme.colours.accent]).toEqual(['gray', 'gray', 'gray']);
  });

  it('loads with a warning for each colour that is hard to read', async () => {
    const { warnings } = await load('name: mine\ncolours: {dim: "#555555"}');
    expect(warnings).toEqual(['theme mine: dim has a contrast of 1.8:1 on the background; text needs 4.5:1']);
  });

  it('for an earlier version still loads, without colours that would not suit it', async () => {
    const earlier = [
      'name: light',
      'colours: {text: null, dim: "#57606a", accent: "#0550ae", host: "#0550ae", project: "#6639ba", title: null,',
      '  selection: "#cfe3ff", selectionText: "#0a2540", match: "#8a3800", border: "#c8d1da", good: "#04664e",',
      '  busy: "#0550ae", warn: "#755600", bad: "#8c1420"}',
      'glyphs: {expanded: "▾", active: "🟢", waiting: "▲"}',
      'spinner: ["|", "/"]',
    ].join('\n');
    const { theme, warnings } = await load(earlier);
    expect(theme.colours.raised).toBeNull();
    expect(theme.colours.selectionDim).toBe('#0a2540');
    expect(theme.glyphs.active).toBe('🟢');
    expect(theme.spinner).toEqual(['|', '/']);
    expect(warnings).toEqual([]);
  });
});

describe('loading a theme', () => {
  it('takes a name that comes along, or the path of a file', async () => {
    expect((await loadTheme('light', null)).theme.name).toBe('light');
    const path = await themeFile(readTheme('light').replace('name: light', 'name: mine'));
    expect(await loadTheme(path, null)).toMatchObject({ theme: { name: 'mine' }, path });
  });

  it('names the themes there are when there is no such', async () => {
    await expect(loadTheme('nosuch', null)).rejects.toThrow(
      /there is no theme "nosuch".*auto, nightops, light, catppuccin, gruvbox, contrast, minimal are built in/,
    );
    await expect(loadTheme('/nowhere/theme.yaml', null)).rejects.toThrow('/nowhere/theme.yaml');
  });

  it('knows the names of the built-in themes and of the user', async () => {
    const home = await makeTempDir();
    vi.stubEnv('HOME', home);
    expect(await listThemes()).toEqual(['auto', ...BUILT_IN_THEMES]);
    await mkdir(join(home, '.opencode', 'themes'), { recursive: true });
    for (const file of ['mine.yaml', 'light.yaml', 'notes.txt'])
      await writeFile(join(home, '.opencode', 'themes', file), 'extends: light');
    expect(await listThemes()).toEqual(['auto', ...BUILT_IN_THEMES, 'mine']);
    expect((await loadTheme('mine', null)).theme.name).toBe('mine');
  });
});
