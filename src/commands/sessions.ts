import type { HostEntry } from '../domain/fleet.ts';
import { formatAge, formatCost } from '../domain/format.ts';
import { isLive } from '../domain/live.ts';
import { printable } from '../domain/printable.ts';
import type { Session } from '../domain/session.ts';
import type { Setup } from '../engine/setup.ts';
import { NOTHING_SEEN, type Seen } from '../fleet/seen.ts';
import { selectHostAttention } from '../fleet/select-attention.ts';
import { statusOf } from '../fleet/session-state.ts';
import { possibleTime } from '../lib/clock.ts';
import type { ViewSettings } from '../store/settings.ts';
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

/** A session as scripts see it. */
export function describeSession(
  entry: HostEntry,
  session: Session,
  settings: ViewSettings,
  now: number,
  seen: Seen = NOTHING_SEEN,
) {
  const status = statusOf(entry, session, settings, now);
  const attention = selectHostAttention(entry, seen, settings, now).get(session.id)?.attention ?? null;
  return {
    host: entry.host.alias,
    project: session.project,
    directory: session.directory,
    id: session.id,
    parentId: session.parentId,
    title: session.title,
    status,
    live: entry.live.sessions.has(session.id) || (isLive(entry.live) && session.turn !== 'open'),
    attention:
      attention === null
        ? null
        : {
            kind: attention.kind,
            since: isoTime(attention.since),
            requestId: attention.request?.id ?? null,
            detail: attention.detail,
          },
    createdAt: isoTime(session.created),
    updatedAt: isoTime(session.updated),
    archived: session.archived !== null,
    agent: session.agent,
    model: session.model,
    messages: session.messages,
    cost: session.cost,
    tokens: session.tokens,
    additions: session.additions,
    deletions: session.deletions,
    files: session.files,
  };
}

function isoTime(epoch: number): string {
  return new Date(possibleTime(epoch)).toISOString();
}
