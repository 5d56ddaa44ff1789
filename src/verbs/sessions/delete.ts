import * as z from 'zod';
import { deleteSession } from '../../operations/delete/delete-session.ts';
import { refOf } from '../../operations/target.ts';
import type { remove } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({
  host: z.string(),
  sessionID: z.string(),
  /** The export, for `ocr import`; `null` with --no-export. */
  exportPath: z.string().nullable(),
});

/** `ocr delete`: exports a session and deletes it. When the export fails, nothing is deleted. */
export const deleteVerb = implement<typeof remove, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { session, on, noExport }) {
    const target = await desk.session(session, on);
    const ref = refOf(target);
    if (target.entry.host.route.kind === 'url' && !noExport) {
      desk.warn(
        `${ref.alias} has no shell, so that ocr import cannot bring ${ref.id} back there; its export can go to another host`,
      );
    }
    const input = { export: !noExport, batch: `verb ${desk.clock()}` };
    const { exportPath } = await deleteSession(await desk.context(), ref, input, desk.signal);
    if (exportPath !== null) desk.warn(`exported to ${exportPath}`);
    return { host: ref.alias, sessionID: ref.id, exportPath };
  },
  text: ({ sessionID }) => `${sessionID}\n`,
});
