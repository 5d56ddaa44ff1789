import * as z from 'zod';
import { messageOf } from '../../lib/errors.ts';
import { deleteSession } from '../../operations/delete/delete-session.ts';
import { endTurn } from '../../operations/turns/discard-session.ts';
import { recordPrompt } from '../../operations/turns/record-prompt.ts';
import type { SessionSeat } from '../../operations/turns/session-seat.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError, withHint } from '../exit-status.ts';
import { checkModel } from '../model-policy.ts';
import type { final } from '../specs/turns.ts';
import { implement } from '../verb.ts';
import { describeMessage, messageSchema } from './message-report.ts';
import { proveRecorded } from './prove.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  assistantMessage: messageSchema,
  /** The session up to its end, for `ocr import`. */
  exportPath: z.string(),
});

/** Milliseconds for the end of a turn, the export and the deletion, also after the user gave up. */
const CLEANUP_TIMEOUT_MS = 60_000;

/** `ocr final`: the last turn of a session, which is exported and deleted however the turn ends. A prompt that is not recorded deletes nothing. */
export const finalVerb = implement<typeof final, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, text, on, agent, model, timeout, quietFor }) {
    checkModel(desk.config, model);
    const seat = await desk.seat(session, on, 'write');
    const prompt = { text, system: null, noReply: false, agent, model };
    const sent = await recordPrompt(await desk.context(), seat, prompt, desk.signal);
    try {
      const message = await proveRecorded(desk, seat, sent, { timeout, quiet: quietFor });
      const exportPath = await remove(desk, seat);
      desk.warn(`exported to ${exportPath}`);
      return { host: seat.alias, sessionID: seat.session.id, assistantMessage: describeMessage(message), exportPath };
    } catch (error) {
      throw withHint(error, desk.signal, await fateOf(desk, seat));
    }
  },
  text: ({ assistantMessage }) => `${assistantMessage.text}\n`,
});

/** Exports and deletes a session. Returns the export's path. */
async function remove(desk: Desk, seat: SessionSeat): Promise<string> {
  const { alias, session } = seat;
  const signal = AbortSignal.timeout(CLEANUP_TIMEOUT_MS);
  await endTurn(seat, signal);
  const input = { export: true, batch: `verb ${session.id}` };
  const { exportPath } = await deleteSession(await desk.context(), { alias, id: session.id }, input, signal);
  if (exportPath === null) throw new VerbError(EXIT.failed, `${session.id} was deleted without an export`);
  return exportPath;
}

/** Deletes the session after a failed turn, and says what has become of it. */
async function fateOf(desk: Desk, seat: SessionSeat): Promise<string> {
  try {
    return `The session was deleted, and exported to ${await remove(desk, seat)}.`;
  } catch (error) {
    return `The session ${seat.session.id} is left on ${seat.alias}: ${messageOf(error)}`;
  }
}
