import { Chalk, type ChalkInstance, type ForegroundColorName, foregroundColorNames } from 'chalk';
import type { Theme, ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import { type Line, layOutLine, type Segment } from './line.ts';

export interface PaintOptions {
  readonly theme: Theme;
  /** False under NO_COLOR and on terminals without colours. */
  readonly colour: boolean;
}

/** Turns lines into text with colours. */
export interface Painter {
  readonly theme: Theme;
  glyph(name: ThemeGlyph): string;
  /** A frame of the spinner, padded like the glyphs of a session's state. */
  spinner(frame: number): string;
  /** A line of exactly `columns`, coloured. */
  line(line: Line, columns: number): string;
  /** Segments as they are, coloured. */
  inline(segments: readonly Segment[]): string;
}

export function createPainter({ theme, colour }: PaintOptions): Painter {
  const chalk = colour ? new Chalk() : new Chalk({ level: 0 });
  const styles = new Map<string, (text: string) => string>();
  const styleOf = (segment: Segment, selected: boolean) => {
    const key = `${segment.colour ?? 'text'} ${segment.bold ?? false} ${selected}`;
    const known = styles.get(key);
    if (known !== undefined) return known;
    const style = createStyle(chalk, theme, segment, selected);
    styles.set(key, style);
    return style;
  };
  const paint = (segments: readonly Segment[], selected: boolean) =>
    segments.map((segment) => (segment.text === '' ? '' : styleOf(segment, selected)(segment.text))).join('');
  return {
    theme,
    glyph: (name) => theme.glyphs[name],
    spinner: (frame) => theme.spinner[frame % theme.spinner.length] ?? ' ',
    line: (line, columns) => paint(layOutLine(line, columns, theme.glyphs.ellipsis), line.selected ?? false),
    inline: (segments) => paint(segments, false),
  };
}

function createStyle(
  chalk: ChalkInstance,
  theme: Theme,
  segment: Segment,
  selected: boolean,
): (text: string) => string {
  const isPlain = segment.colour === undefined || segment.colour === 'text' || segment.colour === 'dim';
  const name: ThemeColour = selected && isPlain ? 'selectionText' : (segment.colour ?? 'text');
  let style = withForeground(chalk, theme.colours[name]);
  if (selected) style = withBackground(style, theme.colours.selection);
  if (segment.bold) style = style.bold;
  if (segment.colour === 'match') style = style.underline;
  return style;
}

const isColourName = (text: string): text is ForegroundColorName =>
  (foregroundColorNames as readonly string[]).includes(text);

function withForeground(chalk: ChalkInstance, colour: string | null): ChalkInstance {
  if (colour === null) return chalk;
  return isColourName(colour) ? chalk[colour] : chalk.hex(colour);
}

function withBackground(chalk: ChalkInstance, colour: string | null): ChalkInstance {
  if (colour === null) return chalk.inverse;
  if (!isColourName(colour)) return chalk.bgHex(colour);
  const name = `bg${colour.charAt(0).toUpperCase()}${colour.slice(1)}` as keyof ChalkInstance;
  return chalk[name] as ChalkInstance;
}
