import type { ThemeColour } from '../../domain/theme.ts';
import type { Ground, Segment } from './line.ts';
import type { ColourDepth, Palette } from './palette.ts';

/** Tokens that are bold, and that are underlined, where no exact colour sets them apart. */
const BOLD: ReadonlySet<ThemeColour> = new Set(['accent', 'host']);
const UNDERLINED: ReadonlySet<ThemeColour> = new Set(['match']);
/** The same without any colour. */
const BOLD_WITHOUT_COLOUR: ReadonlySet<ThemeColour> = new Set(['accent', 'host', 'warn', 'bad']);
const UNDERLINED_WITHOUT_COLOUR: ReadonlySet<ThemeColour> = new Set(['match', 'bad']);

/** Returns the SGR parameters (ECMA-48) of a segment on a ground; empty for the terminal's own style. */
export function styleOf(segment: Segment, ground: Ground, palette: Palette, depth: ColourDepth): string {
  if (depth === 'plain') return '';
  const name = nameOn(ground, segment.colour ?? 'text');
  if (ground === 'dimmed') return join([palette[name].foreground]);
  const bare = depth === 'none';
  const byAttribute = !palette[name].exact;
  const isBold = segment.bold || (byAttribute && (bare ? BOLD_WITHOUT_COLOUR : BOLD).has(name));
  const isUnderlined = segment.underline || (byAttribute && (bare ? UNDERLINED_WITHOUT_COLOUR : UNDERLINED).has(name));
  const background = backgroundOf(ground, palette);
  const isReversed = ground === 'selected' && background === null;
  return join([
    isBold ? '1' : null,
    isUnderlined || (ground === 'raised' && background === null) ? '4' : null,
    isReversed !== (segment.reverse ?? false) ? '7' : null,
    // Reverse video would turn each colour into a patch of its own.
    isReversed ? null : palette[name].foreground,
    background,
  ]);
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

const join = (parameters: readonly (string | null)[]) => parameters.filter((part) => part !== null).join(';');
