import * as z from 'zod';
import { makeSession } from '../make-session.ts';
import type { create } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  id: z.string(),
  title: z.string(),
  directory: z.string(),
  /** True if its first prompt was accepted; `null` if there was none. */
  prompted: z.boolean().nullable(),
});

/** `ocr create`: creates a session, with a first prompt if one is given. */
export const createVerb = implement<typeof create, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, input) {
    const { alias, session } = await makeSession(desk, input, input.prompt);
    const { id, title, directory } = session;
    return { host: alias, id, title, directory, prompted: input.prompt === null ? null : true };
  },
  text: ({ id }) => `${id}\n`,
});
