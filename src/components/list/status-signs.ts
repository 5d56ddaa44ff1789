import { type HostEntry, hostStatus, isStale } from '../../domain/fleet.ts';
import { isLive } from '../../domain/live.ts';
import type { HostStatus } from '../../domain/snapshot.ts';
import { textWidth } from '../../domain/text-width.ts';
import type { SessionStatus } from '../../fleet/session-status.ts';
import type { SessionWord } from '../../fleet/session-word.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { HOST_LOOKS, type HostState, STATE_LOOKS, type StateLook } from './state-looks.ts';

export { HOST_LOOKS, type HostState, STATE_LOOKS, type StateLook } from './state-looks.ts';

/** Statuses that have another name on the screen. */
const SHOWN_AS: Readonly<Record<Exclude<SessionStatus, SessionWord>, SessionWord>> = {
  waiting: 'permission',
  retry: 'retrying',
  errored: 'error',
};

/** Returns how a session's status is shown. */
export function sessionLook(status: SessionStatus | SessionWord): StateLook {
  return STATE_LOOKS[status === 'waiting' || status === 'retry' || status === 'errored' ? SHOWN_AS[status] : status];
}

/**
 * Returns the sign of a session's state, as wide as every sign of the look.
 *
 * @param frame of the spinner; `null` for a sign that does not move
 */
export function sessionSign(painter: Painter, status: SessionStatus | SessionWord, frame: number | null): Segment {
  return padded(painter, sessionLook(status), frame);
}

/** Composes a count with the sign of a state, as in `✗ 2`. */
export function countSign(
  painter: Painter,
  status: SessionStatus | SessionWord,
  count: number,
  frame: number | null,
): Segment {
  const look = sessionLook(status);
  return segment(`${glyphOf(painter, look, frame)} ${count}`, look.colour);
}

/** Composes a sign with a count right behind it, as in `▲2`, for what a host or project holds. */
export function stateCount(
  painter: Painter,
  status: SessionStatus | SessionWord,
  count: number,
  frame: number | null,
): Segment {
  const look = sessionLook(status);
  return segment(`${glyphOf(painter, look, frame)}${count}`, look.colour);
}

/** Returns the sign of a host's state, as wide as every sign of the look; a spinner while it is being asked. */
export function hostSign(painter: Painter, entry: HostEntry, frame: number | null): Segment {
  return hostStateSign(painter, hostState(entry), frame);
}

/** Returns the sign of a host in that state. */
export function hostStateSign(painter: Painter, state: HostState, frame: number | null): Segment {
  return padded(painter, HOST_LOOKS[state], frame);
}

const FAILED: Readonly<Record<Exclude<HostStatus, 'online'>, HostState>> = {
  offline: 'offline',
  'auth-required': 'needs auth',
  'host-key-unknown': 'new key',
  'host-key-changed': 'key changed',
  blocked: 'blocked',
  'no-shell': 'no shell',
  'no-opencode': 'no opencode',
  error: 'error',
};

/** Returns the state of a host as it is shown. One that was never asked will be soon; one that is asked again keeps its state. */
export function hostState(entry: HostEntry): HostState {
  const status = hostStatus(entry);
  if (status === 'unknown') return 'asking';
  if (status !== 'online') return FAILED[status];
  if (isStale(entry)) return entry.refreshing ? 'asking' : 'stale';
  return isLive(entry.live) ? 'live' : 'polled';
}

function padded(painter: Painter, look: StateLook, frame: number | null): Segment {
  const glyph = glyphOf(painter, look, frame);
  return segment(glyph + ' '.repeat(Math.max(0, painter.signWidth - textWidth(glyph))), look.colour);
}

function glyphOf(painter: Painter, { glyph }: StateLook, frame: number | null): string {
  return glyph === 'working' || glyph === 'asking' ? painter.spinner(frame) : painter.glyph(glyph);
}
