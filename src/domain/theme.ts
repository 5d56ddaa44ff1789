export const THEME_COLOURS = [
  'text',
  'dim',
  'accent',
  'host',
  'project',
  'title',
  'selection',
  'selectionText',
  'match',
  'border',
  'good',
  'busy',
  'warn',
  'bad',
] as const;
export type ThemeColour = (typeof THEME_COLOURS)[number];

export const THEME_GLYPHS = [
  'expanded',
  'collapsed',
  'leaf',
  'cursor',
  'ellipsis',
  'rule',
  'separator',
  'online',
  'offline',
  'noOpencode',
  'attention',
  'asking',
  'noShell',
  'active',
  'idle',
  'cold',
  'errored',
  'archived',
  'interrupted',
  'unknown',
  'waiting',
  'retry',
  'marked',
  'attached',
] as const;
export type ThemeGlyph = (typeof THEME_GLYPHS)[number];

/** The dashboard's look. A colour is a name that Ink knows, `#rrggbb`, or `null` for the terminal's own. */
export interface Theme {
  readonly name: string;
  readonly colours: Readonly<Record<ThemeColour, string | null>>;
  readonly glyphs: Readonly<Record<ThemeGlyph, string>>;
  /** Frames of the sign that a session works or a host is being asked. */
  readonly spinner: readonly string[];
}
