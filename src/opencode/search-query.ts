import * as z from 'zod';
import { possibleTime } from '../domain/possible-time.ts';
import type { ContentQuery } from './stored-content.ts';

/** Characters of the excerpt before and after the match. */
const [BEFORE, AFTER] = [60, 180];

/** A text of a transcript that contains what was searched for. */
export interface FoundText {
  readonly sessionId: string;
  readonly messageId: string;
  readonly role: 'user' | 'assistant' | null;
  /** Epoch milliseconds of the host's clock. */
  readonly time: number;
  readonly excerpt: Excerpt;
}

/** One line around the first match. */
export interface Excerpt {
  readonly text: string;
  /** Where the match is in `text`, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

const foundRows = z.array(
  z.object({
    session: z.string(),
    message: z.string(),
    role: z.enum(['user', 'assistant']).nullable().catch(null),
    at: z.number(),
    /** The match's first character, counted from 1. */
    pos: z.number(),
    excerpt: z.string(),
  }),
);

/**
 * Searches the texts that transcripts show in the database (schema of 1.18), newest first: `part` ids begin with their time. Ignores the case of A to Z, and
 * finds other letters as given, all in lower case or all in upper case, since SQLite knows no other case. On 10,000 sessions with 200,000 parts
 * (250 MB), SQLite 3.40 took 0.8 s for a rare text, 1.3 s for one with three spellings, and 0.1 s for a frequent one, which ends early.
 *
 * @param needle not empty, without NUL; every character stands for itself
 * @param limit rows at most
 */
export function searchQuery(needle: string, limit: number): ContentQuery<readonly FoundText[]> {
  const spellings = spellingsOf(needle);
  const places = spellings.map((spelling) => `nullif(instr(lower(text), ${quoteText(spelling)}), 0)`);
  // SQLite's coalesce needs at least two arguments.
  const place = `coalesce(${[...places, '0'].join(', ')})`;
  const length = Math.max(...spellings.map((spelling) => [...spelling].length));
  return {
    sql: `SELECT session_id AS session, message_id AS message, time_created AS at, pos,
(SELECT json_extract(m.data, '$.role') FROM message m WHERE m.id = message_id) AS role,
substr(text, max(1, pos - ${BEFORE}), ${BEFORE + length + AFTER}) AS excerpt
FROM (SELECT *, ${place} AS pos FROM (SELECT *, ${TEXT} AS text FROM part)) WHERE pos > 0 ORDER BY id DESC LIMIT ${Math.trunc(limit)}`,
    parse: (value) =>
      foundRows
        .parse(value)
        .map(({ session, message, role, at, pos, excerpt }) => ({
          sessionId: session,
          messageId: message,
          role,
          time: possibleTime(at),
          excerpt: placeMatch(excerpt, Math.min(pos - 1, BEFORE), spellings),
        }))
        .toSorted((one, other) => other.time - one.time),
  };
}

/** The text of a part that a transcript shows; NULL for any other. */
const TEXT = `CASE WHEN json_valid(data) AND json_extract(data, '$.type') = 'text'
AND NOT coalesce(json_extract(data, '$.synthetic'), 0) AND NOT coalesce(json_extract(data, '$.ignored'), 0)
THEN json_extract(data, '$.text') END`;

/** @param before characters before the match */
function placeMatch(excerpt: string, before: number, spellings: readonly string[]): Excerpt {
  const text = oneLine(excerpt);
  const lower = foldCase(excerpt);
  const expected = [...excerpt].slice(0, before).join('').length;
  for (const spelling of spellings) {
    if (lower.startsWith(spelling, expected)) return { text, offset: expected, length: spelling.length };
  }
  // Characters that are no Unicode are counted differently by SQLite.
  for (const spelling of spellings) {
    const offset = lower.indexOf(spelling);
    if (offset >= 0) return { text, offset, length: spelling.length };
  }
  return { text, offset: 0, length: 0 };
}

function spellingsOf(needle: string): readonly string[] {
  return [...new Set([needle, needle.toLowerCase(), needle.toUpperCase()].map(foldCase))];
}

/** Changes what SQLite's `lower` does: A to Z. Keeps the length. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Replaces each control character and line separator by one blank, so that offsets stay. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
