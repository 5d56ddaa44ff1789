import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { matchesSession, matchesWords } from '../fleet/filter/match-session.ts';
import { parseFilter } from '../fleet/filter/parse-filter.ts';
import { createNameMatcher } from '../lib/glob.ts';
import type { SessionReport } from '../report/session-schema.ts';
import type { Desk } from './desk.ts';
import { EXIT, VerbError } from './exit-status.ts';

export interface HostNarrowing {
  readonly on: readonly string[];
  readonly host: readonly string[];
}

export interface Narrowing extends HostNarrowing {
  readonly status: readonly string[];
  readonly project: string | null;
  readonly attention: boolean;
  readonly filter: string | null;
}

/** Returns the aliases of the hosts to ask. Throws a VerbError if none fits. */
export async function narrowHosts(desk: Desk, { on, host }: HostNarrowing): Promise<readonly string[]> {
  const aliases = desk.aliases(on, host.length === 0);
  if (host.length === 0) return aliases;
  const matches = await createNameMatcher(host);
  const fitting = aliases.filter((alias) => matches(alias) || matches(desk.entry(alias).host.label));
  if (fitting.length === 0) throw new VerbError(EXIT.notFound, `no host matches ${host.join(', ')}`);
  return fitting;
}

/** Returns a test of sessions. Throws a VerbError for a filter that cannot be read. */
export async function narrowSessions(
  desk: Desk,
  { status, project, attention, filter }: Omit<Narrowing, keyof HostNarrowing>,
): Promise<(entry: HostEntry, session: Session, report: SessionReport) => boolean> {
  const inProject = project === null ? null : await createNameMatcher([project]);
  const parsed = filter === null ? null : parseFilter(filter);
  const [problem] = parsed?.problems ?? [];
  if (problem !== undefined) throw new VerbError(EXIT.usage, `--filter: ${problem.message}`);
  const state = desk.fleet.getState();
  const now = desk.clock();
  const fits = (entry: HostEntry, session: Session): boolean => {
    if (parsed === null) return true;
    return matchesSession(parsed, entry, session, state, now) && matchesWords(parsed, entry, session);
  };
  return (entry, session, report) =>
    (status.length === 0 || status.includes(report.status)) &&
    (!attention || report.attention !== null) &&
    (inProject === null || inProject(session.project) || inProject(session.project.split('/').at(-1) ?? '')) &&
    fits(entry, session);
}

/**
 * Names the hosts that could not be asked, so that an empty list is not taken for an empty fleet. Throws a VerbError if the user named targets and none of them
 * can be reached.
 */
export function warnOfFailures(desk: Desk, entries: readonly HostEntry[], on: readonly string[]): void {
  const failed = entries.filter((entry) => entry.failure !== null && (on.length > 0 || !isWithoutOpencode(entry)));
  for (const { host, failure } of failed) desk.warn(`${host.alias}: ${failure?.status}: ${failure?.reason}`);
  const late = entries.filter((entry) => entry.failure === null && !desk.counts(entry));
  for (const { host } of late) desk.warn(`${host.alias}: ${desk.isCached ? 'it never answered' : 'no answer in time'}`);
  const isNamed = !desk.isCached && (on.length > 0 || desk.hasDefaultTarget);
  if (!isNamed || entries.length === 0 || failed.length + late.length < entries.length) return;
  if (late.length > 0) throw new VerbError(EXIT.timedOut, 'no named target answered in time');
  throw new VerbError(EXIT.unreachable, 'no named target can be reached');
}

/** True for this machine if it has no opencode: most machines that `ocr` runs on. */
function isWithoutOpencode({ host, failure }: HostEntry): boolean {
  return host.route.kind === 'local' && failure?.status === 'no-opencode';
}
