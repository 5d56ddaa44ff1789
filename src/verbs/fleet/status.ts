import * as z from 'zod';
import { formatAge } from '../../domain/format.ts';
import { describeSession } from '../../report/session-report.ts';
import { type SessionReport, sessionReportSchema } from '../../report/session-schema.ts';
import type { Desk } from '../desk.ts';
import { narrowHosts } from '../narrow.ts';
import type { status } from '../specs/fleet.ts';
import { formatTable } from '../table.ts';
import { implement } from '../verb.ts';
import { countSessions } from './count-sessions.ts';

const schema = z.object({
  hosts: z.array(
    z.object({
      name: z.string(),
      /** Why it could not be asked; the counts are the last known ones then. */
      reason: z.string().nullable(),
      sessions: z.number(),
      working: z.number(),
      requests: z.number(),
    }),
  ),
  /** Those at work and those that need you; the named one alone, if one was named. */
  sessions: z.array(sessionReportSchema),
});
type Status = z.output<typeof schema>;

const AT_WORK = new Set<string>(['working', 'retry', 'waiting']);

/** `ocr status`: what works and what needs you. */
export const statusVerb = implement<typeof status, Status>({
  output: schema,
  version: 1,
  isTable: true,
  async run(desk, input) {
    if (input.session !== null) {
      const { entry, session } = await desk.session(input.session, input.on);
      return { hosts: [hostOf(desk, entry)], sessions: [reportOf(desk, entry, session)] };
    }
    const entries = await desk.ask(await narrowHosts(desk, input));
    const reports = entries.flatMap((entry) =>
      (entry.snapshot?.sessions ?? []).map((session) => reportOf(desk, entry, session)),
    );
    return {
      hosts: entries.map((entry) => hostOf(desk, entry)),
      sessions: reports.filter((report) => AT_WORK.has(report.status) || report.attention !== null),
    };
  },
  text({ hosts, sessions }) {
    const counts = formatTable(
      ['HOST', 'SESSIONS', 'WORKING', 'REQUESTS', 'NOTE'],
      hosts.map((host) => [
        host.name,
        String(host.sessions),
        String(host.working),
        String(host.requests),
        host.reason === null ? '' : `out of reach: ${host.reason}`,
      ]),
    );
    if (sessions.length === 0) return counts;
    return `${counts}\n${formatTable(
      ['HOST', 'STATUS', 'SINCE', 'ID', 'TITLE', 'NEEDS YOU'],
      sessions.map((session) => [
        session.host,
        session.status,
        `${formatAge(Date.now() - Date.parse(session.attention?.since ?? session.updatedAt))} ago`,
        session.id,
        session.title,
        session.attention === null ? '' : `${session.attention.kind}: ${session.attention.detail}`,
      ]),
    )}`;
  },
});

type Entry = Parameters<typeof describeSession>[0];

function hostOf(desk: Desk, entry: Entry): Status['hosts'][number] {
  return { name: entry.host.alias, reason: entry.failure?.reason ?? null, ...countSessions(desk, entry) };
}

function reportOf(desk: Desk, entry: Entry, session: Parameters<typeof describeSession>[1]): SessionReport {
  const { settings, seen } = desk.fleet.getState();
  return describeSession(entry, session, settings, desk.clock(), seen);
}
