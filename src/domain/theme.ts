import type { IconSet, ThemeGlyph } from './icons.ts';

export type { ThemeGlyph } from './icons.ts';

/** Colours by their use. `title` is an earlier name of `text`. */
export const THEME_COLOURS = [
  'text',
  'dim',
  'accent',
  'host',
  'project',
  'title',
  'match',
  'good',
  'busy',
  'warn',
  'bad',
  'selection',
  'selectionText',
  'selectionDim',
  'raised',
  'border',
] as const;
export type ThemeColour = (typeof THEME_COLOURS)[number];

/** The terminal's own sixteen colours, in the order of its palette. */
export const COLOUR_NAMES = [
  ...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'],
  ...['gray', 'redBright', 'greenBright', 'yellowBright', 'blueBright', 'magentaBright', 'cyanBright', 'whiteBright'],
];

/** The dashboard's look. A colour is one of the terminal's names, `#rrggbb`, or `null` for the terminal's own. */
export interface Theme {
  readonly name: string;
  readonly colours: Readonly<Record<ThemeColour, string | null>>;
  /** Indexes of the colours where the terminal has 256; `null` for a name or the terminal's own. */
  readonly colours256: Readonly<Record<ThemeColour, number | null>>;
  /** Signs in place of those of the set. */
  readonly glyphs: Readonly<Partial<Record<ThemeGlyph, string>>>;
  readonly spinner: readonly string[] | null;
  /** The set of signs that the theme asks for. */
  readonly icons: IconSet | null;
  /** Backgrounds of terminals that the theme is made for, `#rrggbb`; its contrast is computed on them. */
  readonly background: readonly string[];
}

/** Colours of text on the terminal's background and on raised rows. */
export const TEXT_COLOURS = [
  ...(['text', 'dim', 'accent', 'host', 'project', 'match', 'good', 'busy', 'warn', 'bad'] as const),
] as const satisfies readonly ThemeColour[];
/** Colours of text on the selected row. */
export const SELECTED_TEXT_COLOURS = [
  ...(['selectionText', 'selectionDim', 'accent', 'host', 'project', 'match', 'good', 'busy', 'warn', 'bad'] as const),
] as const satisfies readonly ThemeColour[];
/** Colours of states, which must differ for every eye. */
export const STATE_COLOURS = ['good', 'busy', 'warn', 'bad'] as const satisfies readonly ThemeColour[];
