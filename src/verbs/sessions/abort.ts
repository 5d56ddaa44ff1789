import * as z from 'zod';
import { abortTurn } from '../../operations/sessions/abort-turn.ts';
import type { abort } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  /** `unsure`: it was told to stop, but may run in an opencode without a server. */
  result: z.enum(['stopped', 'not-working', 'unsure']),
});

const WORDS: Readonly<Record<z.output<typeof schema>['result'], string>> = {
  stopped: 'stopped',
  'not-working': 'it was not working',
  unsure: 'told to stop, but no server reports its work: it may run in an opencode without a server',
};

/** `ocr abort`: stops the running turn. */
export const abortVerb = implement<typeof abort, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on }) {
    const ref = await desk.ref(session, on);
    const result = await abortTurn(await desk.context(), ref, desk.signal);
    return { host: ref.alias, sessionID: ref.id, result };
  },
  text: ({ sessionID, result }) => `${sessionID}: ${WORDS[result]}\n`,
});
