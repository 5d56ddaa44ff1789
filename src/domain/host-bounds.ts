import type { LiveHost, PendingRequest, SessionFacts } from './live.ts';
import type { Session } from './session.ts';
import type { UserRequest } from './user-request.ts';

/** Limits on the data of one host, so that a host that lies or runs wild does not stop the rest. */
export const MAX_SESSIONS = 100_000;
export const MAX_REQUESTS = 1000;
/** Characters of all requests of a host together. */
export const MAX_REQUEST_CHARS = 8_000_000;
/** Characters of a title or an error's name; of a path on Linux (PATH_MAX); of a short name such as a model's. */
const [MAX_TITLE_CHARS, MAX_PATH_CHARS, MAX_NAME_CHARS] = [500, 4096, 200];

/** Returns the sessions with their texts cut to the limits. If there are too many, keeps the latest changed ones, in their order. */
export function boundSessions(sessions: readonly Session[]): readonly Session[] {
  const kept = sessions.length > MAX_SESSIONS ? newest(sessions) : sessions;
  return kept.some(isLong) ? kept.map((session) => (isLong(session) ? boundTexts(session) : session)) : kept;
}

/** Returns the facts with their texts cut to the limits. */
export function boundFacts(facts: SessionFacts): SessionFacts {
  return isLong(facts) ? boundTexts(facts) : facts;
}

/** True if a host may keep one more request. */
export function hasRoomFor(request: UserRequest, requests: ReadonlyMap<string, PendingRequest>): boolean {
  if (requests.size >= MAX_REQUESTS) return false;
  let length = lengthOf(request);
  for (const pending of requests.values()) length += lengthOf(pending.request);
  return length <= MAX_REQUEST_CHARS;
}

/** Describes what was cut of a host, such as `cut: 100,000 sessions`; `null` if nothing was. */
export function describeCuts(sessions: number, { isCut, requests, servers }: LiveHost): string | null {
  const cuts = [
    ...(sessions >= MAX_SESSIONS ? [`${counted(MAX_SESSIONS)} sessions`] : []),
    ...(isCut ? [`${counted(requests.size)} requests`] : []),
    ...([...servers.values()].some(({ flooded }) => flooded) ? ['events'] : []),
  ];
  return cuts.length === 0 ? null : `cut: ${cuts.join(', ')}`;
}

const counted = (count: number) => count.toLocaleString('en-US');

function newest(sessions: readonly Session[]): readonly Session[] {
  const kept = new Set([...sessions].sort((a, b) => b.updated - a.updated).slice(0, MAX_SESSIONS));
  return sessions.filter((session) => kept.has(session));
}

type Texts = Pick<Session, 'title' | 'directory'> & Partial<Pick<Session, 'project' | 'error' | 'agent' | 'model'>>;

function isLong({ title, directory, project, error, agent, model }: Texts): boolean {
  return (
    title.length > MAX_TITLE_CHARS ||
    directory.length > MAX_PATH_CHARS ||
    (project?.length ?? 0) > MAX_PATH_CHARS ||
    (error?.length ?? 0) > MAX_TITLE_CHARS ||
    Math.max(agent?.length ?? 0, model?.length ?? 0) > MAX_NAME_CHARS
  );
}

function boundTexts<One extends Texts>(session: One): One {
  const { title, directory, project, error, agent, model } = session;
  return {
    ...session,
    title: cut(title, MAX_TITLE_CHARS),
    directory: cut(directory, MAX_PATH_CHARS),
    ...(project === undefined ? {} : { project: cut(project, MAX_PATH_CHARS) }),
    ...(error == null ? {} : { error: cut(error, MAX_TITLE_CHARS) }),
    ...(agent == null ? {} : { agent: cut(agent, MAX_NAME_CHARS) }),
    ...(model == null ? {} : { model: cut(model, MAX_NAME_CHARS) }),
  };
}

/** Copies the text: a slice would keep the whole text in memory. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${Array.from(text.slice(0, length - 1)).join('')}…`;
}

const lengths = new WeakMap<UserRequest, number>();

function lengthOf(request: UserRequest): number {
  const known = lengths.get(request) ?? JSON.stringify(request).length;
  lengths.set(request, known);
  return known;
}
