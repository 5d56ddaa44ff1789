import * as z from 'zod';
import { withDeletion } from '../make-session.ts';
import { checkModel } from '../model-policy.ts';
import type { final } from '../specs/turns.ts';
import { implement } from '../verb.ts';
import { describeMessage, messageSchema } from './message-report.ts';
import { proveTurn } from './prove.ts';

const schema = z.object({ host: z.string(), sessionID: z.string(), assistantMessage: messageSchema });

/** `ocr final`: the last turn of a session, which is deleted however this ends. */
export const finalVerb = implement<typeof final, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, text, on, agent, model, timeout, quietFor }) {
    checkModel(desk.config, model);
    const ref = await desk.ref(session, on);
    const prompt = { text, system: null, noReply: false, agent, model };
    const { message } = await withDeletion(desk, ref, () => proveTurn(desk, ref, prompt, { timeout, quiet: quietFor }));
    return { host: ref.alias, sessionID: ref.id, assistantMessage: describeMessage(message) };
  },
  text: ({ assistantMessage }) => `${assistantMessage.text}\n`,
});
