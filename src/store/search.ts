import type { HostEntry } from '../domain/fleet.ts';
import type { Host } from '../domain/host.ts';
import { lastUseOf, type Session } from '../domain/session.ts';
import { asksForArchived, highlightsOf } from '../fleet/filter/dependence.ts';
import type { Filter } from '../fleet/filter/filter.ts';
import { filterTexts, holdsWords, rangesOfWord } from '../fleet/filter/fuzzy.ts';
import { matchesHost } from '../fleet/filter/match-host.ts';
import { matchesSession } from '../fleet/filter/match-session.ts';
import { parseFilter } from '../fleet/filter/parse-filter.ts';
import { textOfHost, textOfSession } from '../fleet/filter/session-text.ts';
import type { AttentionInputs } from '../fleet/select-attention.ts';
import type { HostFinds } from './state.ts';

/** A search that may be interrupted wherever it yields. */
export type SearchSteps = Generator<undefined, HostFinds>;

/** Sessions searched between two yields: some tenths of a millisecond. */
const STEP = 128;
const NO_SESSIONS: readonly Session[] = [];
const NO_FINDS: HostFinds = { host: false, sessions: new Set(), best: null };

let parsed = parseFilter('');

/** Parses a query into the texts to highlight, in lower case: its words, quoted phrases and titles. */
export function parseQuery(query: string): readonly string[] {
  if (parsed.text !== query) parsed = parseFilter(query);
  return highlightsOf(parsed);
}

/** Searches one host by a filter, at a time (epoch milliseconds). Finds archived sessions only if they are listed, or asked for. */
export function* searchEntry(filter: Filter, entry: HostEntry, inputs: AttentionInputs, now: number): SearchSteps {
  const verdict = matchesHost(filter, entry);
  if (verdict === false) return NO_FINDS;
  const isHidden = inputs.settings.showArchived || asksForArchived(filter) ? isNever : isArchived;
  // A host that fits all terms does so with all its sessions.
  const accepts = (session: Session) =>
    !isHidden(session) && (verdict === true || matchesSession(filter, entry, session, inputs, now));
  const sessions = entry.snapshot?.sessions ?? NO_SESSIONS;
  const finds = yield* searchSessions(entry.host, sessions, filter.words, accepts);
  return verdict === true ? finds : { ...finds, host: false };
}

const isNever = () => false;
const isArchived = ({ archived }: Session) => archived !== null;

/** Searches one host by words at once: its names and address, and of its sessions title, id, project, directory and host. */
export function searchHost(host: Host, sessions: readonly Session[], words: readonly string[]): HostFinds {
  const steps = searchSessions(host, sessions, words, () => true);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function* searchSessions(
  host: Host,
  sessions: readonly Session[],
  words: readonly string[],
  accepts: (session: Session) => boolean,
): SearchSteps {
  const found = new Set<string>();
  let best: HostFinds['best'] = null;
  let usedAt = 0;
  const textsFor = createTexts(host, sessions);
  for (let from = 0; from < sessions.length; from += STEP) {
    const accepted = indicesWhere(sessions, from, accepts);
    const indices = words.length === 0 ? accepted : filterTexts(textsFor(accepted), words, accepted);
    for (const index of indices) {
      const session = sessions[index];
      if (session === undefined) continue;
      found.add(session.id);
      const score = scoreOf(session, words);
      const isNewer = words.length === 0 && lastUseOf(session) > usedAt;
      if (best !== null && score <= best.score && !isNewer) continue;
      best = { id: session.id, score };
      usedAt = lastUseOf(session);
    }
    yield;
  }
  return { host: holdsWords(textOfHost(host), words), sessions: found, best };
}

function indicesWhere(sessions: readonly Session[], from: number, accepts: (session: Session) => boolean): number[] {
  const indices: number[] = [];
  const end = Math.min(sessions.length, from + STEP);
  for (let index = from; index < end; index += 1) {
    const session = sessions[index];
    if (session !== undefined && accepts(session)) indices.push(index);
  }
  return indices;
}

/** The text of each session that was searched in, by index; made once for each reading of a host. */
const haystacks = new WeakMap<readonly Session[], { host: Host; texts: string[] }>();

/** Returns a function that makes the texts at some indices, and returns all texts made so far. */
function createTexts(host: Host, sessions: readonly Session[]): (indices: readonly number[]) => readonly string[] {
  const hostText = textOfHost(host);
  const known = haystacks.get(sessions);
  const haystack = known?.host === host ? known : { host, texts: new Array<string>(sessions.length) };
  haystacks.set(sessions, haystack);
  return (indices) => {
    for (const index of indices) {
      const session = sessions[index];
      if (session !== undefined) haystack.texts[index] ??= textOfSession(session, hostText);
    }
    return haystack.texts;
  };
}

/** Words that stand in the title as they were typed count most, then those in the id. */
function scoreOf(session: Session, words: readonly string[]): number {
  if (words.length === 0) return 0;
  const title = session.title.toLowerCase();
  let score = 0;
  for (const word of words) score += title.includes(word) ? 2 : session.id.toLowerCase().includes(word) ? 1 : 0;
  return score;
}

/** Returns where the words occur in a displayed text: `[start, end)` pairs in order, without overlaps. */
export function findRanges(text: string, words: readonly string[]): [number, number][] {
  const lower = text.toLowerCase();
  // If lower-casing changes the length, as for a Turkish dotted capital, or letters are decomposed, indices would not
  // match.
  if (lower.length !== text.length || lower !== lower.normalize('NFC')) return [];
  const ranges = words.flatMap((word) => rangesOfWord(lower, word));
  ranges.sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [start, end] of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
