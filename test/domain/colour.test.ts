import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastsOf, contrastWarnings, stateDifferenceOf } from '../../src/domain/colour/check-theme.ts';
import { LEAST_DIFFERENCE, leastDifference, seenBy } from '../../src/domain/colour/colour-blindness.ts';
import { contrastOf, LEAST_CONTRAST } from '../../src/domain/colour/contrast.ts';
import { nearestOf256 } from '../../src/domain/colour/cube.ts';
import { differenceOf, labOf } from '../../src/domain/colour/lab.ts';
import { encodedOf, linearOf, parseHex } from '../../src/domain/colour/rgb.ts';
import type { ThemeColour } from '../../src/domain/theme.ts';
import { builtInTheme } from '../support/built-in-theme.ts';

const hexColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

/** Returns a colour of the cube or a grey, by xterm's formula. */
function hexOf256(index: number): string {
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  const grey = 8 + 10 * (index - 232);
  const channels =
    index < 232 ? [cube / 36, (cube / 6) % 6, cube % 6].map((step) => level(Math.floor(step))) : [grey, grey, grey];
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

describe('the contrast of two colours', () => {
  it('is 21 for black and white, and 1 for a colour with itself', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    fc.assert(fc.property(hexColour, (hex) => contrastOf(hex, hex) === 1));
  });

  it('does not depend on their order', () => {
    fc.assert(fc.property(hexColour, hexColour, (one, other) => contrastOf(one, other) === contrastOf(other, one)));
  });
});

describe('colours as numbers', () => {
  it('come back from linear light', () => {
    fc.assert(
      fc.property(hexColour, (hex) => {
        for (const channel of parseHex(hex)) expect(encodedOf(linearOf(channel))).toBeCloseTo(channel, 6);
      }),
    );
  });

  it('have the lightness and the chroma of CIELAB', () => {
    const [lightness, a, b] = labOf(parseHex('#ff0000'));
    expect([lightness, a, b].map(Math.round)).toEqual([53, 80, 67]);
    expect(differenceOf(labOf([1, 1, 1]), labOf([0, 0, 0]))).toBeCloseTo(100, 1);
  });

  it('are refused unless they are #rrggbb', () => {
    expect(() => parseHex('red')).toThrow(RangeError);
  });
});

describe('colour blindness', () => {
  it('leaves greys as they are', () => {
    for (const blindness of ['protan', 'deutan', 'tritan'] as const)
      for (const channel of seenBy(blindness, '#808080')) expect(channel).toBeCloseTo(128 / 255, 2);
  });

  it('brings red and green together, yet not black and white', () => {
    expect(leastDifference(['#d03030', '#708000'])).toBeLessThan(LEAST_DIFFERENCE);
    expect(leastDifference(['#000000', '#ffffff'])).toBeGreaterThan(90);
    expect(leastDifference(['#000000'])).toBe(Number.POSITIVE_INFINITY);
  });
});

/** Lowest contrast on background, selection and raised rows, and the least difference of two states. */
const MEASURED = {
  nightops: [5.7, 4.8, 6.0, 15],
  light: [5.8, 5.2, 5.6, 16],
  catppuccin: [7.1, 4.8, 7.6, 15],
  gruvbox: [6.2, 4.7, 6.9, 14],
  contrast: [10.3, 5.0, 9.3, 19],
} as const;

describe.each(Object.entries(MEASURED))('the theme %s', (name, measured) => {
  const theme = builtInTheme(name as keyof typeof MEASURED);

  it('has the contrast and the difference of states that the design states', () => {
    const lowest = (ground: string) =>
      Math.min(...contrastsOf(theme).flatMap((found) => (found.ground === ground ? [found.ratio] : [])));
    const found = ['background', 'selection', 'raised'].map((ground) => Math.round(lowest(ground) * 10) / 10);
    expect([...found, Math.round(stateDifferenceOf(theme) ?? 0)]).toEqual(measured);
  });

  it('can be read on every ground by every eye', () => {
    expect(contrastWarnings(theme)).toEqual([]);
    expect(Math.round(stateDifferenceOf(theme) ?? 0)).toBeGreaterThanOrEqual(LEAST_DIFFERENCE);
  });

  it('can be read with 256 colours', () => {
    const { colours256, background } = theme;
    const hexOf = (name: ThemeColour) => hexOf256(colours256[name] ?? 0);
    const grounds = [...background, hexOf('selection'), hexOf('raised')];
    for (const { token } of contrastsOf(theme))
      for (const ground of grounds)
        expect(contrastOf(hexOf(token), ground), `${token} on ${ground}`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });
});

describe('a theme that is hard to read', () => {
  const nightops = builtInTheme();

  it('is reported with token, ratio and ground, each token once', () => {
    const theme = { ...nightops, name: 'mine', colours: { ...nightops.colours, dim: '#7d8590', bad: '#444444' } };
    expect(contrastWarnings(theme)).toEqual([
      'theme mine: dim has a contrast of 3.7:1 on the background; text needs 4.5:1',
      'theme mine: bad has a contrast of 1.2:1 on the selection; text needs 4.5:1',
    ]);
  });

  it('is not reported for the colours of the terminal, which are not known', () => {
    const theme = builtInTheme('minimal');
    expect(contrastsOf(theme)).toEqual([]);
    expect(stateDifferenceOf(theme)).toBeNull();
  });
});

describe('the nearest of 256 colours', () => {
  it('is the colour itself if it is in the cube or among the greys', () => {
    expect(nearestOf256('#5f87af')).toEqual({ index: 67, hex: '#5f87af' });
    expect(nearestOf256('#080808')).toEqual({ index: 232, hex: '#080808' });
  });

  it('is never one of the sixteen that users redefine, and itself its nearest', () => {
    fc.assert(
      fc.property(hexColour, (hex) => {
        const found = nearestOf256(hex);
        expect(found.index).toBeGreaterThanOrEqual(16);
        expect(nearestOf256(found.hex).hex).toBe(found.hex);
      }),
    );
  });

  it('is one that can be read, if there is any', () => {
    fc.assert(
      fc.property(hexColour, hexColour, (hex, ground) => {
        const found = nearestOf256(hex, { grounds: [ground], ratio: 4.5 });
        expect(contrastOf(found.hex, ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
