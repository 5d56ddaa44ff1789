import * as z from 'zod';
import { recordPrompt } from '../../operations/turns/record-prompt.ts';
import { checkModel } from '../model-policy.ts';
import type { prompt } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  /** The user message, as it is recorded. */
  messageID: z.string(),
});

/** `ocr prompt`: sends a prompt and makes sure that the session holds it. */
export const promptVerb = implement<typeof prompt, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, text, on, model, agent }) {
    checkModel(desk.config, model);
    const seat = await desk.seat(session, on, 'write');
    const input = { text, system: null, noReply: false, agent, model };
    const message = await recordPrompt(await desk.context(), seat, input, desk.signal);
    return { host: seat.alias, sessionID: seat.session.id, messageID: message.id };
  },
  text: ({ messageID }) => `${messageID}\n`,
});
