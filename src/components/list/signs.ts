import { type HostEntry, hostStatus, isStale } from '../../domain/fleet.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import { SESSION_WORDS, type SessionWord } from '../../fleet/session-word.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { SESSION_LOOKS } from './state-look.ts';

/** The sign of a session's state, as wide as the widest one. */
export function sessionSign(painter: Painter, word: SessionWord, frame: number): Segment {
  const { sign, colour, bold } = SESSION_LOOKS[word];
  const glyph = sign === 'spinner' ? painter.spinner(frame) : painter.glyph(sign);
  return segment(glyph + ' '.repeat(Math.max(0, signColumns(painter) - textWidth(glyph))), colour, bold);
}

const widths = new WeakMap<Painter, number>();

/** Returns the columns that the sign of a session takes. */
export function signColumns(painter: Painter): number {
  const known = widths.get(painter);
  if (known !== undefined) return known;
  const glyphs = SESSION_WORDS.map((word) => SESSION_LOOKS[word].sign).map((sign) =>
    sign === 'spinner' ? painter.spinner(0) : painter.glyph(sign),
  );
  const width = Math.max(...glyphs.map(textWidth));
  widths.set(painter, width);
  return width;
}

/** The sign of a host's state; a spinner while it is being asked. */
export function hostSign(painter: Painter, entry: HostEntry, frame: number): Segment {
  if (entry.refreshing && !entry.fresh) return segment(painter.spinner(frame), 'busy');
  if (entry.failure === null && isStale(entry)) return segment(painter.glyph('asking'), 'dim');
  const [glyph, colour] = HOST_SIGNS[hostStatus(entry)];
  return segment(painter.glyph(glyph), colour);
}

const HOST_SIGNS: Readonly<Record<ReturnType<typeof hostStatus>, readonly [ThemeGlyph, ThemeColour]>> = {
  unknown: ['asking', 'dim'],
  online: ['online', 'good'],
  offline: ['offline', 'dim'],
  'auth-required': ['attention', 'warn'],
  'host-key-unknown': ['attention', 'warn'],
  'host-key-changed': ['attention', 'bad'],
  blocked: ['offline', 'warn'],
  'no-shell': ['noShell', 'dim'],
  'no-opencode': ['noOpencode', 'dim'],
  error: ['attention', 'bad'],
};
