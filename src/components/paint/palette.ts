import { isHex, parseHex } from '../../domain/colour/rgb.ts';
import { recordOf } from '../../domain/record-of.ts';
import { COLOUR_NAMES, THEME_COLOURS, type Theme, type ThemeColour } from '../../domain/theme.ts';

/** Colours that the terminal shows. `none` keeps bold, underline and reverse video (no-color.org); `plain` is text alone. */
export const COLOUR_DEPTHS = ['truecolor', '256', '16', 'none', 'plain'] as const;
export type ColourDepth = (typeof COLOUR_DEPTHS)[number];

/** A colour as parameters of SGR (ECMA-48); `null` is the terminal's own. `exact` is false where attributes take its place. */
export interface Ink {
  readonly foreground: string | null;
  readonly background: string | null;
  readonly exact: boolean;
}
export type Palette = Readonly<Record<ThemeColour, Ink>>;

/** Colours by name where the terminal has only sixteen. Bright black is for decoration: in Solarized it is the background. Blue is never text. */
const SIXTEEN: Readonly<Partial<Record<ThemeColour, string>>> = {
  accent: 'cyan',
  project: 'magenta',
  match: 'yellow',
  good: 'green',
  busy: 'cyan',
  warn: 'yellow',
  bad: 'red',
  border: 'gray',
};
const OWN: Ink = { foreground: null, background: null, exact: false };

/** Resolves a theme's colours for what the terminal can show. */
export function createPalette({ colours, colours256 }: Theme, depth: ColourDepth): Palette {
  return recordOf(THEME_COLOURS, (name) => {
    const colour = colours[name];
    if (depth === 'none' || depth === 'plain') return OWN;
    if (!isHex(colour)) return namedInk(colour);
    if (depth === '16') return namedInk(SIXTEEN[name] ?? null);
    if (depth === '256') return inkFrom(`5;${colours256[name] ?? 0}`);
    const channels = parseHex(colour).map((channel) => Math.round(channel * 255));
    return inkFrom(`2;${channels.join(';')}`);
  });
}

const inkFrom = (colour: string): Ink => ({ foreground: `38;${colour}`, background: `48;${colour}`, exact: true });

/** Takes a colour from the terminal's palette; one with an unknown name is the terminal's own. */
function namedInk(name: string | null): Ink {
  const index = name === null ? -1 : COLOUR_NAMES.indexOf(name);
  if (index < 0) return OWN;
  const base = index < 8 ? index : index - 8 + 60;
  return { foreground: String(30 + base), background: String(40 + base), exact: false };
}
