/** A message to the user. */
export interface Message {
  readonly kind: 'info' | 'error';
  readonly text: string;
  /** Further lines for the error dialog. */
  readonly lines: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  /** When its toast starts: each toast stays for a while before the next one. */
  readonly from: number;
}

/** The reason why a key did nothing. Shown at once, and not kept. */
export interface KeyHint {
  readonly kind: 'hint';
  readonly text: string;
  readonly at: number;
}

export type Toast = Pick<Message, 'kind' | 'text'> | Pick<KeyHint, 'kind' | 'text'>;

/** Messages kept in the log. */
const MAX_MESSAGES = 500;
/** Minimum time of any toast, and the time of one that is not a failure. */
const MIN_TOAST_MS = 1500;
const INFO_TOAST_MS = 5000;
const HINT_TOAST_MS = 4000;
/** Milliseconds that a message may wait for its toast; of a burst, the last ones are shown. */
const MAX_WAIT_MS = 6000;

/** Returns the messages with one more. */
export function withMessage(messages: readonly Message[], message: Omit<Message, 'from'>): readonly Message[] {
  const before = messages.at(-1)?.from ?? Number.NEGATIVE_INFINITY;
  const turn = Math.max(message.at, before + MIN_TOAST_MS);
  const from = Math.min(turn, Math.max(message.at + MAX_WAIT_MS, before));
  return [...messages.slice(1 - MAX_MESSAGES), { ...message, from }];
}

export interface Told {
  readonly messages: readonly Message[];
  readonly hint: KeyHint | null;
  /** Failures up to this time (epoch milliseconds) were seen. */
  readonly failuresSeen: number;
}

/** Returns the toast at a time, and the number of other unseen failures. */
export function toldAt({ messages, hint, failuresSeen }: Told, now: number): { toast: Toast | null; failures: number } {
  const unseen = messages.filter(({ kind, at }) => kind === 'error' && at > failuresSeen);
  const last = messages.findLast(({ from }) => from <= now);
  const isHinted = hint !== null && now - hint.at < HINT_TOAST_MS && hint.at >= (last?.from ?? 0);
  if (isHinted) return { toast: hint, failures: unseen.length };
  const isFresh = last !== undefined && last.kind === 'info' && now - last.from < INFO_TOAST_MS;
  if (isFresh) return { toast: last, failures: unseen.filter(({ from }) => from <= now).length };
  // A failure stays until seen, and returns after the toasts that came later.
  const failure = unseen.findLast(({ from }) => from <= now) ?? null;
  return { toast: failure, failures: failure === null ? 0 : unseen.length - 1 };
}

/** True if there is an unseen failure. */
export function hasFailures({ messages, failuresSeen }: Told): boolean {
  return messages.some(({ kind, at }) => kind === 'error' && at > failuresSeen);
}

/** Returns when the toast next changes by itself, epoch milliseconds; `null` if it does not. */
export function nextTold({ messages, hint }: Told, now: number): number | null {
  const last = messages.findLast(({ from }) => from <= now);
  const times = [
    messages.find(({ from }) => from > now)?.from,
    last === undefined ? undefined : last.from + INFO_TOAST_MS,
    hint === null ? undefined : hint.at + HINT_TOAST_MS,
  ].filter((time): time is number => time !== undefined && time > now);
  return times.length === 0 ? null : Math.min(...times);
}
