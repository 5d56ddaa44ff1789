import { resolve } from 'node:path';
import * as z from 'zod';
import { writePrivateFile } from '../../lib/atomic-file.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import type { exportSession } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

/** The shape of `opencode export`. */
const schema = z.looseObject({ info: z.looseObject({ id: z.string() }), messages: z.array(z.unknown()) });

/** `ocr export`: a session with all its messages, read through its server. */
export const exportVerb = implement<typeof exportSession, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on, output }) {
    const { client, session: found } = await desk.seat(session, on, 'read');
    const [own] = await client.exportSessions(found, desk.signal);
    if (own === undefined) throw new VerbError(EXIT.failed, 'there is nothing to export');
    if (output !== null) await writePrivateFile(resolve(desk.workingDirectory, output), own.text);
    return schema.parse(JSON.parse(own.text));
  },
  text: (value, { output }) => (output === null ? `${JSON.stringify(value, null, 2)}\n` : `${output}\n`),
});
