import { isAtWork, type LiveStatus } from '../../domain/live.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';

/** A session at one moment, read from its server. */
export interface TurnReading {
  /** Newest messages, oldest first. */
  readonly messages: readonly TurnMessage[];
  /** `undefined` for a session that the server does not work on. */
  readonly status: LiveStatus | undefined;
  /** Milliseconds for which nothing of this has changed. */
  readonly stableFor: number;
}

export type TurnVerdict =
  | { readonly kind: 'answered'; readonly message: TurnMessage }
  /** The turn ended without any text. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The turn stands unfinished, and no server works on it. */
  | { readonly kind: 'interrupted' }
  /** No answer began. */
  | { readonly kind: 'silent' }
  /** The prompt does not stand in the session any more. */
  | { readonly kind: 'withdrawn' };

export interface Patience {
  /** Milliseconds that an answer without a reported end must be unchanged. */
  readonly quiet: number;
  /** Milliseconds after which an idle session counts as silent or interrupted. */
  readonly silence: number;
  /** True if the messages are all that the session has since the prompt. */
  readonly isWhole: boolean;
}

/**
 * Judges whether the turn after a user message has ended; `null` while it may go on. Only an assistant message after that message counts: one that answers
 * it, or, once the session is idle, one that answers a later message, since opencode answers prompts that arrive together at once.
 */
export function judgeTurn(
  { messages, status, stableFor }: TurnReading,
  prompt: Pick<TurnMessage, 'id' | 'created'>,
  { quiet, silence, isWhole }: Patience,
): TurnVerdict | null {
  if (isWhole && !messages.some(({ id }) => id === prompt.id)) return { kind: 'withdrawn' };
  const after = messages.filter(({ role, created }) => role === 'assistant' && created >= prompt.created);
  const own = after.filter(({ parentId }) => parentId === prompt.id);
  if (hasStopped(own.at(-1))) return verdictOf(own);
  if (isAtWork(status)) return null;
  const last = after.at(-1);
  if (hasStopped(last)) return verdictOf(after);
  const mayHaveStopped = last !== undefined && last.completed !== null && last.finish !== 'tool-calls';
  if (mayHaveStopped && stableFor >= quiet) return verdictOf(after);
  if (stableFor < silence) return null;
  return { kind: after.length === 0 ? 'silent' : 'interrupted' };
}

/** Reasons to stop after which opencode goes on (1.18.33: also after any call of a tool). */
const GOES_ON = new Set<string | null>(['tool-calls', 'unknown', null]);

/** True if the model has stopped for good. */
function hasStopped(message: TurnMessage | undefined): boolean {
  if (message === undefined) return false;
  if (message.error !== null) return true;
  return message.completed !== null && !GOES_ON.has(message.finish) && !message.hasTools;
}

function verdictOf(answers: readonly TurnMessage[]): TurnVerdict {
  const error = answers.at(-1)?.error ?? null;
  if (error !== null) return { kind: 'failed', reason: error };
  const message = answers.findLast(({ text }) => text.trim() !== '');
  return message === undefined ? { kind: 'empty' } : { kind: 'answered', message };
}
