import type { PendingRequest } from '../../domain/live.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import { warnOfFailures } from '../narrow.ts';

/** `per_` and a few characters. */
const MIN_PREFIX_CHARS = 8;

/** A request, and the host that it is pending on. */
export interface FoundRequest {
  readonly alias: string;
  readonly pending: PendingRequest;
}

/** Asks hosts for the requests that wait for the user, in the order in which they were seen, and names the hosts that could not be asked. */
export async function listRequests(
  desk: Desk,
  on: readonly string[],
  kind: UserRequest['kind'] | null,
): Promise<readonly FoundRequest[]> {
  const found = await askForRequests(desk, on, kind);
  const { entries } = desk.fleet.getState();
  warnOfFailures(
    desk,
    desk.aliases(on).flatMap((alias) => entries.get(alias) ?? []),
    on,
  );
  return found;
}

async function askForRequests(
  desk: Desk,
  on: readonly string[],
  kind: UserRequest['kind'] | null,
): Promise<readonly FoundRequest[]> {
  const entries = await desk.ask(desk.aliases(on));
  return entries.flatMap(({ host, live }) =>
    [...live.requests.values()].flatMap((pending) =>
      kind === null || pending.request.kind === kind ? [{ alias: host.alias, pending }] : [],
    ),
  );
}

/** Returns the request of that id, the unique start of one, or of a session. Rejects with a VerbError. */
export async function findRequest(
  desk: Desk,
  text: string,
  on: readonly string[],
  kind: UserRequest['kind'] | null,
): Promise<FoundRequest> {
  const all = await askForRequests(desk, on, kind);
  const what = kind ?? 'request';
  const byId = all.filter(({ pending }) => pending.request.id === text);
  const isPrefix = text.length >= MIN_PREFIX_CHARS;
  const byPrefix =
    byId.length > 0 || !isPrefix ? byId : all.filter(({ pending }) => pending.request.id.startsWith(text));
  const found = byPrefix.length > 0 ? byPrefix : ofSession(desk, all, text, on);
  const [only] = found;
  if (only === undefined) {
    throw new VerbError(EXIT.notFound, `no ${what} ${text} is pending: it was answered, or its server restarted`);
  }
  if (found.length === 1) return only;
  const lines = found.map(({ alias, pending }) => `  ${alias}  ${pending.request.id}  ${pending.request.sessionId}`);
  throw new VerbError(EXIT.usage, `"${text}" is ambiguous: it fits ${found.length} ${what}s`, {
    hint: lines.join('\n'),
  });
}

/** Returns the requests of the session that a text names. Throws a VerbError if it names several. */
function ofSession(
  desk: Desk,
  all: readonly FoundRequest[],
  text: string,
  on: readonly string[],
): readonly FoundRequest[] {
  const session = desk.knownOrNull(text, on);
  return session === null ? [] : requestsOf(desk, all, new Set([session.session.id]));
}

/** Returns the requests of sessions and of their subagents. */
export function requestsOf(
  { fleet }: Pick<Desk, 'fleet'>,
  all: readonly FoundRequest[],
  sessions: ReadonlySet<string>,
): readonly FoundRequest[] {
  const { entries } = fleet.getState();
  return all.filter(({ alias, pending }) => {
    const listed = entries.get(alias)?.snapshot?.sessions ?? [];
    const seen = new Set<string>();
    let id: string | null = pending.request.sessionId;
    while (id !== null && !seen.has(id)) {
      if (sessions.has(id)) return true;
      seen.add(id);
      id = listed.find((session) => session.id === id)?.parentId ?? null;
    }
    return false;
  });
}
