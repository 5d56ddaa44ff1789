import type { Session } from '../../domain/session.ts';
import { sleep } from '../../lib/abort.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { refuseUnknown } from '../sessions/refuse-unknown.ts';
import { knownSession, markSeen } from '../target.ts';
import type { SessionSeat } from './session-seat.ts';
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

/** The server accepted a prompt, but the message does not stand in the session. */
export class PromptNotRecorded extends ExpectedError {
  override readonly name = 'PromptNotRecorded';
}

/** Messages searched for the session's agent and its queued system prompts. */
const MAX_MESSAGES = 100;
/** As in the original `ocm`. */
const RECORD_TIMEOUT_MS = 10_000;
/** A plugin may change the text of a prompt: after that time, the only new message is taken for it. */
const CHANGED_AFTER_MS = 2000;
const POLL_INTERVAL_MS = 150;
/** Milliseconds that the server may take to accept a prompt: it may have to read a project in first. */
const SEND_TIMEOUT_MS = 60_000;

/**
 * Sends a prompt and makes sure that the session holds it. Continues with the agent and model of the last prompt, and carries the system prompts that were
 * queued since the last answer. Once it is sent, the signal does not stop it: the caller is told what is recorded. Rejects with a PromptNotRecorded, a
 * UserError for an unknown agent or model, or as a client does.
 */
export function recordPrompt(
  context: OperationContext,
  { alias, session, client }: SessionSeat,
  input: PromptInput,
  signal: AbortSignal,
): Promise<TurnMessage> {
  return logged(context, alias, `prompt ${session.id}`, async () => {
    const { id, directory } = session;
    await refuseUnknown(client, { directory, agent: input.agent, model: input.model }, signal);
    const before = await client.turnMessages(session, MAX_MESSAGES, signal);
    // A session without a prompt continues with what it was created for.
    const own = lastVoice(before) ?? session;
    const system = input.noReply ? input.system : joinSystem(queuedSystem(before), input.system);
    const [agent, model] = [input.agent ?? own.agent, input.model ?? own.model];
    signal.throwIfAborted();
    const sending = AbortSignal.timeout(SEND_TIMEOUT_MS);
    await client.prompt({ id, directory, text: input.text, agent, model, system, noReply: input.noReply }, sending);
    const target = knownSession(context, { alias, id });
    if (target !== null) markSeen(context, target);
    const known = new Set(before.map((message) => message.id));
    return await awaitMessage(client, session, { text: input.text.trim(), system, known });
  });
}

/** Joins system prompts by a blank line; `null` if there are none. */
function joinSystem(queued: readonly string[], added: string | null): string | null {
  const all = added === null ? queued : [...queued, added];
  return all.length === 0 ? null : all.join('\n\n');
}

interface Sent {
  readonly text: string;
  readonly system: string | null;
  /** Ids of the messages before it. */
  readonly known: ReadonlySet<string>;
}

/** Polls until the sent message stands in the session. Rejects with a PromptNotRecorded, or as a client does. */
async function awaitMessage(
  client: Pick<ServerClient, 'turnMessages'>,
  session: Session,
  { text, system, known }: Sent,
): Promise<TurnMessage> {
  const from = performance.now();
  const signal = AbortSignal.timeout(2 * RECORD_TIMEOUT_MS);
  for (;;) {
    const messages = await client.turnMessages(session, MAX_MESSAGES, signal);
    const fresh = messages.filter(({ role, id }) => role === 'user' && !known.has(id));
    const found = fresh.find((message) => message.text.trim() === text && (message.system ?? null) === system);
    if (found !== undefined) return found;
    const [only, ...others] = fresh;
    const waited = performance.now() - from;
    if (only !== undefined && others.length === 0 && waited > CHANGED_AFTER_MS) return only;
    if (waited > RECORD_TIMEOUT_MS) {
      const seconds = RECORD_TIMEOUT_MS / 1000;
      throw new PromptNotRecorded(
        `the server accepted the prompt, but ${session.id} does not hold it after ${seconds} s`,
      );
    }
    await sleep(POLL_INTERVAL_MS, signal);
  }
}
