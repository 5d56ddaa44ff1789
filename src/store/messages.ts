/** Something that the user was told. */
export interface Message {
  readonly kind: 'info' | 'error';
  readonly text: string;
  /** What the error dialog shows besides. */
  readonly lines: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** When it has the place for toasts: each has it for a while before the next one. */
  readonly from: number;
}

/** What a key could not do. It answers the key at once, and is not kept. */
export interface KeyHint {
  readonly kind: 'hint';
  readonly text: string;
  readonly at: number;
}

export type Toast = Pick<Message, 'kind' | 'text'> | Pick<KeyHint, 'kind' | 'text'>;

/** Messages that are kept. */
const MOST_MESSAGES = 500;
/** Milliseconds for which a message has its place at least, and for which one stays that is no failure. */
const LEAST_MS = 1500;
const INFO_MS = 5000;
const HINT_MS = 4000;
/** Milliseconds that a message may wait for its turn: of more that come at once, the last ones are shown. */
const LONGEST_WAIT_MS = 6000;

/** The messages with one more. */
export function withMessage(messages: readonly Message[], message: Omit<Message, 'from'>): readonly Message[] {
  const before = messages.at(-1)?.from ?? Number.NEGATIVE_INFINITY;
  const turn = Math.max(message.at, before + LEAST_MS);
  const from = Math.min(turn, Math.max(message.at + LONGEST_WAIT_MS, before));
  return [...messages.slice(1 - MOST_MESSAGES), { ...message, from }];
}

export interface Told {
  readonly messages: readonly Message[];
  readonly hint: KeyHint | null;
  /** Failures up to this time (epoch milliseconds) were seen. */
  readonly failuresSeen: number;
}

/** What stands in the place for toasts at a time, and how many failures wait to be seen besides. */
export function toldAt({ messages, hint, failuresSeen }: Told, now: number): { toast: Toast | null; failures: number } {
  const unseen = messages.filter(({ kind, at }) => kind === 'error' && at > failuresSeen);
  const last = messages.findLast(({ from }) => from <= now);
  const isHinted = hint !== null && now - hint.at < HINT_MS && hint.at >= (last?.from ?? 0);
  if (isHinted) return { toast: hint, failures: unseen.length };
  const isFresh = last !== undefined && last.kind === 'info' && now - last.from < INFO_MS;
  if (isFresh) return { toast: last, failures: unseen.filter(({ from }) => from <= now).length };
  // A failure stays until it was seen, and comes back when what came after it has been read.
  const failure = unseen.findLast(({ from }) => from <= now) ?? null;
  return { toast: failure, failures: failure === null ? 0 : unseen.length - 1 };
}

/** True if a failure was told that was not seen. */
export function hasFailures({ messages, failuresSeen }: Told): boolean {
  return messages.some(({ kind, at }) => kind === 'error' && at > failuresSeen);
}

/** When the place for toasts changes next by itself, epoch milliseconds; `null` when it does not. */
export function nextTold({ messages, hint }: Told, now: number): number | null {
  const last = messages.findLast(({ from }) => from <= now);
  const times = [
    messages.find(({ from }) => from > now)?.from,
    last === undefined ? undefined : last.from + INFO_MS,
    hint === null ? undefined : hint.at + HINT_MS,
  ].filter((time): time is number => time !== undefined && time > now);
  return times.length === 0 ? null : Math.min(...times);
}
