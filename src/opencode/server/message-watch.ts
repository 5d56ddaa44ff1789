import type { Clock } from '../../lib/clock.ts';

/** Minimum interval between two reported signs of activity of a session. */
const ACTIVITY_INTERVAL_MS = 300;
/** An event about an older message does not announce a new one: it is an update, seen after a lost stream. */
const YOUNG_MS = 2000;
/** Sessions that are remembered. */
const MAX_ENTRIES = 2000;

/** An id of opencode begins with a prefix and 12 hex digits: milliseconds times 4096 plus a counter, of which 48 bits are left. */
const ID_TIME = /^[a-z]+_([0-9a-f]{12})/;
const ID_RANGE = 2 ** 36;

interface MessageSeen {
  readonly sessionId: string;
  readonly messageId: string;
  /** Epoch milliseconds of the server's clock. */
  readonly created: number;
  /** Id of the event that reports it. */
  readonly eventId: string;
}

interface Remembered {
  newest: string;
  toldAt: number;
}

/** Tells new messages from updates of old ones, and limits the signs of activity, for each session. */
export class MessageWatch {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Remembered>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True if this is the first event about a message; ids ascend. */
  isBegun({ sessionId, messageId, created, eventId }: MessageSeen): boolean {
    const session = this.#session(sessionId);
    if (messageId <= session.newest) return false;
    session.newest = messageId;
    const time = timeOfId(eventId);
    if (time === null) return true;
    const apart = Math.abs(time - (created % ID_RANGE));
    return Math.min(apart, ID_RANGE - apart) < YOUNG_MS;
  }

  /** True a few times a second for each session. */
  isWorthTelling(sessionId: string): boolean {
    const session = this.#session(sessionId);
    const now = this.#clock();
    // A clock that was set back reports at once.
    if (Math.abs(now - session.toldAt) < ACTIVITY_INTERVAL_MS) return false;
    session.toldAt = now;
    return true;
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  #session(id: string): Remembered {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const fresh = { newest: '', toldAt: Number.NEGATIVE_INFINITY };
    this.#sessions.set(id, fresh);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_ENTRIES && oldest !== undefined) this.#sessions.delete(oldest);
    return fresh;
  }
}

/** Milliseconds that an id holds, modulo ID_RANGE. */
function timeOfId(id: string): number | null {
  const digits = ID_TIME.exec(id)?.[1];
  return digits === undefined ? null : Math.floor(Number.parseInt(digits, 16) / 4096);
}
