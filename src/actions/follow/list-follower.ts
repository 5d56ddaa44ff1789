import type { Session } from '../../domain/session.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ContentSource } from '../../opencode/content-source.ts';
import { type DetailParts, type Follower, type LookedAt, type Slot, whyNoSource, withoutSource } from './follower.ts';

type Read<Value> = (source: ContentSource, session: Session, signal: AbortSignal) => Promise<Value>;

/** Reads a list of a session, such as its to-dos, and reads it again when its server reports a change. */
export class ListFollower<Value> implements Follower {
  readonly #parts: Pick<DetailParts, 'clientOf'>;
  readonly #slot: Slot<Value>;
  readonly #read: Read<Value>;
  readonly #stop = new AbortController();
  #looked: LookedAt;
  /** The session's state at the last reading. */
  #known: readonly unknown[] = [];
  #reading = false;
  /** Time of the host's answer that was current when a reading failed. */
  #failedAt: number | null = null;

  constructor(parts: Pick<DetailParts, 'clientOf'>, slot: Slot<Value>, read: Read<Value>, looked: LookedAt) {
    this.#parts = parts;
    this.#slot = slot;
    this.#read = read;
    this.#looked = looked;
    this.update(looked);
  }

  update(looked: LookedAt): void {
    this.#looked = looked;
    const { alias, session, live, entry } = looked;
    const source = this.#parts.clientOf(alias, session.id);
    const why = source === null ? whyNoSource(entry) : null;
    const { additions, deletions, files } = session;
    const known = [
      source,
      source?.isStored ? session.updated : null,
      why,
      live?.todo,
      live?.status.kind,
      additions,
      deletions,
      files,
    ];
    const isRetry = this.#failedAt !== null && this.#failedAt !== answerOf(looked);
    if (!isRetry && this.#known.length > 0 && known.every((value, index) => value === this.#known[index])) return;
    if (this.#reading) return;
    this.#known = known;
    this.#failedAt = null;
    if (source !== null) void this.#load(source, session);
    else this.#slot.set((before) => withoutSource(before, why));
  }

  stop(): void {
    this.#stop.abort();
  }

  async #load(source: ContentSource, session: Session): Promise<void> {
    const { signal } = this.#stop;
    this.#reading = true;
    this.#slot.set((before) => ({ ...before, state: 'loading', reason: null }));
    try {
      const value = await this.#read(source, session, signal);
      if (!signal.aborted) this.#slot.set(() => ({ state: 'loaded', value, reason: null }));
    } catch (error) {
      if (signal.aborted) return;
      this.#failedAt = answerOf(this.#looked);
      this.#slot.set((before) => ({ ...before, state: 'failed', reason: messageOf(error) }));
    }
    this.#reading = false;
    // Events received meanwhile may be newer than the answer.
    if (!signal.aborted) this.update(this.#looked);
  }
}

/** Returns when the session's host last answered. */
export function answerOf({ entry }: LookedAt): number {
  return entry.snapshot?.at ?? 0;
}
