import type { Session } from '../domain/session.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import { messageOf } from '../lib/errors.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { deleteSession } from '../operations/delete/delete-session.ts';
import { SessionMaker } from '../operations/sessions/create-session.ts';
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
const CLEANUP_TIMEOUT_MS = 15_000;
/** Milliseconds that a server may take to create a session: it may have to read a project in first. */
const CREATE_TIMEOUT_MS = 60_000;

/**
 * Creates a session, and sends its first prompt if it has one. Deletes the session again if the prompt is not accepted. Rejects with a VerbError, or as
 * `SessionMaker.make` does.
 */
export async function makeSession(
  desk: Desk,
  { on, directory, title, agent, model, yolo }: Wanted,
  prompt: string | null,
): Promise<{ readonly alias: string; readonly session: Session }> {
  checkModel(desk.config, model);
  const alias = desk.target(on);
  const entry = await desk.reach(alias);
  const context = await desk.context();
  const client = await context.clientFor({ alias, id: null }, 'write', desk.signal);
  const folder = await resolveFolder(desk, entry, client, directory);
  const maker = new SessionMaker(context, alias);
  const wanted = { directory: folder, title, agent, model, prompt, allowAll: yolo };
  try {
    // Not given up when the user interrupts: a request in flight would leave a session that nobody knows of.
    const session = await maker.make(wanted, AbortSignal.timeout(CREATE_TIMEOUT_MS));
    desk.signal.throwIfAborted();
    return { alias, session };
  } catch (error) {
    const { left } = maker;
    if (left === null) throw error;
    throw withHint(error, desk.signal, await removeQuietly(desk, { alias, id: left.id }));
  }
}

/**
 * Runs the only turn, or the last one, of a session, and deletes the session for good however that ends, also when the user gives up. Rejects as `run` does,
 * with what has become of the session.
 */
export async function withDeletion<Value>(desk: Desk, ref: SessionRef, run: () => Promise<Value>): Promise<Value> {
  let value: Value;
  try {
    value = await run();
  } catch (error) {
    throw withHint(error, desk.signal, await removeQuietly(desk, ref));
  }
  desk.progress(`deleting ${ref.id}`);
  const fate = await removeQuietly(desk, ref);
  if (fate !== DELETED) throw new VerbError(EXIT.failed, fate);
  return value;
}

const DELETED = 'The session was deleted.';

/** Deletes a session for good, also after the user gave up. Returns what has become of it. */
export async function removeQuietly(desk: Desk, { alias, id }: SessionRef): Promise<string> {
  const context = await desk.context();
  const signal = AbortSignal.timeout(CLEANUP_TIMEOUT_MS);
  try {
    await deleteSession(context, { alias, id }, { export: false, batch: `verb ${id}` }, signal);
    return DELETED;
  } catch (error) {
    if (error instanceof ServerError && error.kind === 'not-found') return DELETED;
    return `The session ${id} is left on ${alias}, since it could not be deleted: ${messageOf(error)}`;
  }
}
