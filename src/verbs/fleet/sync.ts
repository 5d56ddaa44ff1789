import * as z from 'zod';
import { narrowHosts, warnOfFailures } from '../narrow.ts';
import type { sync } from '../specs/fleet.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';

const schema = z.array(
  z.object({
    host: z.string(),
    /** `null` if it could not be asked. */
    sessions: z.number().nullable(),
    reason: z.string().nullable(),
  }),
);

/** `ocr sync`: asks hosts for their sessions, so that later verbs know where each one lives. */
export const syncVerb = implement<typeof sync, z.output<typeof schema>>({
  output: schema,
  version: 1,
  isTable: true,
  async run(desk, input) {
    const entries = await desk.ask(await narrowHosts(desk, input));
    warnOfFailures(desk, entries, input.on);
    return entries.map(({ host, snapshot, failure }) => ({
      host: host.alias,
      sessions: failure === null ? (snapshot?.sessions.length ?? 0) : null,
      reason: failure?.reason ?? null,
    }));
  },
  text: (hosts) =>
    formatTable(
      ['HOST', 'SESSIONS'],
      hosts.map(({ host, sessions }) => [host, sessions === null ? 'not asked' : String(sessions)]),
    ),
});
