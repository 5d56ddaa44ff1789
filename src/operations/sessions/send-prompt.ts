import type { SessionRef } from '../../domain/session-ref.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { findSession, markSeen } from '../target.ts';
import { agentAndModelOf } from './agent-and-model.ts';

export interface SentPrompt {
  /** True if the session's own agent is unknown, so that opencode's default one answers. */
  readonly usedDefaultAgent: boolean;
}

/** Sends a prompt to a session, to its own agent and model. Rejects as `clientFor` does. */
export function sendPrompt(
  context: OperationContext,
  ref: SessionRef,
  text: string,
  signal: AbortSignal,
): Promise<SentPrompt> {
  return logged(context, ref.alias, `prompt ${ref.id}`, async () => {
    const client = await context.clientFor(ref, 'write', signal);
    const target = await findSession(context, ref);
    const { id, directory } = target.session;
    const { agent, model, isNew } = await agentAndModelOf(client, target.session, signal);
    await client.prompt({ id, directory, text, agent, model }, signal);
    markSeen(context, target);
    return { usedDefaultAgent: agent === null && !isNew };
  });
}
