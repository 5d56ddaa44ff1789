import { isLive } from '../../domain/live.ts';
import type { TranscriptMessage } from '../../domain/transcript.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ContentSource } from '../../opencode/content-source.ts';
import type { TranscriptEvent } from '../../opencode/server/transcript-event.ts';
import { type DetailParts, type Follower, type LookedAt, type Slot, whyNoSource, withoutSource } from './follower.ts';
import { applyTold, joinTranscript } from './join-transcript.ts';
import { answerOf } from './list-follower.ts';

/** Messages that are read at first. */
const NEWEST = 50;
/** Minimum interval between two updates of the view. */
const UPDATE_INTERVAL_MS = 50;

/** Reads the last messages of a session, and follows them as they are written. */
export class TranscriptFollower implements Follower {
  readonly #parts: Pick<DetailParts, 'clientOf'>;
  readonly #slot: Slot<readonly TranscriptMessage[]>;
  #looked: LookedAt;
  #source: ContentSource | null = null;
  #why: string | null | undefined;
  #unwatch = () => {};
  #messages: readonly TranscriptMessage[];
  /** Events received since the reading in flight began. */
  #told: TranscriptEvent[] | null = null;
  #reading = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #failedAt: number | null = null;
  /** The session's `updated` at the last reading. */
  #updated = 0;

  constructor(parts: Pick<DetailParts, 'clientOf'>, slot: Slot<readonly TranscriptMessage[]>, looked: LookedAt) {
    this.#parts = parts;
    this.#slot = slot;
    this.#looked = looked;
    this.#messages = slot.get().value ?? [];
    this.update(looked);
  }

  update(looked: LookedAt): void {
    this.#looked = looked;
    const { alias, session, entry } = looked;
    const source = this.#parts.clientOf(alias, session.id);
    if (source !== null && source === this.#source) {
      // Retries a failed reading once the host answers. Without events, only the host's answers show new messages.
      const isRetry = this.#failedAt !== null && this.#failedAt !== answerOf(looked);
      const isTold = isLive(entry.live) && source.isStored !== true;
      const isBehind = this.#failedAt === null && !isTold && session.updated !== this.#updated;
      if (isRetry || isBehind) void this.#read(source);
      return;
    }
    const why = source === null ? whyNoSource(entry) : undefined;
    if (source === null && this.#source === null && why === this.#why) return;
    this.stop();
    this.#source = source;
    this.#why = why;
    if (source === null) return this.#slot.set((before) => withoutSource(before, why ?? null));
    this.#unwatch = source.watchMessages(session.id, (event) => this.#hear(source, event));
    void this.#read(source);
  }

  stop(): void {
    this.#unwatch();
    this.#unwatch = () => {};
    this.#reading.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(source: ContentSource): Promise<void> {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const told: TranscriptEvent[] = [];
    this.#told = told;
    this.#failedAt = null;
    const { id, directory, updated } = this.#looked.session;
    this.#updated = updated;
    this.#slot.set((before) => ({ ...before, state: 'loading', reason: null }));
    try {
      const wanted = Math.max(NEWEST, this.#messages.length);
      const read = await source.messages(id, directory, wanted, reading.signal);
      if (reading.signal.aborted) return;
      this.#messages = joinTranscript(read, this.#messages, told);
      this.#told = null;
      this.#show();
    } catch (error) {
      if (reading.signal.aborted) return;
      this.#told = null;
      this.#failedAt = answerOf(this.#looked);
      this.#slot.set((before) => ({ ...before, state: 'failed', reason: messageOf(error) }));
    }
  }

  #hear(source: ContentSource, event: TranscriptEvent): void {
    if (event.kind === 'restart') return void this.#read(source);
    if (this.#told !== null) return void this.#told.push(event);
    if (this.#failedAt !== null) return;
    const messages = applyTold(this.#messages, event);
    if (messages === this.#messages) return;
    this.#messages = messages;
    this.#timer ??= setTimeout(() => this.#show(), UPDATE_INTERVAL_MS);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const value = this.#messages;
    this.#slot.set(() => ({ state: 'loaded', value, reason: null }));
  }
}
