import type { Session } from '../../domain/session.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

/** Who answers in a session. `null`: not known, so that the server takes its default. */
export interface Voice {
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
}

/** Messages in which the last prompt is looked for. */
const LAST_MESSAGES = 100;

/**
 * The agent and the model that a session goes on with, as its server says now: of a prompt without them the server takes its default agent, which may
 * be allowed more than the session's own. `isNew`: nothing was said there yet. Rejects with a ServerError, and with an Error when the session is gone.
 */
export async function voiceOf(
  client: ServerClient,
  session: Session,
  signal: AbortSignal,
): Promise<Voice & { readonly isNew: boolean }> {
  const { id, directory } = session;
  const now = await client.session(id, directory, signal);
  if (now === null) throw new Error('it is gone already');
  const { agent, model } = now;
  if (agent !== null && model !== null) return { agent, model, isNew: false };
  // Older versions only note them with each prompt.
  const messages = await client.messages(id, directory, LAST_MESSAGES, signal);
  const prompt = messages.findLast(({ role }) => role === 'user');
  return {
    agent: agent ?? prompt?.agent ?? null,
    model: model ?? prompt?.model ?? null,
    isNew: messages.length === 0,
  };
}

/** Who answers, such as `agent plan, model stub/echo`. */
export function voiceText({ agent, model }: Voice): string {
  return `agent ${agent ?? 'not known yet'}, model ${model ?? 'not known yet'}`;
}
