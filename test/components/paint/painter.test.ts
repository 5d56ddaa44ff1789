import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, segment } from '../../../src/components/paint/line.ts';
import { createPainter } from '../../../src/components/paint/painter.ts';
import { COLOUR_DEPTHS, type ColourDepth } from '../../../src/components/paint/palette.ts';
import type { BuiltInTheme } from '../../../src/config/built-in-themes.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import type { ThemeColour } from '../../../src/domain/theme.ts';
import { builtInTheme } from '../../support/built-in-theme.ts';
import { someLine } from './segments.ts';

const SGR = /\u001b\[([\d;]*)m/g;

function painterOf(depth: ColourDepth, theme: BuiltInTheme = 'nightops') {
  return createPainter({ theme: builtInTheme(theme), depth });
}

/** Returns the style of a segment as its SGR parameters; empty if it has none. */
function styleOf(depth: ColourDepth, colour: ThemeColour, line: Partial<Line> = {}, theme: BuiltInTheme = 'nightops') {
  const painted = painterOf(depth, theme).line({ left: [segment('x', colour)], ...line }, 1);
  return [...painted.matchAll(SGR)].map(([, parameters]) => parameters)[0] ?? '';
}

describe('a painted line', () => {
  it('has the text of its segments at its exact width, at every depth', () => {
    fc.assert(
      fc.property(
        someLine,
        fc.constantFrom(...COLOUR_DEPTHS),
        fc.integer({ min: 0, max: 40 }),
        (line, depth, columns) => {
          const painted = painterOf(depth).line(line, columns);
          expect(textWidth(painted.replaceAll(SGR, ''))).toBe(columns);
          expect(painted.replaceAll(SGR, '')).toBe(painterOf('plain').line(line, columns));
          expect(painted.match(SGR)?.at(-1) ?? '\u001b[0m').toBe('\u001b[0m');
        },
      ),
    );
  });

  it('writes a style once for neighbours that share it, and resets it before another', () => {
    const painter = painterOf('16');
    expect(painter.inline([segment('a', 'good'), segment('b', 'good'), segment(''), segment('c', 'bad')])).toBe(
      '\u001b[32mab\u001b[31mc\u001b[0m',
    );
    expect(painter.inline([segment('a', 'good'), segment('b')])).toBe('\u001b[32ma\u001b[0mb');
    expect(painter.inline([segment('a')])).toBe('a');
    expect(painter.inline([segment('a', 'bad', true), segment('b', 'bad')])).toBe(
      '\u001b[1;31ma\u001b[0;31mb\u001b[0m',
    );
  });

  it('writes no style for blanks that look the same without it', () => {
    const painter = painterOf('16');
    expect(painter.inline([segment('a', 'good'), segment('  '), segment('b', 'good')])).toBe('\u001b[32ma  b\u001b[0m');
    expect(painter.line({ left: [segment('a')], selected: true }, 3)).toBe('\u001b[7ma  \u001b[0m');
    expect(painter.inline([segment('  ', 'match'), segment(' ')])).toBe('\u001b[4;33m  \u001b[0m ');
  });
});

describe('with 16 million colours', () => {
  it('paints the theme`s colours', () => {
    expect(styleOf('truecolor', 'bad')).toBe('38;2;242;133;123');
    expect(painterOf('truecolor').inline([segment('x', 'good', true)])).toContain('\u001b[1;38;2;134;224;176m');
  });

  it('keeps the colours of states in the selected row, and lights up dim text', () => {
    const background = '48;2;23;55;94';
    expect(styleOf('truecolor', 'warn', { selected: true })).toBe(`${background};38;2;229;189;77`);
    expect(styleOf('truecolor', 'text', { selected: true })).toBe(`${background};38;2;255;255;255`);
    expect(styleOf('truecolor', 'dim', { selected: true })).toBe(`${background};38;2;185;198;212`);
  });

  it('paints all in dim and without a background behind a popup, even the selected row', () => {
    const left = [{ text: 'x', colour: 'bad', bold: true, underline: true, reverse: true } as const];
    for (const selected of [true, false])
      expect(painterOf('truecolor').line({ left, selected, dimmed: true }, 1)).toBe(
        '\u001b[38;2;158;167;179mx\u001b[0m',
      );
  });

  it('raises rows by their background', () => {
    expect(styleOf('truecolor', 'text', { raised: true })).toBe('48;2;34;39;46;38;2;230;237;243');
  });

  it('underlines and reverses segments that ask for it', () => {
    const left = [{ text: 'x', underline: true, reverse: true }];
    expect(painterOf('truecolor', 'minimal').line({ left }, 1)).toBe('\u001b[4;7mx\u001b[0m');
  });
});

it('with 256 colours, takes the nearest of the cube', () => {
  expect(styleOf('256', 'text', { selected: true })).toMatch(/^48;5;\d+;38;5;\d+$/);
  expect(styleOf('256', 'border')).toMatch(/^38;5;\d+$/);
});

describe.each([
  ['16 colours', '16', 'nightops'],
  ['the theme minimal', 'truecolor', 'minimal'],
] as const)('with %s', (_name, depth, theme) => {
  const style = (colour: ThemeColour, line: Partial<Line> = {}) => styleOf(depth, colour, line, theme);

  it('paints in the terminal`s own colours, with bold and underlined ones', () => {
    const styles = (['text', 'dim', 'accent', 'host', 'project', 'match', 'good', 'busy', 'warn', 'bad'] as const).map(
      (colour) => style(colour),
    );
    expect(styles).toEqual(['', '', '1;36', '1', '35', '4;33', '32', '36', '33', '31']);
  });

  it('has bright black for decoration only', () => {
    expect(style('border')).toBe('90');
  });

  it('selects a row by reverse video of the whole of it', () => {
    expect(style('text', { selected: true })).toBe('7');
    expect(style('bad', { selected: true })).toBe('7');
    expect(style('accent', { selected: true })).toBe('1;7');
  });

  it('underlines raised rows, but not popups', () => {
    expect(style('text', { raised: true })).toBe('4');
    expect(style('text', { left: [{ text: 'x', ground: 'popup' }] })).toBe('');
  });

  it('dims the view behind a popup', () => {
    expect(style('bad', { dimmed: true, selected: true })).toBe('');
  });
});

describe('under NO_COLOR', () => {
  const style = (colour: ThemeColour, line: Partial<Line> = {}) => styleOf('none', colour, line);

  it('keeps bold and underline, and has no colour', () => {
    const colours = ['text', 'dim', 'accent', 'host', 'project', 'match', 'good', 'busy', 'warn', 'bad'] as const;
    expect(colours.map((colour) => style(colour))).toEqual(['', '', '1', '1', '', '4', '', '', '1', '1;4']);
    expect(painterOf('none').inline([segment('x', 'text', true)])).toBe('\u001b[1mx\u001b[0m');
  });

  it('keeps reverse video for the selected row, and the underline of raised ones', () => {
    expect(style('text', { selected: true })).toBe('7');
    expect(style('text', { raised: true })).toBe('4');
  });

  it('never paints a colour, whatever the line', () => {
    fc.assert(
      fc.property(someLine, (line) => {
        for (const [, parameters = ''] of painterOf('none').line(line, 30).matchAll(SGR))
          for (const parameter of parameters.split(';')) expect(['0', '1', '4', '7']).toContain(parameter);
      }),
    );
  });
});

it('a dumb terminal gets text alone', () => {
  expect(painterOf('plain').line({ left: [segment('x', 'bad', true)], selected: true }, 3)).toBe('x  ');
});

describe('another look', () => {
  it('is painted from the next line on, and has another version', () => {
    const painter = painterOf('truecolor');
    const { version } = painter;
    painter.line({ left: [segment('x', 'bad')] }, 1);
    painter.use({ theme: builtInTheme('light'), icons: 'emoji', depth: 'truecolor' });
    expect(painter.line({ left: [segment('x', 'bad')] }, 1)).toBe('\u001b[38;2;140;20;32mx\u001b[0m');
    expect([painter.glyph('active'), painter.signWidth, painter.theme.name]).toEqual(['🟢', 2, 'light']);
    expect(painter.version).not.toBe(version);
  });

  it('takes the signs that the theme asks for, unless others are chosen', () => {
    const minimal = builtInTheme('minimal');
    expect(createPainter({ theme: minimal, depth: '16' }).glyph('ellipsis')).toBe('~');
    expect(createPainter({ theme: minimal, icons: 'shapes', depth: '16' }).glyph('ellipsis')).toBe('…');
  });
});

it('the spinner turns, or stands still as a sign', () => {
  const painter = painterOf('plain', 'minimal');
  expect(painter.spinner(0)).toBe(painter.spinner(4));
  expect(painter.spinner(0)).not.toBe(painter.spinner(1));
  expect(painter.spinner(null)).toBe('W');
});
