import type { Session } from '../domain/session.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import { messageOf } from '../lib/errors.ts';
import { deleteSession } from '../operations/delete/delete-session.ts';
import { SessionMaker } from '../operations/sessions/create-session.ts';
import type { Desk } from './desk.ts';
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
  try {
    const wanted = { directory: folder, title, agent, model, prompt, allowAll: yolo };
    return { alias, session: await maker.make(wanted, desk.signal) };
  } catch (error) {
    if (maker.left !== null) await removeQuietly(desk, { alias, id: maker.left.id });
    throw error;
  }
}

/** Deletes a session for good, also after the user gave up. Tells the user if it is left. */
export async function removeQuietly(desk: Desk, ref: SessionRef): Promise<void> {
  const context = await desk.context();
  const signal = AbortSignal.timeout(CLEANUP_TIMEOUT_MS);
  try {
    await deleteSession(context, ref, { export: false, batch: `verb ${ref.id}` }, signal);
  } catch (error) {
    desk.warn(`${ref.id} on ${ref.alias} could not be deleted, and is left there: ${messageOf(error)}`);
  }
}
