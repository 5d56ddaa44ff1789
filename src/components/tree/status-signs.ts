import { type HostEntry, hostStatus } from '../../domain/fleet.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { ThemeColour, ThemeGlyph } from '../../domain/theme.ts';
import { SESSION_STATUSES, type SessionStatus } from '../../fleet/session-state.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

const SESSION_COLOURS: Readonly<Record<SessionStatus, ThemeColour>> = {
  waiting: 'warn',
  working: 'busy',
  retry: 'warn',
  errored: 'bad',
  active: 'good',
  idle: 'text',
  cold: 'dim',
  archived: 'dim',
  interrupted: 'dim',
  unknown: 'dim',
};

/** The sign of a session's state, always as wide as the widest one of the theme. */
export function sessionSign(painter: Painter, status: SessionStatus, frame: number): Segment {
  const glyph = status === 'working' ? painter.spinner(frame) : painter.glyph(status);
  return segment(glyph + ' '.repeat(Math.max(0, signWidth(painter) - textWidth(glyph))), SESSION_COLOURS[status]);
}

/** A count with the sign of a state, as in `🔴 2`. */
export function countSign(painter: Painter, status: SessionStatus, count: number, frame: number): Segment {
  const glyph = status === 'working' ? painter.spinner(frame) : painter.glyph(status);
  return segment(`${glyph} ${count}`, SESSION_COLOURS[status]);
}

const widths = new WeakMap<Painter, number>();

function signWidth(painter: Painter): number {
  const known = widths.get(painter);
  if (known !== undefined) return known;
  const names = SESSION_STATUSES.filter((status) => status !== 'working');
  const width = Math.max(textWidth(painter.spinner(0)), ...names.map((name) => textWidth(painter.glyph(name))));
  widths.set(painter, width);
  return width;
}

/** The sign of a host's state; a spinner while it is being asked. */
export function hostSign(painter: Painter, entry: HostEntry, frame: number): Segment {
  if (entry.refreshing) return segment(painter.spinner(frame), 'busy');
  const [glyph, colour] = HOST_SIGNS[hostStatus(entry)];
  return segment(painter.glyph(glyph), entry.fresh || entry.failure !== null ? colour : 'dim');
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
