import type { SessionRef } from '../../src/domain/session-ref.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { type Answer, awaitAnswer } from '../../src/operations/turns/await-answer.ts';
import { recordPrompt } from '../../src/operations/turns/record-prompt.ts';
import { takeSeat } from '../../src/operations/turns/take-seat.ts';

/** Prompts a session; the returned function waits until it has answered, or asks something. */
export async function promptSession(
  context: OperationContext,
  ref: SessionRef,
  text: string,
  signal: AbortSignal,
): Promise<() => Promise<Answer>> {
  const seat = await takeSeat(context, ref, 'write', signal);
  const input = { text, system: null, noReply: false, agent: null, model: null };
  const prompt = await recordPrompt(context, seat, input, signal);
  return async () => {
    const wanted = { prompt, timeout: 60_000, quiet: 1500, untilAsked: true, tell: () => {} };
    return (await awaitAnswer(context, seat, wanted, signal)).answer;
  };
}
