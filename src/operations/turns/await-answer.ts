import type { UserRequest } from '../../domain/user-request.ts';
import { onAbort, sleep } from '../../lib/abort.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import { ServerError } from '../../opencode/server/server-error.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { OperationContext } from '../context.ts';
import { failureText, isHostFailure } from '../failure.ts';
import { judgeTurn, type TurnReading, type TurnVerdict } from './judge-turn.ts';
import { RequestFinder } from './request-finder.ts';
import type { SessionSeat } from './session-seat.ts';
import { takeSeat } from './take-seat.ts';

export type Answer =
  | TurnVerdict
  /** The session was deleted. */
  | { readonly kind: 'gone' }
  /** It waits for the user. */
  | { readonly kind: 'asks'; readonly request: UserRequest }
  /** `asks` is the request that it waits for; `unreachable` says why its server does not answer. */
  | { readonly kind: 'timeout'; readonly asks: UserRequest | null; readonly unreachable: string | null };

export interface Awaited {
  readonly answer: Answer;
  /** Milliseconds for which the session had not changed. */
  readonly stableFor: number;
}

export interface AwaitInput {
  /** The user message whose answer is awaited. */
  readonly prompt: Pick<TurnMessage, 'id' | 'created'>;
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that an answer without a reported end must be unchanged. */
  readonly quiet: number;
  /** True to return when the session asks something, instead of waiting for the reply. */
  readonly untilAsked: boolean;
  /** Called when the state changes, such as `works` or `asks: bash: rm x`. */
  tell(state: string): void;
}

/** Milliseconds after which an idle session counts as silent: the first use of a directory may start its plugins. */
export const SILENCE_MS = 12_000;
const MAX_MESSAGES = 100;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1500;
const POLL_GROWTH = 1.25;

/**
 * Waits for the answer to a recorded prompt. Polls the session's server, and looks for it again when it restarts. Rejects when the signal aborts, and as a
 * client does for what no retry mends.
 */
export async function awaitAnswer(
  context: OperationContext,
  { session, alias, client: first }: SessionSeat,
  input: AwaitInput,
  signal: AbortSignal,
): Promise<Awaited> {
  const { prompt, quiet } = input;
  const deadline = performance.now() + input.timeout;
  const requests = new RequestFinder(session);
  let client: ServerClient | null = first;
  let unreachable: string | null = null;
  let asks: UserRequest | null = null;
  let seen = '';
  let since = performance.now();
  let pause = FIRST_POLL_MS;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.ceil(input.timeout)))]);
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      client ??= (await takeSeat(context, { alias, id: session.id }, 'read', inTime)).client;
      const [messages, live] = await Promise.all([
        client.turnMessages(session, MAX_MESSAGES, inTime),
        client.read([session.directory], inTime),
      ]);
      unreachable = null;
      const status = live.statuses.get(session.id);
      asks = await requests.find(client, live.requests, inTime);
      const now = JSON.stringify([
        messages.map(({ id, completed, text }) => [id, completed, text.length]),
        status,
        asks?.id,
      ]);
      if (now !== seen) [seen, since, pause] = [now, performance.now(), FIRST_POLL_MS];
      const reading: TurnReading = { messages, status, stableFor: performance.now() - since };
      const isWhole = messages.length < MAX_MESSAGES;
      const verdict = judgeTurn(reading, prompt, { quiet, silence: SILENCE_MS, isWhole });
      const { stableFor } = reading;
      if (verdict !== null && asks === null) return { answer: verdict, stableFor };
      if (asks !== null && input.untilAsked) return { answer: { kind: 'asks', request: asks }, stableFor };
      input.tell(asks === null ? 'works' : 'asks');
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServerError && error.kind === 'not-found') return { answer: { kind: 'gone' }, stableFor: 0 };
      // Given up for want of time, not of an answer.
      if (inTime.aborted) break;
      if (!isHostFailure(error)) throw error;
      unreachable = failureText(error);
      client = null;
      input.tell('unreachable');
      await Promise.race([context.refreshHost(alias), aborted(inTime)]);
    }
    await sleep(Math.min(pause, Math.max(0, deadline - performance.now())), signal);
    pause = Math.min(pause * POLL_GROWTH, SLOWEST_POLL_MS);
  }
  signal.throwIfAborted();
  return { answer: { kind: 'timeout', asks, unreachable }, stableFor: performance.now() - since };
}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => onAbort(signal, () => resolve()));
}
