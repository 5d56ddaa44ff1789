/** Themes that come with the program, in `themes/`. `auto` is `nightops` or `light`, by the terminal's background. */
export const BUILT_IN_THEMES = ['nightops', 'light', 'catppuccin', 'gruvbox', 'contrast', 'minimal'] as const;
export type BuiltInTheme = (typeof BUILT_IN_THEMES)[number];
