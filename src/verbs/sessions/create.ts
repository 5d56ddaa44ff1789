import * as z from 'zod';
import { recordPrompt } from '../../operations/turns/record-prompt.ts';
import { withHint } from '../exit-status.ts';
import { discard, makeSession } from '../make-session.ts';
import type { create } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  id: z.string(),
  title: z.string(),
  directory: z.string(),
  /** Its first prompt, as it is recorded; `null` if there was none. */
  messageID: z.string().nullable(),
});

/** `ocr create`: creates a session, with a first prompt if one is given. */
export const createVerb = implement<typeof create, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, input) {
    const seat = await makeSession(desk, input);
    const { alias, session } = seat;
    const { id, title, directory } = session;
    const created = { host: alias, id, title, directory };
    if (input.prompt === null) return { ...created, messageID: null };
    const { agent, model } = input;
    const prompt = { text: input.prompt, system: null, noReply: false, agent, model };
    try {
      const message = await recordPrompt(await desk.context(), seat, prompt, desk.signal);
      return { ...created, messageID: message.id };
    } catch (error) {
      throw withHint(error, desk.signal, await discard(seat));
    }
  },
  text: ({ id }) => `${id}\n`,
});
