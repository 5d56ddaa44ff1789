import type { HostEntry } from '../domain/fleet.ts';
import { formatAge, formatCost } from '../domain/format.ts';
import { printable } from '../domain/printable.ts';
import type { Setup } from '../engine/setup.ts';
import { describeSession } from '../report/session-report.ts';
import { printJson } from './print-json.ts';
import { printMessage } from './print-message.ts';
import { probeOnce } from './probe-once.ts';
import { printTable } from './table.ts';
import { viewSettings } from './view-settings.ts';

/** `ocr sessions`: asks every host once and prints all sessions, archived ones and those of subagents too. */
export async function runSessions(setup: Setup, { json }: { json: boolean }): Promise<void> {
  const { entries, seen } = await probeOnce(setup, false);
  reportFailures(entries);
  const now = Date.now();
  // Shared, since facts about a host are cached by it.
  const settings = viewSettings(setup.config);
  const sessions = entries.flatMap((entry) =>
    entry.failure === null && entry.snapshot !== null
      ? entry.snapshot.sessions.map((session) => describeSession(entry, session, settings, now, seen))
      : [],
  );
  if (json) {
    printJson(sessions);
    return;
  }
  const listed = sessions.filter(
    ({ parentId, archived }) => parentId === null && (!archived || setup.config.sessions.show_archived),
  );
  listed.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  printTable(
    ['HOST', 'STATUS', 'UPDATED', 'MESSAGES', 'COST', 'ID', 'DIRECTORY', 'TITLE'],
    listed.map((session) => [
      session.host,
      session.status,
      `${formatAge(now - Date.parse(session.updatedAt))} ago`,
      session.messages === null ? '' : String(session.messages),
      session.cost === null ? '' : formatCost(session.cost),
      session.id,
      session.directory,
      session.title,
    ]),
  );
}

/** Lists hosts without an answer on stderr, so that an empty list is not taken for an empty fleet. */
export function reportFailures(entries: readonly HostEntry[]): void {
  for (const { host, failure } of entries) {
    if (failure !== null) printMessage(printable(`${host.alias}: ${failure.status}: ${failure.reason}`));
  }
}
