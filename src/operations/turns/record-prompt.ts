import type { Session } from '../../domain/session.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import { sleep } from '../../lib/abort.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { refuseUnknown } from '../sessions/refuse-unknown.ts';
import { findSession, markSeen } from '../target.ts';
import { lastVoice, queuedSystem } from './turn-history.ts';

export interface PromptInput {
  /** Empty for a system prompt alone. */
  readonly text: string;
  /** Added to the system prompts that are queued in the session; `null` for none. */
  readonly system: string | null;
  /** True to queue the message for the next turn. */
  readonly noReply: boolean;
  /** `null` continues with the session's own. */
  readonly agent: string | null;
  /** `provider/model`; `null` continues with the session's own. */
  readonly model: string | null;
}

export interface RecordedPrompt {
  readonly session: Session;
  /** The user message, as the server has it. */
  readonly message: TurnMessage;
}

/** The server accepted a prompt, but the message does not stand in the session. */
export class PromptNotRecorded extends ExpectedError {
  override readonly name = 'PromptNotRecorded';
}

/** Messages searched for the session's agent and its queued system prompts. */
const MAX_MESSAGES = 100;
/** As in the original `ocm`. */
const RECORD_TIMEOUT_MS = 10_000;
const POLL_INTERVAL_MS = 150;

/**
 * Sends a prompt and makes sure that the session holds it. Continues with the agent and model of the last prompt, and carries the system prompts that were
 * queued since the last answer. Rejects with a PromptNotRecorded, an Error for an unknown agent or model, or as `clientFor` does.
 */
export function recordPrompt(
  context: OperationContext,
  ref: SessionRef,
  input: PromptInput,
  signal: AbortSignal,
): Promise<RecordedPrompt> {
  return logged(context, ref.alias, `prompt ${ref.id}`, async () => {
    const client = await context.clientFor(ref, 'write', signal);
    const target = await findSession(context, ref);
    const { session } = target;
    await refuseUnknown(client, { directory: session.directory, agent: input.agent, model: input.model }, signal);
    const before = await client.turnMessages(session, MAX_MESSAGES, signal);
    // A session without a prompt continues with what it was created for.
    const own = lastVoice(before) ?? session;
    const system = input.noReply ? input.system : joinSystem(queuedSystem(before), input.system);
    const { id, directory } = session;
    const agent = input.agent ?? own.agent;
    const model = input.model ?? own.model;
    const prompt = { id, directory, text: input.text, agent, model, system, noReply: input.noReply };
    await client.prompt(prompt, signal);
    markSeen(context, target);
    const known = new Set(before.map((message) => message.id));
    const isOurs = (message: TurnMessage) =>
      message.role === 'user' && !known.has(message.id) && message.text.trim() === input.text.trim();
    return { session, message: await awaitMessage(client, session, isOurs, signal) };
  });
}

/** Joins system prompts by a blank line; `null` if there are none. */
function joinSystem(queued: readonly string[], added: string | null): string | null {
  const all = added === null ? queued : [...queued, added];
  return all.length === 0 ? null : all.join('\n\n');
}

/** Polls until a message stands in the session. Rejects with a PromptNotRecorded. */
async function awaitMessage(
  client: Pick<ServerClient, 'turnMessages'>,
  session: Session,
  isWanted: (message: TurnMessage) => boolean,
  signal: AbortSignal,
): Promise<TurnMessage> {
  const deadline = performance.now() + RECORD_TIMEOUT_MS;
  for (;;) {
    const found = (await client.turnMessages(session, MAX_MESSAGES, signal)).find(isWanted);
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      const seconds = RECORD_TIMEOUT_MS / 1000;
      throw new PromptNotRecorded(
        `the server accepted the prompt, but ${session.id} does not hold it after ${seconds} s`,
      );
    }
    await sleep(POLL_INTERVAL_MS, signal);
    signal.throwIfAborted();
  }
}
