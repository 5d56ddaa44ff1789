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
  /** ISO 8601 of the host's clock. */
  updatedAt: z.string(),
});

/** `ocr wait`: waits until a session is idle, or asks something. Changes nothing. */
export const waitVerb = implement<typeof wait, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on, throughRequests, timeout, quietFor }) {
    const { entry, session: found } = await desk.session(session, on);
    const ref = { alias: entry.host.alias, id: found.id };
    const wanted = { session: found, alias: ref.alias, timeout, quiet: quietFor, untilAsked: !throughRequests };
    const tell = tellProgress(desk, ref);
    const { answer, last, stableFor, updated } = await idleAnswer(
      await desk.context(),
      { ...wanted, tell },
      desk.signal,
    );
    const facts = {
      ...{ host: ref.alias, sessionID: ref.id },
      assistantMessage: last === null ? null : describeMessage(last),
      stableForSeconds: Math.round(stableFor) / 1000,
      updatedAt: isoTime(updated),
    };
    if (answer.kind === 'asks') {
      const { id, kind } = answer.request;
      return { ...facts, outcome: 'asks', request: { id, kind, asks: describeRequest(answer.request) } };
    }
    if (answer.kind === 'answered' || answer.kind === 'idle') return { ...facts, outcome: 'ended', request: null };
    throw failureOfAnswer(answer, ref, `the last prompt stands in ${ref.id}`, { timeout });
  },
  text: ({ outcome, assistantMessage, request }) =>
    outcome === 'asks'
      ? `asks: ${request?.asks} (${request?.id})\n`
      : `${assistantMessage?.text ?? 'idle, without an answer'}\n`,
});
