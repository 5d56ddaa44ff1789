import { SELECTED_TEXT_COLOURS, STATE_COLOURS, TEXT_COLOURS, type Theme, type ThemeColour } from '../theme.ts';
import { leastDifference } from './colour-blindness.ts';
import { contrastOf, LEAST_CONTRAST } from './contrast.ts';
import { isHex } from './rgb.ts';

export type GroundName = 'background' | 'selection' | 'raised';

/** The contrast of a text colour on the ground where it is lowest. */
export interface TextContrast {
  readonly token: ThemeColour;
  readonly ground: GroundName;
  readonly ratio: number;
}

/** Returns the contrast (WCAG 2) of every text colour on every ground. Leaves out the terminal's own colours, which are not known. */
export function contrastsOf({ colours, background }: Theme): TextContrast[] {
  const on = (ground: GroundName, shades: readonly (string | null)[], tokens: readonly ThemeColour[]) =>
    tokens.flatMap((token) => {
      const colour = colours[token];
      const known = shades.filter(isHex);
      if (!isHex(colour) || known.length === 0) return [];
      return [{ token, ground, ratio: Math.min(...known.map((shade) => contrastOf(colour, shade))) }];
    });
  return [
    ...on('background', background, TEXT_COLOURS),
    ...on('selection', [colours.selection], SELECTED_TEXT_COLOURS),
    ...on('raised', [colours.raised], TEXT_COLOURS),
  ];
}

/** Warns of each text colour that is hard to read, with the ground where it is worst. */
export function contrastWarnings(theme: Theme): string[] {
  const worst = new Map<ThemeColour, TextContrast>();
  for (const found of contrastsOf(theme)) {
    if (found.ratio >= LEAST_CONTRAST || found.ratio >= (worst.get(found.token)?.ratio ?? LEAST_CONTRAST)) continue;
    worst.set(found.token, found);
  }
  return [...worst.values()].map(({ token, ground, ratio }) => {
    // Rounded up, 4.47 would read as enough.
    const shown = Math.floor(ratio * 10) / 10;
    return `theme ${theme.name}: ${token} has a contrast of ${shown}:1 on ${PHRASES[ground]}; text needs ${LEAST_CONTRAST}:1`;
  });
}

const PHRASES: Readonly<Record<GroundName, string>> = {
  background: 'the background',
  selection: 'the selection',
  raised: 'raised rows',
};

/** Returns how far good, busy, warn and bad are apart for colour-blind eyes (ΔE*ab); `null` for the terminal's own colours. */
export function stateDifferenceOf({ colours }: Theme): number | null {
  const states = STATE_COLOURS.map((token) => colours[token]).filter(isHex);
  return states.length < STATE_COLOURS.length ? null : leastDifference(states);
}
