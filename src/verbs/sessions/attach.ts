import * as z from 'zod';
import { EXIT, VerbError } from '../exit-status.ts';
import type { attach } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({ host: z.string(), sessionID: z.string() });

/** `ocr attach`: opens a session in this terminal. */
export const attachVerb = implement<typeof attach, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on }) {
    const { openInTerminal } = desk;
    if (openInTerminal === null) throw new VerbError(EXIT.usage, 'a session can be attached in a terminal alone');
    const { entry, session: found } = await desk.session(session, on);
    await openInTerminal(entry.host, found);
    return { host: entry.host.alias, sessionID: found.id };
  },
  text: () => '',
});
