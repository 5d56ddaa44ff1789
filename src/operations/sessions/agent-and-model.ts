import type { Session } from '../../domain/session.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

/** The agent and model of a session. `null`: unknown, so that the server uses its default. */
export interface AgentAndModel {
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
}

/** Messages searched for the last prompt. */
const MAX_MESSAGES = 100;

/**
 * Asks the server for the agent and model that a session continues with. Without them, a prompt would use the server's
 * default agent, which may have more permissions than the session's own. `isNew`: it has no messages yet. Rejects with
 * a ServerError, and with an Error if the session is gone.
 */
export async function agentAndModelOf(
  client: ServerClient,
  session: Session,
  signal: AbortSignal,
): Promise<AgentAndModel & { readonly isNew: boolean }> {
  const { id, directory } = session;
  const now = await client.session(id, directory, signal);
  if (now === null) throw new Error('it is gone already');
  const { agent, model } = now;
  if (agent !== null && model !== null) return { agent, model, isNew: false };
  // Older versions only note them with each prompt.
  const messages = await client.messages(id, directory, MAX_MESSAGES, signal);
  const prompt = messages.findLast(({ role }) => role === 'user');
  return {
    agent: agent ?? prompt?.agent ?? null,
    model: model ?? prompt?.model ?? null,
    isNew: messages.length === 0,
  };
}

/** Describes them, such as `agent plan, model stub/echo`. */
export function describeAgentAndModel({ agent, model }: AgentAndModel): string {
  return `agent ${agent ?? 'not known yet'}, model ${model ?? 'not known yet'}`;
}
