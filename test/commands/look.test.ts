import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDepth } from '../../src/commands/colour-depth.ts';
import { chooseLook, type LookSettings } from '../../src/commands/look.ts';
import { askTerminal, parseWidths } from '../../src/commands/terminal-background.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const [DARK, LIGHT] = ['\u001b]11;rgb:0000/0000/0000\u0007', '\u001b]11;rgb:ffff/ffff/ffff\u0007'];
const WIDE_EMOJI = '\u001b[5;1R\u001b[5;3R\u001b[5;2R';
const ATTRIBUTES = '\u001b[?62c';

/** A terminal that answers with a text, or never with `null`. */
function aTerminal(answer: string | null) {
  const asked: string[] = [];
  const told = Promise.withResolvers<string>();
  return {
    asked,
    tell: (late: string) => told.resolve(late),
    terminal: {
      write: (text: string) => void asked.push(text),
      keyboard: { answersUntil: async () => answer ?? told.promise } as never,
    },
  };
}

const SETTINGS: LookSettings = { theme: 'auto', unicode: true };

describe('the depth of colours', () => {
  it.each([
    ['as many as the terminal shows', {}, 3, 'truecolor'],
    ['256', {}, 2, '256'],
    ['16', {}, 1, '16'],
    ['as many as COLORTERM says', { COLORTERM: '24bit' }, 2, 'truecolor'],
    ['as many as FORCE_COLOR says', { COLORTERM: '24bit', FORCE_COLOR: '1' }, 1, '16'],
    ['attributes alone with FORCE_COLOR=0', {}, 0, 'none'],
    ['attributes alone under NO_COLOR', { NO_COLOR: '1' }, 3, 'none'],
    ['all of them if NO_COLOR is empty', { NO_COLOR: '' }, 3, 'truecolor'],
    ['text alone on a dumb terminal', { TERM: 'dumb' }, 3, 'plain'],
  ] as const)('is %s', (_name, environment, level, expected) => {
    expect(chooseDepth(environment, level)).toBe(expected);
  });
});

describe('the columns of signs', () => {
  it('follow from the positions of the cursor', () => {
    expect(parseWidths(`${DARK}${WIDE_EMOJI}${ATTRIBUTES}`)).toEqual({ emoji: 2, shape: 1 });
    expect(parseWidths('\u001b[1;80R\u001b[1;81R\u001b[1;82R')).toEqual({ emoji: 1, shape: 2 });
  });

  it('are not known without all answers, or when a sign came to the next line', () => {
    expect(parseWidths('')).toBeNull();
    expect(parseWidths('\u001b[5;1R\u001b[5;3R')).toBeNull();
    expect(parseWidths('\u001b[5;80R\u001b[6;2R\u001b[5;80R')).toBeNull();
  });

  it('are asked with the background, in one write that leaves no sign behind', async () => {
    const { terminal, asked } = aTerminal(`${LIGHT}${WIDE_EMOJI}${ATTRIBUTES}`);
    expect(await askTerminal(terminal, true)).toEqual({ background: 'light', widths: { emoji: 2, shape: 1 } });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/🟢.*▲.*\u001b8\u001b\[K\u001b\[c$/);
  });
});

describe('the look', () => {
  it.each([
    ['light', LIGHT, {}, 'light'],
    ['dark', DARK, { COLORFGBG: '0;15' }, 'nightops'],
    ['light by COLORFGBG alone', '', { COLORFGBG: '0;15' }, 'light'],
    ['not known', '', {}, 'nightops'],
  ])('follows the background of the terminal: %s', async (_name, answer, environment, expected) => {
    const { painter } = await chooseLook(SETTINGS, aTerminal(answer).terminal, environment, null);
    expect(painter.theme.name).toBe(expected);
  });

  it('does not wait for the terminal with a named theme, and takes its answer when it comes', async () => {
    const { terminal, tell } = aTerminal(null);
    // Vitest has no colours, so the answer shows by ASCII signs.
    const look = await chooseLook({ ...SETTINGS, theme: 'light' }, terminal, {}, null);
    expect(look.painter.glyph('ellipsis')).toBe('…');
    const { version } = look.painter;
    tell('\u001b[5;1R\u001b[5;3R\u001b[5;3R');
    await expect.poll(() => look.painter.glyph('ellipsis')).toBe('~');
    expect(look.painter.version).not.toBe(version);
  });

  it('asks nothing if no answer would count', async () => {
    const { terminal, asked } = aTerminal(null);
    const plain = await chooseLook({ theme: 'minimal', unicode: false }, terminal, {}, null);
    const shapes = await chooseLook({ theme: 'light', unicode: true, icons: 'shapes' }, terminal, {}, null);
    expect([plain.painter.icons.set, shapes.painter.icons.set]).toEqual(['ascii', 'shapes']);
    expect(asked).toEqual([]);
  });

  it('takes ASCII signs with every theme without Unicode', async () => {
    const { painter } = await chooseLook({ ...SETTINGS, unicode: false }, aTerminal(LIGHT).terminal, {}, null);
    expect([painter.theme.name, painter.glyph('ellipsis')]).toEqual(['light', '~']);
  });

  it('changes while the program runs, and stays as it is when the new theme is broken', async () => {
    const path = join(await makeTempDir(), 'mine.yaml');
    await writeFile(path, 'name: mine\ncolours: {dim: "#555555"}');
    const look = await chooseLook({ ...SETTINGS, theme: path }, aTerminal('').terminal, {}, null);
    expect(look.path).toBe(path);
    expect(look.warnings).toHaveLength(1);

    await writeFile(path, 'name: mine\ncolours: {dim: "#cccccc"}');
    await look.change();
    expect([look.painter.theme.colours.dim, look.warnings]).toEqual(['#cccccc', []]);

    await writeFile(path, 'name: mine\ncolours: {dim: gren}');
    await expect(look.change()).rejects.toThrow('colour "gren"; did you mean green?');
    await expect(look.change({ theme: 'nosuch' })).rejects.toThrow('there is no theme "nosuch"');
    expect(look.painter.theme.colours.dim).toBe('#cccccc');
    expect(look.settings.theme).toBe(path);

    await look.change({ theme: 'gruvbox', icons: 'emoji' });
    expect([look.painter.theme.name, look.painter.glyph('idle')]).toEqual(['gruvbox', '💤']);
  });
});
