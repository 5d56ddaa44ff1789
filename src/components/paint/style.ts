import type { ThemeColour } from '../../domain/theme.ts';
import type { Ground, Segment } from './line.ts';
import type { ColourDepth, Palette } from './palette.ts';

/** Tokens that are bold, and that are underlined, where no exact colour sets them apart. */
const BOLD: ReadonlySet<ThemeColour> = new Set(['accent', 'host']);
const UNDERLINED: ReadonlySet<ThemeColour> = new Set(['match']);
/** The same without any colour. */
const BOLD_WITHOUT_COLOUR: ReadonlySet<ThemeColour> = new Set(['accent', 'host', 'warn', 'bad']);
const UNDERLINED_WITHOUT_COLOUR: ReadonlySet<ThemeColour> = new Set(['match', 'bad']);

/** A style as SGR parameters (ECMA-48). */
export interface Style {
  /** Empty for the terminal's own colour. */
  readonly foreground: string;
  /** Bold, underline, reverse video and background; empty for none. */
  readonly rest: string;
  /** All of them; empty for the terminal's own style. */
  readonly parameters: string;
  /** False if a blank looks the same without it. */
  readonly isSeenOnBlanks: boolean;
}

export const PLAIN: Style = { foreground: '', rest: '', parameters: '', isSeenOnBlanks: false };

/** Returns the style of a segment on a ground. */
export function styleOf(segment: Segment, ground: Ground, palette: Palette, depth: ColourDepth): Style {
  if (depth === 'plain') return PLAIN;
  const name = nameOn(ground, segment.colour ?? 'text');
  if (ground === 'dimmed') return createStyle(palette[name].foreground, false, []);
  const bare = depth === 'none';
  const byAttribute = !palette[name].exact;
  const isBold = (segment.bold ?? false) || (byAttribute && (bare ? BOLD_WITHOUT_COLOUR : BOLD).has(name));
  const isUnderlined = segment.underline || (byAttribute && (bare ? UNDERLINED_WITHOUT_COLOUR : UNDERLINED).has(name));
  const background = backgroundOf(ground, palette);
  const isReversed = ground === 'selected' && background === null;
  const onBlanks = [
    isUnderlined || (ground === 'raised' && background === null) ? '4' : '',
    isReversed !== (segment.reverse ?? false) ? '7' : '',
    background ?? '',
  ];
  // Reverse video would turn each colour into a patch of its own.
  return createStyle(isReversed ? null : palette[name].foreground, isBold, onBlanks);
}

function createStyle(foreground: string | null, isBold: boolean, onBlanks: readonly string[]): Style {
  const join = (parts: readonly string[]) => parts.filter((part) => part !== '').join(';');
  const rest = join([isBold ? '1' : '', ...onBlanks]);
  const parameters = join([rest, foreground ?? '']);
  return { foreground: foreground ?? '', rest, parameters, isSeenOnBlanks: join(onBlanks) !== '' };
}

function nameOn(ground: Ground, name: ThemeColour): ThemeColour {
  if (ground === 'dimmed') return 'dim';
  if (ground !== 'selected') return name;
  if (name === 'text' || name === 'title') return 'selectionText';
  return name === 'dim' || name === 'border' ? 'selectionDim' : name;
}

function backgroundOf(ground: Ground, palette: Palette): string | null {
  if (ground === 'selected') return palette.selection.background;
  return ground === 'raised' || ground === 'popup' ? palette.raised.background : null;
}
