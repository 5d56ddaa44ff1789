import { recordOf } from '../record-of.ts';
import { THEME_COLOURS, type Theme, type ThemeColour } from '../theme.ts';
import { LEAST_CONTRAST } from './contrast.ts';
import { nearestOf256 } from './cube.ts';
import { isHex } from './rgb.ts';

/** Colours that no text has. */
const NOT_TEXT: ReadonlySet<ThemeColour> = new Set(['selection', 'raised', 'border']);

/**
 * Returns the index of each colour where a terminal has 256, `null` for the terminal's own. Text takes the nearest one that can be read on every ground of
 * the theme.
 */
export function coloursOf256({ colours, background }: Pick<Theme, 'colours' | 'background'>): Theme['colours256'] {
  const painted = [colours.selection, colours.raised].filter(isHex).map((colour) => nearestOf256(colour).hex);
  const readable = { grounds: [...background, ...painted], ratio: LEAST_CONTRAST };
  return recordOf(THEME_COLOURS, (name) => {
    const colour = colours[name];
    return isHex(colour) ? nearestOf256(colour, NOT_TEXT.has(name) ? null : readable).index : null;
  });
}
