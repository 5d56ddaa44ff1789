import * as z from 'zod';
import { isHex } from '../domain/colour/rgb.ts';
import { ICON_SETS, THEME_GLYPHS } from '../domain/icons.ts';
import { nearestWord } from '../domain/nearest.ts';
import { printable } from '../domain/printable.ts';
import { recordOf } from '../domain/record-of.ts';
import { textWidth } from '../domain/text-width.ts';
import { COLOUR_NAMES, THEME_COLOURS } from '../domain/theme.ts';
import { BUILT_IN_THEMES } from './built-in-themes.ts';

/** Names of bright black. */
const GREYS: readonly string[] = ['gray', 'grey', 'blackBright'];

const colour = z
  .unknown()
  .transform((value, context) => {
    if (typeof value === 'string') {
      if (isHex(value)) return value;
      if (GREYS.includes(value)) return 'gray';
      if (COLOUR_NAMES.includes(value)) return value;
    }
    context.addIssue({ code: 'custom', message: `colour ${JSON.stringify(value)}; ${adviceOn(value)}` });
    return z.NEVER;
  })
  .nullable();
/** Painted as it is, so nothing in it may move the cursor. */
const glyph = z
  .string()
  .transform(printable)
  .refine((text) => [1, 2].includes(textWidth(text)), { error: 'must be a sign of one or two columns' });

/** A theme's file. It may set any part, and takes the rest from the theme that it extends. Keys are those of the file. */
export const themeSchema = z.strictObject(
  {
    name: z.string().min(1).optional(),
    extends: z.enum(BUILT_IN_THEMES).optional(),
    icons: z.enum(ICON_SETS).optional(),
    background: z.array(z.string().refine(isHex, { error: 'must be #rrggbb' })).optional(),
    colours: z.strictObject(recordOf(THEME_COLOURS, () => colour.optional())).default({}),
    glyphs: z.strictObject(recordOf(THEME_GLYPHS, () => glyph.optional())).default({}),
    spinner: z.array(glyph).min(1).optional(),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a theme, such as "extends: nightops"' : undefined) },
);
export type ThemeFile = z.infer<typeof themeSchema>;

/** Keys that a theme may have at a path. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path[0] === 'colours') return THEME_COLOURS;
  return path[0] === 'glyphs' ? THEME_GLYPHS : Object.keys(themeSchema.shape);
}

/** Says how to write a colour, or which name was probably meant. */
function adviceOn(value: unknown): string {
  const nearest = typeof value === 'string' && !value.startsWith('#') ? nearestWord(value, COLOUR_NAMES) : null;
  return nearest === null
    ? 'must be "#rrggbb" in quotes, a name such as cyan or redBright, or null'
    : `did you mean ${nearest}?`;
}
