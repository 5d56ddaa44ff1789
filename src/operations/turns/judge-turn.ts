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
  | { readonly kind: 'silent' };

export interface Patience {
  /** Milliseconds that an answer without a reported end must be unchanged. */
  readonly quiet: number;
  /** Milliseconds after which an idle session counts as silent or interrupted. */
  readonly silence: number;
}

/**
 * Judges whether the turn after a user message has ended; `null` while it may go on. Only an assistant message after that message counts: one that answers
 * it, or, once the session is idle, one that answers a later message, since opencode answers prompts that arrive together at once.
 */
export function judgeTurn(
  { messages, status, stableFor }: TurnReading,
  promptId: string,
  { quiet, silence }: Patience,
): TurnVerdict | null {
  const at = messages.findIndex(({ id }) => id === promptId);
  const after = messages.slice(at + 1).filter(({ role }) => role === 'assistant');
  const own = after.filter(({ parentId }) => parentId === promptId);
  if (isEnded(own.at(-1), stableFor, quiet)) return verdictOf(own);
  if (isAtWork(status)) return null;
  if (isEnded(after.at(-1), stableFor, quiet)) return verdictOf(after);
  if (stableFor < silence) return null;
  return { kind: after.length === 0 ? 'silent' : 'interrupted' };
}

/** True if the model has stopped for good. A message that calls tools is followed by another. */
function isEnded(message: TurnMessage | undefined, stableFor: number, quiet: number): boolean {
  if (message === undefined) return false;
  if (message.error !== null) return true;
  if (message.completed === null || message.finish === 'tool-calls') return false;
  return message.finish !== null || stableFor >= quiet;
}

function verdictOf(answers: readonly TurnMessage[]): TurnVerdict {
  const error = answers.at(-1)?.error ?? null;
  if (error !== null) return { kind: 'failed', reason: error };
  const message = answers.findLast(({ text }) => text.trim() !== '');
  return message === undefined ? { kind: 'empty' } : { kind: 'answered', message };
}
