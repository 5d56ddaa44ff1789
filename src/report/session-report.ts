import * as z from 'zod';
import { ATTENTION_KINDS } from '../domain/attention.ts';
import type { HostEntry } from '../domain/fleet.ts';
import { isLive } from '../domain/live.ts';
import { possibleTime } from '../domain/possible-time.ts';
import type { Session } from '../domain/session.ts';
import { NOTHING_SEEN, type Seen } from '../fleet/seen.ts';
import { selectHostAttention } from '../fleet/select-attention.ts';
import { statusOf } from '../fleet/session-state.ts';
import { SESSION_STATUSES } from '../fleet/session-status.ts';
import type { FleetSettings } from '../fleet/settings.ts';

/** Version of the shape below: raised when a field changes its meaning or goes, not when one is added. */
export const SESSION_REPORT_VERSION = 1;

/** A session as scripts see it, in `ocr sessions --json`. Times are ISO 8601 of the host's clock. */
export const sessionReportSchema = z.object({
  /** The host's ssh alias. */
  host: z.string(),
  project: z.string(),
  directory: z.string(),
  id: z.string(),
  parentId: z.string().nullable(),
  title: z.string(),
  status: z.enum(SESSION_STATUSES),
  live: z.boolean(),
  attention: z
    .object({
      kind: z.enum(ATTENTION_KINDS),
      since: z.string(),
      requestId: z.string().nullable(),
      detail: z.string(),
    })
    .nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  messages: z.number().nullable(),
  cost: z.number().nullable(),
  tokens: z
    .object({
      input: z.number(),
      output: z.number(),
      reasoning: z.number(),
      cacheRead: z.number(),
      cacheWrite: z.number(),
    })
    .nullable(),
  additions: z.number().nullable(),
  deletions: z.number().nullable(),
  files: z.number().nullable(),
});

export type SessionReport = z.output<typeof sessionReportSchema>;

/** Describes a session for scripts at a time (epoch milliseconds, this machine's clock). */
export function describeSession(
  entry: HostEntry,
  session: Session,
  settings: FleetSettings,
  now: number,
  seen: Seen = NOTHING_SEEN,
): SessionReport {
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
