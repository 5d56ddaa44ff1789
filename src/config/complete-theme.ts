import { coloursOf256 } from '../domain/colour/colours-256.ts';
import { recordOf } from '../domain/record-of.ts';
import { THEME_COLOURS, type Theme, type ThemeColour } from '../domain/theme.ts';
import { UserError } from '../lib/errors.ts';
import type { ThemeFile } from './theme-file.ts';

/** True if the file leaves no colour to the theme that it extends. */
export function isComplete(file: ThemeFile): boolean {
  return file.extends === undefined && missingColour(coloursOf(file, null)) === undefined;
}

/** Fills a theme from the one that it extends. Throws a UserError with the first missing colour. */
export function completeTheme(file: ThemeFile, base: Theme | null, path: string): Theme {
  const colours = coloursOf(file, base);
  const missing = missingColour(colours);
  if (missing !== undefined) throw new UserError(`${path}: colours.${missing} is missing`);
  const look = {
    colours: recordOf(THEME_COLOURS, (name) => colours[name] ?? null),
    background: file.background ?? base?.background ?? [],
  };
  return {
    ...look,
    name: file.name ?? nameOf(path),
    colours256: coloursOf256(look),
    glyphs: { ...base?.glyphs, ...definedIn(file.glyphs) },
    spinner: file.spinner ?? base?.spinner ?? null,
    icons: file.icons ?? base?.icons ?? null,
  };
}

type SomeColours = Partial<Record<ThemeColour, string | null>>;

const missingColour = (colours: SomeColours) => THEME_COLOURS.find((name) => colours[name] === undefined);

/**
 * A file for an earlier version has `title`, and neither `raised` nor `selectionDim`. It does not get those of a dark theme, since it may be a light one.
 */
function coloursOf(file: ThemeFile, base: Theme | null): SomeColours {
  const given = definedIn(file.colours);
  const ofEarlier = { raised: null, selectionDim: given.selectionText ?? null };
  const { text } = { ...base?.colours, ...given };
  const title = text === undefined ? {} : { title: text };
  return { ...base?.colours, ...title, ...(given.title === undefined ? {} : ofEarlier), ...given };
}

/** Drops keys without a value, which would hide those of the base. */
function definedIn<Value>(values: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const defined: Record<string, Value> = {};
  for (const [key, value] of Object.entries(values)) if (value !== undefined) defined[key] = value;
  return defined;
}

const nameOf = (path: string) => (path.split(/[\\/]/).at(-1) ?? path).replace(/\.ya?ml$/, '');
