import * as z from 'zod';
import type { HostClock } from '../domain/host-clock.ts';
import type { Machine } from '../domain/machine.ts';
import type { Server } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import { RUNGS, type Rung } from '../domain/snapshot.ts';
import { parseOwnIdentity, parseServerLine } from '../opencode/server-process/server-line.ts';
import { parseMachine } from './machine-report.ts';
import type { Doubt } from './read-doubt.ts';
import { REPORT_PREFIX } from './survey-script.ts';

/** A host's answer to a survey, parsed into lines only. */
export interface SurveyReport {
  /** Seconds since the epoch, by the host's clock; only in the first survey of a shell. */
  readonly now: number | null;
  /** Reported together with `now`. */
  readonly clock: HostClock | null;
  readonly opencodePath: string | null;
  readonly identity: string;
  readonly databasePath: string | null;
  /** The number of databases to choose from, if nothing names one. */
  readonly candidates: number;
  /** True if the program is a script, which may set any environment, and opencode was used there. */
  readonly wrapped: boolean;
  /** Fingerprint of the user's profile files (`LoginEnvironment.profiles`); only in the first survey of a shell. */
  readonly profiles: string | null;
  readonly fingerprint: string | null;
  /** Why no rung could read the database: it is missing, or it may not be opened. */
  readonly unreadable: string | null;
  /** Rows that may be missing: see `describeDoubt`. */
  readonly doubts: ReadonlySet<Doubt>;
  /** Names of unknown session tables. */
  readonly unknownTables: string | null;
  /** Files of an opencode from before databases: see `parseStoredSessions`. */
  readonly stored: string;
  /** The user's opencode processes that may work on a session; `null` if the host does not tell. */
  readonly processes: number | null;
  /** Load and memory; `null` if the host does not tell. */
  readonly machine: Machine | null;
  /** ocr's own first. */
  readonly servers: readonly Server[];
  readonly state:
    | { readonly kind: 'rows'; readonly rung: Rung; readonly text: string }
    /** Not from the host's answer: one of its servers returned them later. */
    | { readonly kind: 'served'; readonly sessions: readonly Session[] }
    /** The text as of the fingerprint. */
    | { readonly kind: 'unchanged' }
    | { readonly kind: 'no-opencode' }
    /** opencode is there but keeps no database: it was never used, or is older than databases (`legacy`). */
    | { readonly kind: 'no-database'; readonly legacy: boolean }
    /** There is a database, but no rung could read it. */
    | { readonly kind: 'unread' }
    /** Not a line of a survey. */
    | { readonly kind: 'nonsense' };
  readonly passedOver: readonly { readonly rung: Rung; readonly reason: string }[];
}

const isRung = (word: string): word is Rung => (RUNGS as readonly string[]).includes(word);

/** Parses the output of the survey script. Lines that it does not know are passed over. */
export function parseSurveyReport(output: string): SurveyReport {
  const facts = new Map<string, string>();
  const passedOver: { rung: Rung; reason: string }[] = [];
  const servers: string[] = [];
  const doubts = new Set<Doubt>();
  let collecting: string[] | null = null;
  let rows: { rung: Rung; text: string } | null = null;
  let unknownTables: string | null = null;
  for (const line of output.split('\n')) {
    if (!line.startsWith(REPORT_PREFIX)) {
      const tables = collecting?.length === 0 ? parseUnknownTables(line) : null;
      if (tables === null) collecting?.push(line);
      else unknownTables = tables;
      continue;
    }
    const [word, rest] = splitOnce(line.slice(REPORT_PREFIX.length));
    const [name, detail] = splitOnce(rest);
    if (word === 'rows') {
      collecting = [];
    } else if (word === 'done' && isRung(name) && collecting !== null) {
      rows = { rung: name, text: collecting.join('\n') };
      collecting = null;
    } else if (word === 'failed' && isRung(name)) {
      const reason = detail || 'failed without a message';
      // A rung that is tried twice, with the log of a database and without, may fail for the same reason.
      if (!passedOver.some((before) => before.rung === name && before.reason === reason)) {
        passedOver.push({ rung: name, reason });
      }
      collecting = null;
    } else if (word === 'server') {
      servers.push(rest);
    } else if (word === 'behind' || word === 'empty') {
      doubts.add(rest === 'log' || rest === 'folder' ? rest : 'empty');
    } else {
      facts.set(word === 'missing' ? `missing ${rest}` : word, rest);
    }
  }
  return {
    now: facts.has('now') ? Number(facts.get('now')) || null : null,
    clock: parseClock(facts.get('now'), facts.get('clock')),
    opencodePath: facts.get('opencode') || null,
    identity: facts.get('identity') ?? '',
    databasePath: facts.get('database') || null,
    candidates: Number(facts.get('candidates') ?? 1) || 1,
    wrapped: facts.has('wrapped'),
    profiles: facts.get('profiles') || null,
    fingerprint: facts.get('fingerprint') || null,
    unreadable: facts.get('unreadable') ?? null,
    doubts,
    unknownTables,
    stored: rows?.rung === 'storage' ? rows.text : '',
    processes: facts.has('processes') ? Number(facts.get('processes')) : null,
    machine: parseMachine(facts.get('machine'), facts.get('pages')),
    servers: parseServers(servers, facts.get('own')),
    state: stateOf(facts, rows, doubts),
    passedOver,
  };
}

function stateOf(
  facts: ReadonlyMap<string, string>,
  rows: { rung: Rung; text: string } | null,
  doubts: ReadonlySet<Doubt>,
): SurveyReport['state'] {
  if (facts.has('missing opencode')) return { kind: 'no-opencode' };
  if (!facts.has('opencode')) return { kind: 'nonsense' };
  if (facts.has('legacy')) return { kind: 'no-database', legacy: true };
  if (facts.has('missing database') || doubts.has('empty')) return { kind: 'no-database', legacy: false };
  if (facts.has('unchanged')) return { kind: 'unchanged' };
  return rows === null ? { kind: 'unread' } : { kind: 'rows', ...rows };
}

function parseServers(lines: readonly string[], ownLine: string | undefined): Server[] {
  const own = ownLine === undefined ? null : parseOwnIdentity(ownLine);
  return lines
    .flatMap((line) => parseServerLine(line, own) ?? [])
    .sort((one, other) => Number(other.own) - Number(one.own) || one.pid - other.pid);
}

/** Parses `+0130 UPTIME`: the offset of local time from UTC, and the seconds since the host booted, if known. */
function parseClock(now: string | undefined, text: string | undefined): HostClock | null {
  const [, sign, hours, minutes, uptime] = /^([+-])(\d\d)(\d\d) ?([\d.]*)$/.exec(text ?? '') ?? [];
  if (sign === undefined || !Number(now)) return null;
  const zone = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  return { bootedAt: uptime ? Math.round((Number(now) - Number(uptime)) * 1000) : null, zone };
}

/** The row of UNKNOWN_TABLES_SQL, which precedes all others. */
function parseUnknownTables(line: string): string | null {
  if (!line.startsWith('[{"ocr_tables"')) return null;
  try {
    return z.tuple([z.object({ ocr_tables: z.string() })]).parse(JSON.parse(line))[0].ocr_tables;
  } catch {
    return null;
  }
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(' ');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
