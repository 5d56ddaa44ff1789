import { createIcons, type IconSet, type Icons, SIGN_GLYPHS } from '../../domain/icons.ts';
import { textWidth } from '../../domain/text-width.ts';
import { THEME_COLOURS, type Theme, type ThemeGlyph } from '../../domain/theme.ts';
import { GROUNDS, type Ground, groundOf, type Line, layOutLine, type Segment } from './line.ts';
import { type ColourDepth, createPalette, type Palette } from './palette.ts';
import { PLAIN, type Style, styleOf } from './style.ts';

/** Theme, signs and colours together. */
export interface Look {
  readonly theme: Theme;
  /** The theme's own set if it is left out, else shapes. */
  readonly icons?: IconSet;
  readonly depth: ColourDepth;
}

/** The options of a new painter. `colour: false` is the depth `plain`, `true` is `truecolor`. */
export type PaintOptions = Omit<Look, 'depth'> & ({ readonly depth: ColourDepth } | { readonly colour: boolean });

/** Turns lines into text with colours. */
export interface Painter {
  readonly theme: Theme;
  readonly depth: ColourDepth;
  readonly icons: Icons;
  /** Columns of the signs of hosts and sessions. */
  readonly signWidth: number;
  /** Changes with each look, for caches of painted text. */
  readonly version: number;
  glyph(name: ThemeGlyph): string;
  /** A frame of the spinner; `null` is the sign in its place that does not move. */
  spinner(frame: number | null): string;
  /** A line of exactly `columns`, coloured. */
  line(line: Line, columns: number): string;
  /** Segments as they are, coloured. */
  inline(segments: readonly Segment[]): string;
  /** Takes another look from the next line on. */
  use(look: Look): void;
}

export function createPainter(options: PaintOptions): Painter {
  const { theme, icons } = options;
  const depth = 'depth' in options ? options.depth : options.colour ? 'truecolor' : 'plain';
  return new LookPainter({ theme, depth, ...(icons === undefined ? {} : { icons }) });
}

const RESET = '\u001b[0m';
const COLOUR_INDEX: ReadonlyMap<string, number> = new Map(THEME_COLOURS.map((name, index) => [name, index]));
const GROUND_INDEX: ReadonlyMap<string, number> = new Map(GROUNDS.map((name, index) => [name, index]));

class LookPainter implements Painter {
  #look: Look;
  #icons: Icons;
  #palette: Palette;
  #signWidth = 1;
  #version = 0;
  /** Styles by the key of `#styleOf`, since painting is on the way from a key to its frame. */
  #styles: (Style | undefined)[] = [];

  constructor(look: Look) {
    this.#look = look;
    this.#icons = iconsOf(look);
    this.#palette = createPalette(look.theme, look.depth);
    this.#signWidth = signWidthOf(this.#icons);
  }

  use(look: Look): void {
    this.#look = look;
    this.#icons = iconsOf(look);
    this.#palette = createPalette(look.theme, look.depth);
    this.#signWidth = signWidthOf(this.#icons);
    this.#styles = [];
    this.#version += 1;
  }

  get theme(): Theme {
    return this.#look.theme;
  }

  get depth(): ColourDepth {
    return this.#look.depth;
  }

  get icons(): Icons {
    return this.#icons;
  }

  get signWidth(): number {
    return this.#signWidth;
  }

  get version(): number {
    return this.#version;
  }

  glyph(name: ThemeGlyph): string {
    return this.#icons.glyphs[name];
  }

  spinner(frame: number | null): string {
    const { spinner, glyphs } = this.#icons;
    if (frame === null) return glyphs.working;
    return spinner[frame % spinner.length] ?? ' ';
  }

  line(line: Line, columns: number): string {
    return this.#paint(layOutLine(line, columns, this.#icons.glyphs.ellipsis), groundOf(line));
  }

  inline(segments: readonly Segment[]): string {
    return this.#paint(segments, 'view');
  }

  /** Writes a style only where it changes, and resets it at the end. */
  #paint(segments: readonly Segment[], ground: Ground): string {
    let painted = '';
    let current = PLAIN;
    for (const segment of segments) {
      if (segment.text === '') continue;
      const style = this.#styleOf(segment, ground);
      const isUnseen = !style.isSeenOnBlanks && !current.isSeenOnBlanks && segment.text.trimEnd() === '';
      if (!isUnseen) {
        painted += changeOf(current, style);
        current = style;
      }
      painted += segment.text;
    }
    return current.parameters === '' ? painted : painted + RESET;
  }

  #styleOf(segment: Segment, ofLine: Ground): Style {
    const { colour = 'text', ground = ofLine, bold, underline, reverse } = segment;
    const attributes = (bold ? 1 : 0) | (underline ? 2 : 0) | (reverse ? 4 : 0);
    const key = ((COLOUR_INDEX.get(colour) ?? 0) << 6) | ((GROUND_INDEX.get(ground) ?? 0) << 3) | attributes;
    const known = this.#styles[key];
    if (known !== undefined) return known;
    const style = styleOf(segment, ground, this.#palette, this.#look.depth);
    this.#styles[key] = style;
    return style;
  }
}

/** Returns the sequence from one style to another. */
function changeOf(from: Style, to: Style): string {
  if (to.parameters === from.parameters) return '';
  if (to.parameters === '') return RESET;
  if (from.parameters === '') return `\u001b[${to.parameters}m`;
  return to.rest === from.rest && to.foreground !== '' ? `\u001b[${to.foreground}m` : `\u001b[0;${to.parameters}m`;
}

const iconsOf = ({ theme, icons }: Look) => createIcons(icons ?? theme.icons ?? 'shapes', theme);

function signWidthOf({ glyphs, spinner }: Icons): number {
  return Math.max(...SIGN_GLYPHS.map((name) => textWidth(glyphs[name])), ...spinner.map(textWidth));
}
