import type { Session } from '../domain/session.ts';
import { pulseRows } from '../fleet/pulse/busiest-projects.ts';
import { projectKey } from './keys.ts';
import type { Message } from './messages.ts';
import type { Row } from './rows.ts';
import type { OcrState } from './state.ts';
import type { ViewName } from './view.ts';
import { createFleetRows } from './views/fleet-rows.ts';
import { createHostRows } from './views/host-table-rows.ts';
import { createSessionRows } from './views/session-rows.ts';
import { createTriageRows } from './views/triage-rows.ts';

/** Returns the rows of the view that is shown, at a time (epoch milliseconds). The same array if nothing has changed. */
export type SelectRows = (state: OcrState, now?: number) => readonly Row[];

const NO_ROWS: readonly Row[] = [];

const byId = new WeakMap<readonly Session[], ReadonlyMap<string, Session>>();

function sessionsById(sessions: readonly Session[]): ReadonlyMap<string, Session> {
  const known = byId.get(sessions) ?? new Map(sessions.map((session) => [session.id, session]));
  byId.set(sessions, known);
  return known;
}

/** True while a filter that is no longer typed has not been searched for: rows that it leaves out must not be acted on. */
function isPending({ view, query, finds, input }: OcrState): boolean {
  return FILTERED.has(view) && input === null && finds === null && query.trim() !== '';
}

const FILTERED: ReadonlySet<ViewName> = new Set(['fleet', 'sessions', 'hosts', 'triage']);

/** Creates the selector of the rows, which remembers those of each view. */
export function createRowSelector(): SelectRows {
  const selectors: Readonly<Record<ViewName, (state: OcrState, now: number) => readonly Row[]>> = {
    fleet: createFleetRows(),
    sessions: createSessionRows(),
    hosts: createHostRows(),
    triage: createTriageRows(),
    pulse: createSpenderRows(),
    log: createLogRows(),
    finds: createFindRows(),
  };
  return (state, now = Date.now()) => (isPending(state) ? NO_ROWS : selectors[state.view](state, now));
}

/** Milliseconds after which the use of today is counted again. */
const USE_STEP_MS = 5000;

/** Creates the selector of the projects that used tokens today, the busiest first. */
function createSpenderRows(): (state: OcrState, now: number) => readonly Row[] {
  let last: { state: OcrState; step: number; rows: readonly Row[] } | null = null;
  return (state, now) => {
    const step = Math.floor(now / USE_STEP_MS);
    const isSame = last?.step === step && last.state.entries === state.entries;
    if (last !== null && isSame && last.state.pulse.measure === state.pulse.measure) return last.rows;
    const rows = pulseRows(state, now, state.pulse.measure).map(
      ({ alias, entry, path }): Row => ({ kind: 'spender', key: projectKey(alias, path), entry, path }),
    );
    last = { state, step, rows };
    return rows;
  };
}

/** Creates the selector of the messages that a search in transcripts has found, the latest first. */
function createFindRows(): (state: OcrState) => readonly Row[] {
  let last: { find: OcrState['find']; entries: OcrState['entries']; rows: readonly Row[] } | null = null;
  return ({ find, entries }) => {
    if (last !== null && last.find === find && last.entries === entries) return last.rows;
    const rows = (find?.found ?? []).flatMap((found): Row[] => {
      const entry = entries.get(found.alias);
      const session = entry?.snapshot ? sessionsById(entry.snapshot.sessions).get(found.sessionId) : undefined;
      if (entry === undefined || session === undefined) return [];
      return [{ kind: 'find', key: `find ${found.alias}\0${found.messageId}`, entry, session, found }];
    });
    last = { find, entries, rows };
    return rows;
  };
}

/** Creates the selector of the messages, the latest first. */
function createLogRows(): (state: OcrState) => readonly Row[] {
  let last: { messages: readonly Message[]; rows: readonly Row[] } | null = null;
  return ({ messages }) => {
    if (last?.messages === messages) return last.rows;
    const rows = messages.map((message, index): Row => ({ kind: 'message', key: `${message.at} ${index}`, message }));
    last = { messages, rows: rows.reverse() };
    return last.rows;
  };
}
