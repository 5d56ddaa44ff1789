import { recordOf } from './record-of.ts';

/** Sets of signs: `emoji` is `shapes` with three emoji, in a column two cells wide; `ascii` is for old terminals and fonts. */
export const ICON_SETS = ['emoji', 'shapes', 'ascii'] as const;
export type IconSet = (typeof ICON_SETS)[number];
/** The values of `display.icons`. */
export const ICON_CHOICES = ['auto', ...ICON_SETS] as const;
export type IconChoice = (typeof ICON_CHOICES)[number];

/** Every sign as a shape and in ASCII, each of one column. */
const SHAPES_AND_ASCII = {
  waiting: ['▲', '!'],
  stalled: ['△', 'S'],
  errored: ['✗', 'E'],
  done: ['✓', 'D'],
  retry: ['↻', 'R'],
  working: ['◐', 'W'],
  active: ['●', '*'],
  idle: ['○', 'z'],
  cold: ['·', '.'],
  archived: ['□', 'A'],
  interrupted: ['⊘', 'I'],
  unknown: ['?', '?'],
  snoozed: ['◷', 'Z'],
  online: ['●', 'o'],
  polled: ['◎', 'p'],
  stale: ['◌', 's'],
  asking: ['◐', 'W'],
  noOpencode: ['ø', 'n'],
  offline: ['○', 'x'],
  attention: ['▲', '!'],
  hostError: ['✗', 'X'],
  blocked: ['◇', 'b'],
  noShell: ['⊗', 'N'],
  expanded: ['▾', 'v'],
  collapsed: ['▸', '>'],
  leaf: [' ', ' '],
  cursor: ['▌', '>'],
  marked: ['■', '#'],
  attached: ['⇄', '@'],
  ellipsis: ['…', '~'],
  rule: ['─', '-'],
  separator: ['│', '|'],
  track: ['│', '|'],
  thumb: ['┃', '#'],
  topLeft: ['╭', '+'],
  topRight: ['╮', '+'],
  bottomLeft: ['╰', '+'],
  bottomRight: ['╯', '+'],
  meterFull: ['█', '#'],
  meterEmpty: ['░', '.'],
  sortDown: ['↓', 'v'],
  sortUp: ['↑', '^'],
  arrow: ['→', '>'],
  bullet: ['•', '*'],
  radioOn: ['◉', '*'],
  radioOff: ['○', 'o'],
  choice: ['❯', '>'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type ThemeGlyph = keyof typeof SHAPES_AND_ASCII;

const isGlyph = (name: string): name is ThemeGlyph => Object.hasOwn(SHAPES_AND_ASCII, name);
export const THEME_GLYPHS: readonly ThemeGlyph[] = Object.keys(SHAPES_AND_ASCII).filter(isGlyph);

/** Glyphs that stand in the column of signs. They share one width. */
export const SIGN_GLYPHS = [
  ...(['waiting', 'stalled', 'errored', 'done', 'retry', 'working', 'active', 'idle', 'cold', 'archived'] as const),
  ...(['interrupted', 'unknown', 'snoozed', 'online', 'polled', 'stale', 'asking', 'noOpencode', 'offline'] as const),
  ...(['attention', 'hostError', 'blocked', 'noShell'] as const),
] as const satisfies readonly ThemeGlyph[];

const EMOJI: Partial<Record<ThemeGlyph, string>> = { active: '🟢', idle: '💤', errored: '🔴' };
const BRAILLE_SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ASCII_SPINNER = ['|', '/', '-', '\\'];

/** The signs that the painter uses. */
export interface Icons {
  readonly set: IconSet;
  readonly glyphs: Readonly<Record<ThemeGlyph, string>>;
  /** Frames of the sign that a session works or a host is being asked. */
  readonly spinner: readonly string[];
  /** Bars of a sparkline from the lowest to the highest. */
  readonly sparks: readonly string[];
}

/** Signs that a theme sets itself. */
export interface IconOverrides {
  readonly glyphs: Readonly<Partial<Record<ThemeGlyph, string>>>;
  readonly spinner: readonly string[] | null;
}

/** Returns the signs of a set with a theme's own; ASCII takes only those of them that are ASCII. */
export function createIcons(set: IconSet, { glyphs, spinner }: IconOverrides): Icons {
  const isAscii = set === 'ascii';
  const takes = (text: string) => !isAscii || /^[ -~]*$/.test(text);
  const glyphOf = (name: ThemeGlyph) => {
    const own = glyphs[name];
    if (own !== undefined && takes(own)) return own;
    const [shape, ascii] = SHAPES_AND_ASCII[name];
    if (isAscii) return ascii;
    return (set === 'emoji' ? EMOJI[name] : undefined) ?? shape;
  };
  return {
    set,
    glyphs: recordOf(THEME_GLYPHS, glyphOf),
    spinner: spinner?.every(takes) ? spinner : isAscii ? ASCII_SPINNER : BRAILLE_SPINNER,
    sparks: [...(isAscii ? '.:-=+*#' : '▁▂▃▄▅▆▇█')],
  };
}

/** Columns that the terminal gave to 🟢 and to ▲. */
export interface SignWidths {
  readonly emoji: number;
  readonly shape: number;
}

/** Facts by which `auto` chooses. */
export interface IconFacts {
  /** The setting `display.unicode`. */
  readonly unicode: boolean;
  readonly colour: boolean;
  /** The set that the theme asks for. */
  readonly theme: IconSet | null;
  /** `null` if the terminal did not answer. */
  readonly widths: SignWidths | null;
}

/** Chooses a set of signs. `auto` takes emoji only where the terminal proved that it paints them two columns wide. */
export function chooseIconSet(choice: IconChoice, { unicode, colour, theme, widths }: IconFacts): IconSet {
  if (!unicode) return 'ascii';
  if (choice !== 'auto') return choice;
  if (theme !== null) return theme;
  if (widths === null) return 'shapes';
  if (widths.shape !== 1) return 'ascii';
  return colour && widths.emoji === 2 ? 'emoji' : 'shapes';
}
