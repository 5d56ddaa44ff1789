import * as z from 'zod';
import { describeRequest } from '../../domain/user-request.ts';
import { idleAnswer } from '../../operations/turns/idle-answer.ts';
import type { wait } from '../specs/turns.ts';
import { implement } from '../verb.ts';
import { describeMessage, isoTime, messageSchema } from './message-report.ts';
import { failureOfAnswer, tellProgress } from './prove.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  /** `ended`: the session is idle. `asks`: it waits for you. */
  outcome: z.enum(['ended', 'asks']),
  /** The last message of the assistant; `null` if the last prompt has none. Never made up. */
  assistantMessage: messageSchema.nullable(),
  /** The request that it waits for. */
  request: z.object({ id: z.string(), kind: z.enum(['permission', 'question']), asks: z.string() }).nullable(),
  /** For how long nothing had changed; 0 if it was idle already. */
  stableForSeconds: z.number(),
  /** ISO 8601 of the host's clock; `null` for a session without messages. */
  updatedAt: z.string().nullable(),
});

/** `ocr wait`: waits until a session is idle, or asks something. Changes nothing. */
export const waitVerb = implement<typeof wait, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on, throughRequests, timeout, quietFor }) {
    const seat = await desk.seat(session, on, 'read');
    const ref = { alias: seat.alias, id: seat.session.id };
    const wanted = { timeout, quiet: quietFor, untilAsked: !throughRequests, tell: tellProgress(desk, seat) };
    const { answer, last, stableFor, updated } = await idleAnswer(await desk.context(), seat, wanted, desk.signal);
    const facts = {
      ...{ host: ref.alias, sessionID: ref.id },
      assistantMessage: last === null ? null : describeMessage(last),
      stableForSeconds: Math.round(stableFor) / 1000,
      updatedAt: updated === null ? null : isoTime(updated),
    };
    if (answer.kind === 'asks') {
      const { id, kind } = answer.request;
      return { ...facts, outcome: 'asks', request: { id, kind, asks: describeRequest(answer.request) } };
    }
    if (answer.kind === 'answered' || answer.kind === 'idle') {
      if (last === null) desk.warn(`${ref.id} is idle, and its last prompt has no answer`);
      return { ...facts, outcome: 'ended', request: null };
    }
    throw failureOfAnswer(answer, ref, null, { timeout });
  },
  text({ outcome, assistantMessage, request }) {
    if (outcome === 'asks') return `asks: ${request?.asks} (${request?.id})\n`;
    return assistantMessage === null ? '' : `${assistantMessage.text}\n`;
  },
});
