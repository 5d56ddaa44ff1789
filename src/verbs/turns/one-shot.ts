import * as z from 'zod';
import { makeSession, withDeletion } from '../make-session.ts';
import type { oneShot } from '../specs/turns.ts';
import { implement } from '../verb.ts';
import { describeMessage, messageSchema } from './message-report.ts';
import { proveTurn } from './prove.ts';

const schema = z.object({
  host: z.string(),
  /** The session that was deleted again. */
  sessionID: z.string(),
  directory: z.string(),
  assistantMessage: messageSchema,
});

/** `ocr one-shot`: one turn in a session of its own, which is deleted however this ends. */
export const oneShotVerb = implement<typeof oneShot, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, input) {
    const { text, agent, model, timeout, quietFor } = input;
    const seat = await makeSession(desk, { ...input, title: null });
    const prompt = { text, system: null, noReply: false, agent, model };
    const patience = { timeout, quiet: quietFor, isKept: false };
    const { message } = await withDeletion(desk, seat, () => proveTurn(desk, seat, prompt, patience));
    const { id, directory } = seat.session;
    return { host: seat.alias, sessionID: id, directory, assistantMessage: describeMessage(message) };
  },
  text: ({ assistantMessage }) => `${assistantMessage.text}\n`,
});
