import { formatAge, formatCost } from '../../domain/format.ts';
import { describeSession, SESSION_REPORT_VERSION } from '../../report/session-report.ts';
import type { SessionReport } from '../../report/session-schema.ts';
import type { Desk } from '../desk.ts';
import { type HostNarrowing, type Narrowing, narrowHosts, narrowSessions, warnOfFailures } from '../narrow.ts';
import type { sessions } from '../specs/fleet.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';

/** Sessions in a table. */
const LISTED = 30;

/** `ocr sessions`: lists sessions, newest first. */
export const sessionsVerb = implement<typeof sessions, readonly SessionReport[]>({
  output: async () => (await import('../../report/session-schema.ts')).sessionReportSchema.array().readonly(),
  version: SESSION_REPORT_VERSION,
  isTable: true,
  async run(desk, input) {
    const listed = await listSessions(desk, input);
    listed.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    return listed;
  },
  shown: (listed, { all, limit }) => wantedOf(listed, all).slice(0, limit ?? LISTED),
  text(listed, { all, limit }) {
    const wanted = wantedOf(listed, all);
    const now = Date.now();
    const table = formatTable(
      ['HOST', 'STATUS', 'UPDATED', 'ID', 'TITLE', 'MESSAGES', 'COST', 'DIRECTORY'],
      wanted
        .slice(0, limit ?? LISTED)
        .map((session) => [
          session.host,
          session.status,
          `${formatAge(now - Date.parse(session.updatedAt))} ago`,
          session.id,
          session.title,
          session.messages === null ? '' : String(session.messages),
          session.cost === null ? '' : formatCost(session.cost),
          session.directory,
        ]),
    );
    const more = wanted.length - (limit ?? LISTED);
    return more > 0 ? `${table}and ${more} more: --limit ${wanted.length} lists all\n` : table;
  },
});

function wantedOf(listed: readonly SessionReport[], all: boolean): readonly SessionReport[] {
  return all ? listed : listed.filter(({ parentId, archived }) => parentId === null && !archived);
}

/** Asks hosts for the sessions that fit, and names on stderr those that could not be asked. */
export async function listSessions(desk: Desk, narrowing: Narrowing & HostNarrowing): Promise<SessionReport[]> {
  const entries = await desk.ask(await narrowHosts(desk, narrowing));
  warnOfFailures(desk, entries, narrowing.on);
  const fits = await narrowSessions(desk, narrowing);
  const { settings, seen } = desk.fleet.getState();
  const now = desk.clock();
  return entries.flatMap((entry) =>
    (desk.counts(entry) ? (entry.snapshot?.sessions ?? []) : []).flatMap((session) => {
      const report = describeSession(entry, session, settings, now, seen);
      return fits(entry, session, report) ? [report] : [];
    }),
  );
}
