import * as z from 'zod';
import { recordPrompt } from '../../operations/turns/record-prompt.ts';
import { withHint } from '../exit-status.ts';
import { discard, makeSession } from '../make-session.ts';
import type { beginSession } from '../specs/turns.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  directory: z.string(),
  /** Always `null`: a server of 1.18 has no workspaces of its own. Kept for programs written for the original. */
  workspaceID: z.string().nullable(),
  /** The user message, as it is recorded. */
  messageID: z.string(),
});

/** `ocr begin-session`: a new session that holds its first prompt, or none. */
export const beginSessionVerb = implement<typeof beginSession, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, input) {
    const { text, agent, model } = input;
    const seat = await makeSession(desk, input);
    try {
      const prompt = { text, system: null, noReply: false, agent, model };
      const message = await recordPrompt(await desk.context(), seat, prompt, desk.signal);
      desk.signal.throwIfAborted();
      const { id, directory } = seat.session;
      return { host: seat.alias, sessionID: id, directory, workspaceID: null, messageID: message.id };
    } catch (error) {
      throw withHint(error, desk.signal, await discard(seat));
    }
  },
  text: ({ sessionID }) => `${sessionID}\n`,
});
