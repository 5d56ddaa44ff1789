import { startOfDay } from '../domain/day-use.ts';
import type { Host } from '../domain/host.ts';
import type { HostClock } from '../domain/host-clock.ts';
import { describeAsking, type LoginEnvironment } from '../domain/login.ts';
import type { Server } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import type { Rung, Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { parseSessionRows } from '../opencode/session-rows.ts';
import { parseStoredSessions } from '../opencode/stored-sessions.ts';
import { type Place, UNKNOWN_PLACE } from './host-place.ts';
import { ProbeError } from './probe-error.ts';
import { fileFault } from './read-doubt.ts';
import type { Run, SessionReading } from './reading.ts';
import { SLOW_SURVEY_SCRIPT } from './slow-script.ts';
import { parseSurveyReport, type SurveyReport } from './survey-report.ts';
import { surveyScript } from './survey-script.ts';

/** A report, understood. */
export interface Survey {
  readonly report: SurveyReport;
  /** Milliseconds to the first sign of life. */
  readonly latency: number;
  /** When the host was asked, epoch milliseconds. */
  readonly at: number;
  /** The host's clock minus ours in milliseconds; `null` if the shell has reported it before. */
  readonly clockOffset: number | null;
  /** `null` if the shell has reported it before. */
  readonly hostClock: HostClock | null;
  readonly passedOver: SessionReading['passedOver'];
  /** `null` if only opencode's own list is left to ask, and that is allowed. */
  readonly read: SessionReading | null;
}

/** Reads all sessions of a host from one of its servers. Rejects when none of them gives them. */
export type ReadServers = (servers: readonly Server[]) => Promise<readonly Session[]>;

/**
 * Surveys a host until a rung returns readable rows, or none is left. Rejects with a TransportError or a ProbeError.
 * @param mayStartOpencode false on a read-only host: opencode writes where it starts
 */
export async function takeSurvey(
  host: Host,
  previous: Snapshot | null,
  enrich: boolean,
  run: Run,
  clock: Clock,
  readServers: ReadServers | null = null,
  place: Place = UNKNOWN_PLACE,
  mayStartOpencode = true,
): Promise<Survey> {
  const skipped: { rung: Rung; reason: string }[] = [];
  let clockOffset: number | null = null;
  let hostClock: HostClock | null = null;
  for (;;) {
    const at = clock();
    const midnight = startOfDay(at);
    const fingerprint = previous?.fingerprint ?? null;
    const skip = skipped.map(({ rung }) => rung);
    const { output, latency } = await run(
      surveyScript({ opencodePath: host.opencodePath, ...place, fingerprint, enrich, skip, dayAge: at - midnight }),
    );
    const quick = await askServers(parseSurveyReport(output), readServers);
    const report = mayStartOpencode && !isFaulty(quick) ? await climbOn(quick, run) : quick;
    if (report.now !== null) clockOffset = report.now * 1000 + 500 - at;
    hostClock ??= report.clock;
    const passedOver = [...skipped, ...report.passedOver];
    const survey = { report, latency, at, clockOffset, hostClock, passedOver };
    switch (report.state.kind) {
      case 'nonsense':
        throw new ProbeError('error', `ocr cannot parse the host's answer: ${excerpt(output)}`, { latency });
      case 'no-opencode':
        throw new ProbeError('no-opencode', 'not found in PATH or the usual folders', {
          latency,
          hint: missingHint(host, place.login),
        });
      case 'no-database':
        return { ...survey, read: { ...readStored(report), passedOver, fingerprint: null } };
      case 'unread':
        if (isFaulty(report) || !mayStartOpencode) throw unreadError(report, passedOver, latency);
        return { ...survey, read: null };
      case 'unchanged':
        if (previous !== null) return { ...survey, read: previous };
        throw new ProbeError('error', 'the host reported "unchanged" without an earlier reading', { latency });
      case 'served': {
        const { sessions } = report.state;
        return { ...survey, read: { sessions, rung: 'http', passedOver, fingerprint: report.fingerprint } };
      }
      case 'rows':
        if (skip.includes(report.state.rung)) {
          // Only a host that does not run the script as sent answers by a rung that it should skip.
          const text = `the host used ${report.state.rung} again after it was told to skip it`;
          throw new ProbeError('error', text, { latency, hint: describePassedOver(passedOver) });
        }
        try {
          const sessions = parseSessionRows(report.state.text, midnight);
          return {
            ...survey,
            read: { sessions, rung: report.state.rung, passedOver, fingerprint: report.fingerprint },
          };
        } catch (error) {
          skipped.push({
            rung: report.state.rung,
            reason: `returned unreadable rows: ${messageOf(error).slice(0, 120)}`,
          });
        }
    }
  }
}

/** Returns the sessions of an opencode without a database: none, or those of an older one. Starts nothing that would move them. */
function readStored({ state, stored }: SurveyReport): Pick<SessionReading, 'sessions' | 'rung'> {
  const isLegacy = state.kind === 'no-database' && state.legacy;
  return isLegacy ? { sessions: parseStoredSessions(stored), rung: 'storage' } : { sessions: [], rung: null };
}

/** True if the file itself cannot be read: then opencode cannot either, and might change it. */
function isFaulty({ unreadable, passedOver }: SurveyReport): boolean {
  return unreadable !== null || fileFault(passedOver) !== null;
}

function unreadError(report: SurveyReport, passedOver: SessionReading['passedOver'], latency: number): ProbeError {
  const { databasePath, unreadable, unknownTables } = report;
  const fault = unreadable ?? fileFault(passedOver);
  const hint = passedOver.map(({ rung, reason }) => `${rung}: ${reason}`).join('\n');
  if (unknownTables !== null) {
    const reason = `the database belongs to a newer opencode (tables ${unknownTables}): ${databasePath}`;
    return new ProbeError('error', reason, { latency, hint });
  }
  const reason = fault ?? 'no sqlite3 and no python3 there, and opencode is not started on a read-only host';
  return new ProbeError('error', `the database cannot be read: ${reason}: ${databasePath}`, { latency, hint });
}

/** Asks a running server if there are sessions that no quick rung could read. */
async function askServers(report: SurveyReport, readServers: ReadServers | null): Promise<SurveyReport> {
  const { state, servers, passedOver } = report;
  const unread = state.kind === 'unread' || (state.kind === 'no-database' && state.legacy);
  if (readServers === null || !unread) return report;
  const pass = (reason: string): SurveyReport => ({ ...report, passedOver: [...passedOver, { rung: 'http', reason }] });
  if (servers.length === 0) return pass('no server runs');
  try {
    return { ...report, state: { kind: 'served', sessions: await readServers(servers) } };
  } catch (error) {
    return pass(messageOf(error).slice(0, 120));
  }
}

/** Tries `opencode db` if no quick rung could read the database, in an exchange that may take longer. */
export async function climbOn(report: SurveyReport, run: Run): Promise<SurveyReport> {
  if (report.state.kind !== 'unread') return report;
  const slow = parseSurveyReport((await run(SLOW_SURVEY_SCRIPT, 'slow')).output);
  return { ...report, state: slow.state, passedOver: [...report.passedOver, ...slow.passedOver] };
}

function describePassedOver(passedOver: SessionReading['passedOver']): string {
  return passedOver.map(({ rung, reason }) => `${rung}: ${reason}`).join('\n');
}

function excerpt(output: string): string {
  return output.replace(/\s+/g, ' ').trim().slice(0, 80) || 'no output';
}

function missingHint(host: Host, login: LoginEnvironment | null): string {
  const setting = `hosts.overrides.${host.alias}.opencode_path`;
  if (host.opencodePath !== null) return `There is no program ${host.opencodePath} (${setting}).`;
  const asked = login === null ? 'The login shell was not asked' : describeAsking(login);
  const path = login === null || login.mode === null ? 'PATH without the profile' : 'its PATH';
  return `${asked}. Looked in ${path} and the usual folders. If opencode is elsewhere, name it with ${setting}.`;
}
