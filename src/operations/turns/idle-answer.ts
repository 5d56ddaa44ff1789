import { isAtWork } from '../../domain/live.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { OperationContext } from '../context.ts';
import { hostNow } from '../target.ts';
import { type Answer, type AwaitInput, awaitAnswer, SILENCE_MS } from './await-answer.ts';
import { RequestFinder } from './request-finder.ts';
import type { SessionSeat } from './session-seat.ts';
import { takeSeat } from './take-seat.ts';

export interface IdleAnswer {
  /** `idle`: the session was idle already. */
  readonly answer: Answer | { readonly kind: 'idle' };
  /** The last assistant message after the last prompt; `null` if there is none. */
  readonly last: TurnMessage | null;
  /** Milliseconds for which it was watched unchanged; 0 if it was idle already. */
  readonly stableFor: number;
  /** When its last message was created or completed: epoch milliseconds of the host's clock; `null` without messages. */
  readonly updated: number | null;
}

const MAX_MESSAGES = 100;

/** Waits until a session is idle, or asks something; at once if it is. Changes nothing. Rejects as `awaitAnswer` does. */
export async function idleAnswer(
  context: OperationContext,
  seat: SessionSeat,
  input: Omit<AwaitInput, 'prompt'>,
  signal: AbortSignal,
): Promise<IdleAnswer> {
  const { session, alias, client } = seat;
  const read = () => client.turnMessages(session, MAX_MESSAGES, signal);
  const [messages, live] = await Promise.all([read(), client.read([session.directory], signal)]);
  const asks = await new RequestFinder(session).find(client, live.requests, signal);
  const prompt = messages.findLast(({ role }) => role === 'user');
  const isWorking = isAtWork(live.statuses.get(session.id));
  if (prompt === undefined || (!isWorking && asks === null && !mayGoOn(context, alias, messages))) {
    const last = lastAnswer(messages);
    // The same result as for one who has waited for that turn.
    const failed = last?.error != null ? ({ kind: 'failed', reason: last.error } as const) : null;
    return { answer: failed ?? { kind: 'idle' }, last, stableFor: 0, updated: updatedAt(messages) };
  }
  const { answer, stableFor } = await awaitAnswer(context, seat, { ...input, prompt }, signal);
  const now = await takeSeat(context, { alias, id: session.id }, 'read', signal)
    .then((fresh) => fresh.client.turnMessages(session, MAX_MESSAGES, signal))
    .catch(() => messages);
  // A prompt that was queued without a turn.
  const isQueued = answer.kind === 'silent';
  return { answer: isQueued ? { kind: 'idle' } : answer, last: lastAnswer(now), stableFor, updated: updatedAt(now) };
}

/** True if the last message is an answer without an end, or a prompt so young that its turn may only be beginning. */
function mayGoOn(context: OperationContext, alias: string, messages: readonly TurnMessage[]): boolean {
  const last = messages.at(-1);
  if (last === undefined) return false;
  if (last.role === 'assistant') return last.completed === null && last.error === null;
  const entry = context.fleet.getState().entries.get(alias);
  const now = entry === undefined ? context.clock() : hostNow(context, entry);
  return last.text !== '' && Math.abs(now - last.created) < SILENCE_MS;
}

function lastAnswer(messages: readonly TurnMessage[]): TurnMessage | null {
  const prompt = messages.findLastIndex(({ role, text }) => role === 'user' && text !== '');
  return messages.slice(prompt + 1).findLast(({ role }) => role === 'assistant') ?? null;
}

function updatedAt(messages: readonly TurnMessage[]): number | null {
  if (messages.length === 0) return null;
  return messages.reduce((latest, { created, completed }) => Math.max(latest, created, completed ?? 0), 0);
}
