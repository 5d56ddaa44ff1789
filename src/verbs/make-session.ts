import { messageOf } from '../lib/errors.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { isUncertain } from '../operations/failure.ts';
import { logged } from '../operations/logged.ts';
import { refuseUnknown } from '../operations/sessions/refuse-unknown.ts';
import { titleFault } from '../operations/sessions/rename-session.ts';
import { discardSession } from '../operations/turns/discard-session.ts';
import type { SessionSeat } from '../operations/turns/session-seat.ts';
import type { Desk } from './desk.ts';
import { EXIT, VerbError, withHint } from './exit-status.ts';
import { checkModel } from './model-policy.ts';
import { resolveFolder } from './place.ts';

/** A session to be made by a verb. */
export interface Wanted {
  readonly on: string | null;
  readonly directory: string | null;
  readonly title: string | null;
  readonly agent: string | null;
  readonly model: string | null;
  readonly yolo: boolean;
}

/** Milliseconds in which a session is cleaned up, also after the user gave up. */
const CLEANUP_TIMEOUT_MS = 20_000;
/** Milliseconds that a server may take to create a session: it may have to read a project in first. */
const CREATE_TIMEOUT_MS = 60_000;

/**
 * Creates a session. One that the user gives up meanwhile is deleted again. Rejects with a VerbError, or as a client does.
 */
export async function makeSession(desk: Desk, wanted: Wanted): Promise<SessionSeat> {
  const { on, directory, title, agent, model, yolo } = wanted;
  checkModel(desk.config, model);
  const fault = title === null ? null : titleFault(title);
  if (fault !== null) throw new VerbError(EXIT.usage, fault);
  const alias = desk.target(on);
  const entry = await desk.reach(alias);
  const context = await desk.context();
  const client = await context.clientFor({ alias, id: null }, 'write', desk.signal);
  const folder = await resolveFolder(desk, entry, client, directory);
  await refuseUnknown(client, { directory: folder, agent, model }, desk.signal);
  desk.signal.throwIfAborted();
  const facts = { directory: folder, title, agent, model, allowAll: yolo };
  try {
    // Not given up when the user interrupts: a request in flight would leave a session that nobody knows of.
    const make = () => client.createSession(facts, AbortSignal.timeout(CREATE_TIMEOUT_MS));
    const session = await logged(context, alias, 'create a session', make, ({ id }) => `created ${id}`);
    const seat = { alias, session, client };
    if (desk.signal.aborted) throw withHint(desk.signal.reason, desk.signal, await discard(seat));
    return seat;
  } catch (error) {
    if (!isUncertain(error)) throw error;
    throw withHint(error, desk.signal, `It may have been created: look for it in ${folder} on ${alias}.`);
  }
}

/**
 * Runs the only turn of a session, and deletes the session for good however that ends, also when the user gives up. Rejects as `run` does, with what has
 * become of the session.
 */
export async function withDeletion<Value>(desk: Desk, seat: SessionSeat, run: () => Promise<Value>): Promise<Value> {
  let value: Value;
  try {
    value = await run();
  } catch (error) {
    throw withHint(error, desk.signal, await discard(seat));
  }
  desk.progress(`deleting ${seat.session.id}`);
  const fate = await discard(seat);
  if (fate !== DELETED) throw new VerbError(EXIT.failed, fate);
  return value;
}

const DELETED = 'The session was deleted.';

/** Deletes a session for good, also after the user gave up. Returns what has become of it. */
export async function discard(seat: SessionSeat): Promise<string> {
  const { alias, session } = seat;
  try {
    await discardSession(seat, AbortSignal.timeout(CLEANUP_TIMEOUT_MS));
    return DELETED;
  } catch (error) {
    if (error instanceof ServerError && error.kind === 'not-found') return DELETED;
    return `The session ${session.id} is left on ${alias}, since it could not be deleted: ${messageOf(error)}`;
  }
}
