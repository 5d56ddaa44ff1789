import * as z from 'zod';
import { setArchived } from '../../operations/sessions/archive-session.ts';
import { fork as forkSession } from '../../operations/sessions/fork-session.ts';
import { setTitle } from '../../operations/sessions/rename-session.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import type { archive, fork, rename } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const renamedSchema = z.object({ host: z.string(), sessionID: z.string(), title: z.string() });

/** `ocr rename`: changes the title, and reads it again. */
export const renameVerb = implement<typeof rename, z.output<typeof renamedSchema>>({
  output: renamedSchema,
  version: 1,
  async run(desk, { session, title, on }) {
    const target = await desk.session(session, on);
    const ref = { alias: target.entry.host.alias, id: target.session.id };
    const context = await desk.context();
    await setTitle(context, ref, title, desk.signal);
    const client = await context.clientFor(ref, 'read', desk.signal);
    const now = await client.session(ref.id, target.session.directory, desk.signal);
    if (now?.title !== title) throw new VerbError(EXIT.failed, `${ref.id} is still called "${now?.title ?? ''}"`);
    return { host: ref.alias, sessionID: ref.id, title };
  },
  text: ({ sessionID, title }) => `${sessionID} is now called ${title}\n`,
});

const archivedSchema = z.object({
  host: z.string(),
  sessionID: z.string(),
  archived: z.boolean(),
  /** False if it was in that state already. */
  changed: z.boolean(),
});

/** `ocr archive`: archives a session, or takes it out of the archive. */
export const archiveVerb = implement<typeof archive, z.output<typeof archivedSchema>>({
  output: archivedSchema,
  version: 1,
  async run(desk, { session, on, undo }) {
    const ref = await desk.ref(session, on);
    const input = { archived: !undo, batch: `verb ${desk.clock()}` };
    const { kind } = await setArchived(await desk.context(), ref, input, desk.signal);
    return { host: ref.alias, sessionID: ref.id, archived: !undo, changed: kind === 'done' };
  },
  text: ({ sessionID, archived, changed }) =>
    `${sessionID} is ${changed ? '' : 'already '}${archived ? 'archived' : 'out of the archive'}\n`,
});

const forkedSchema = z.object({
  host: z.string(),
  /** The new session. */
  id: z.string(),
  title: z.string(),
  directory: z.string(),
  forkedFrom: z.string(),
});

/** `ocr fork`: copies a session so far into a new one. */
export const forkVerb = implement<typeof fork, z.output<typeof forkedSchema>>({
  output: forkedSchema,
  version: 1,
  async run(desk, { session, on }) {
    const ref = await desk.ref(session, on);
    const { id, title, directory } = await forkSession(await desk.context(), ref, desk.signal);
    return { host: ref.alias, id, title, directory, forkedFrom: ref.id };
  },
  text: ({ id }) => `${id}\n`,
});
