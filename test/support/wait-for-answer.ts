import type { SessionRef } from '../../src/domain/session-ref.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { findSession } from '../../src/operations/target.ts';
import { type Answer, awaitAnswer } from '../../src/operations/turns/await-answer.ts';
import { recordPrompt } from '../../src/operations/turns/record-prompt.ts';

/** Prompts a session; the returned function waits until it has answered, or asks something. */
export async function promptSession(
  context: OperationContext,
  ref: SessionRef,
  text: string,
  signal: AbortSignal,
): Promise<() => Promise<Answer>> {
  const input = { text, system: null, noReply: false, agent: null, model: null };
  const { message } = await recordPrompt(context, ref, input, signal);
  return async () => {
    const { session } = await findSession(context, ref);
    const wanted = { session, alias: ref.alias, promptId: message.id, timeout: 60_000, quiet: 1500, untilAsked: true };
    return await awaitAnswer(context, { ...wanted, tell: () => {} }, signal);
  };
}
