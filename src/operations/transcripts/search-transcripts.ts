import { type HostEntry, hostStatus } from '../../domain/fleet.ts';
import { UserError } from '../../lib/errors.ts';
import { tellInParallel } from '../../lib/tell-in-parallel.ts';
import { type FoundText, searchQuery } from '../../opencode/search-query.ts';
import type { OperationContext } from '../context.ts';
import { failureText } from '../failure.ts';

/** Hosts searched at the same time. */
const MAX_HOSTS_AT_ONCE = 8;
const MAX_FINDINGS_PER_HOST = 200;
const DEFAULT_DEADLINE_MS = 20_000;
const MAX_NEEDLE_CHARS = 1000;

/** A text that matches, on its host. All texts in it come from the host. */
export interface Finding extends FoundText {
  readonly alias: string;
}

export type SearchEvent =
  /** All findings of one host, newest first; `more` is true if older ones were left out. */
  | { readonly kind: 'found'; readonly alias: string; readonly findings: readonly Finding[]; readonly more: boolean }
  /** A host was not searched; `reason` begins with `cannot search: `. */
  | { readonly kind: 'not-searched'; readonly alias: string; readonly reason: string }
  /** Comes first, and after each host. */
  | { readonly kind: 'progress'; readonly done: number; readonly of: number };

export interface SearchOptions {
  /** Hosts to search; all hosts if omitted. */
  readonly aliases?: readonly string[];
  /** Milliseconds that each host may take, the connection included. */
  readonly deadline?: number;
  /** Findings of one host at most. */
  readonly limit?: number;
}

/**
 * Searches the transcripts in the databases of many hosts, and yields the results of each host as soon as it answers. The end of the results means that all
 * hosts are done, or that the signal aborted. See `searchQuery` for what matches. Reads with sqlite3 or python3 only, and starts nothing.
 *
 * @param needle text to find; no pattern
 * @throws UserError for an empty needle, one with a NUL, or one of more than 1000 characters
 */
export async function* searchTranscripts(
  context: Pick<OperationContext, 'fleet' | 'queryDatabase'>,
  needle: string,
  { aliases, deadline = DEFAULT_DEADLINE_MS, limit = MAX_FINDINGS_PER_HOST }: SearchOptions,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void> {
  checkNeedle(needle);
  const { entries } = context.fleet.getState();
  const wanted = [...entries.values()].filter(({ host }) => aliases?.includes(host.alias) ?? true);
  let done = 0;
  yield { kind: 'progress', done, of: wanted.length };
  yield* tellInParallel<HostEntry, SearchEvent>(wanted, MAX_HOSTS_AT_ONCE, signal, async (entry, tell, stopped) => {
    const { alias } = entry.host;
    const timeout = AbortSignal.timeout(deadline);
    const fail = (reason: string) => tell({ kind: 'not-searched', alias, reason: `cannot search: ${reason}` });
    const reason = obstacleOf(entry);
    if (reason !== null) fail(reason);
    else
      try {
        const query = searchQuery(needle, limit + 1);
        const limits = { signal: AbortSignal.any([stopped, timeout]), idleTimeout: deadline };
        const found = await context.queryDatabase(alias, query, limits);
        const findings = found.slice(0, limit).map((one) => ({ alias, ...one }));
        tell({ kind: 'found', alias, findings, more: found.length > limit });
      } catch (error) {
        if (stopped.aborted) return;
        fail(timeout.aborted ? `no answer within ${deadline / 1000}s` : failureText(error));
      }
    done += 1;
    tell({ kind: 'progress', done, of: wanted.length });
  });
}

function checkNeedle(needle: string): void {
  if (needle === '') throw new UserError('Type a text to search for');
  if (needle.includes('\u0000')) throw new UserError('The text contains a NUL character');
  if (needle.length > MAX_NEEDLE_CHARS) throw new UserError(`The text is longer than ${MAX_NEEDLE_CHARS} characters`);
}

/** Returns why a host cannot be searched; `null` if it can be tried. */
function obstacleOf(entry: HostEntry): string | null {
  const { host, snapshot, failure } = entry;
  if (host.route.kind === 'url') return 'it is reached by its URL, so its database cannot be read';
  if (failure !== null) return failure.reason;
  if (snapshot === null) return `nothing is known of it yet (${hostStatus(entry)})`;
  if (snapshot.databasePath === null) return 'it has no database of opencode';
  if (snapshot.rung === 'storage') return 'its opencode keeps sessions in files, not in a database';
  return null;
}
