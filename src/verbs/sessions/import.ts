import * as z from 'zod';
import { messageOf } from '../../lib/errors.ts';
import { parseExport } from '../../opencode/export-import.ts';
import { importSession } from '../../opencode/import-session.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import { readInput } from '../read-input.ts';
import type { importSession as spec } from '../specs/sessions.ts';
import { implement } from '../verb.ts';

const schema = z.object({ host: z.string(), sessionID: z.string(), title: z.string(), messages: z.number() });

/** Milliseconds of silence allowed while opencode imports: its start alone takes seconds. */
const IMPORT_TIMEOUT_MS = 120_000;

/** `ocr import`: brings an exported session to a host, and checks that all messages arrived. */
export const importVerb = implement<typeof spec, z.output<typeof schema>>({
  output: schema,
  version: 1,
  async run(desk, { file, on }) {
    const session = parse(await readInput(file, desk.signal), file);
    const alias = desk.target(on);
    const { snapshot } = await desk.reach(alias);
    const context = await desk.context();
    const transport = await context.transport(alias, 'write', desk.signal);
    const { path: opencodePath } = snapshot?.opencode ?? { path: 'opencode' };
    const options = { opencodePath, login: snapshot?.login ?? null, timeout: IMPORT_TIMEOUT_MS };
    await importSession(transport, session, options, desk.signal);
    await context.refreshHost(alias);
    const { id, title, messages } = session;
    const there = desk.entry(alias).snapshot?.sessions.find((one) => one.id === id);
    if (there === undefined) throw new VerbError(EXIT.failed, `imported, but ${alias} does not list ${id}`);
    return { host: alias, sessionID: id, title, messages };
  },
  text: ({ sessionID, host, messages }) => `${sessionID} is on ${host}, with ${messages} messages\n`,
});

function parse(text: string, file: string) {
  try {
    return parseExport(text);
  } catch (error) {
    throw new VerbError(EXIT.failed, `${file}: ${messageOf(error)}`, { cause: error });
  }
}
