import * as z from 'zod';
import { recordPrompt } from '../../operations/turns/record-prompt.ts';
import { checkModel } from '../model-policy.ts';
import type { chat } from '../specs/turns.ts';
import { implement } from '../verb.ts';
import { describeMessage, messageSchema } from './message-report.ts';
import { proveTurn } from './prove.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  /** The user message, as it is recorded. */
  messageID: z.string(),
  mode: z.enum(['continued', 'queued']),
  visibility: z.enum(['chat', 'system']),
  /** `null` for a queued text. */
  assistantMessage: messageSchema.nullable(),
});

/** `ocr chat`: continues a session, and proves it by the new answer. */
export const chatVerb = implement<typeof chat, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, text, on, agent, model, noReply, system, timeout, quietFor }) {
    checkModel(desk.config, model);
    const seat = await desk.seat(session, on, 'write');
    const prompt = { text: system ? '' : text, system: system ? text : null, noReply, agent, model };
    const facts = {
      host: seat.alias,
      sessionID: seat.session.id,
      visibility: system ? ('system' as const) : ('chat' as const),
    };
    if (noReply) {
      const message = await recordPrompt(await desk.context(), seat, prompt, desk.signal);
      return { ...facts, messageID: message.id, mode: 'queued', assistantMessage: null };
    }
    const { promptId, message } = await proveTurn(desk, seat, prompt, { timeout, quiet: quietFor });
    return { ...facts, messageID: promptId, mode: 'continued', assistantMessage: describeMessage(message) };
  },
  text: ({ assistantMessage, messageID }) => `${assistantMessage?.text ?? messageID}\n`,
});
