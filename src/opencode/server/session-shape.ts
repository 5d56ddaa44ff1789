import * as z from 'zod';
import type { SessionFacts } from '../../domain/live.ts';
import { possibleTime } from '../../domain/possible-time.ts';
import { projectOf, type Session, type Tokens } from '../../domain/session.ts';
import * as shape from '../../lib/shape.ts';

/** A session as the API has it, as far as it is read: what `checkSession` has found to be so. */
export interface ApiSession {
  readonly id: string;
  readonly directory: string;
  readonly title: string;
  readonly parentID?: string | null;
  readonly projectID?: string | null;
  readonly agent?: string | null;
  readonly cost?: number | null;
  readonly time: { readonly created: number; readonly updated: number; readonly archived?: number | null };
  readonly model?: unknown;
  readonly tokens?: unknown;
  readonly summary?: unknown;
  readonly project?: unknown;
}

const wrongField = shape.objectOf({
  id: shape.text,
  directory: shape.text,
  title: shape.text,
  parentID: shape.optional(shape.text),
  projectID: shape.optional(shape.text),
  agent: shape.optional(shape.text),
  cost: shape.optional(shape.number),
});
const wrongTime = shape.objectOf({
  created: shape.number,
  updated: shape.number,
  archived: shape.optional(shape.number),
});
const wrongModel = shape.objectOf({ id: shape.text, providerID: shape.text });
const wrongSummary = shape.objectOf({ additions: shape.number, deletions: shape.number, files: shape.number });
const wrongTokens = shape.objectOf({ input: shape.number, output: shape.number, reasoning: shape.number });
const wrongCache = shape.objectOf({ read: shape.number, write: shape.number });
const wrongProject = shape.objectOf({ worktree: shape.text });

/** Validated by hand, since sessions come by the thousand. Throws a SyntaxError on anything else. */
export function checkSession(value: unknown): ApiSession {
  const session = value as ApiSession;
  const wrong = wrongField(value) ?? wrongTime(session.time);
  if (wrong !== null) throw new SyntaxError(`a session with an unexpected ${wrong || 'content'}`);
  return session;
}

/** Parses a list of sessions, each with its project. */
export function parseSessions(value: unknown): readonly Session[] {
  if (!Array.isArray(value)) throw new SyntaxError('not a list of sessions');
  return value.map((item) => {
    const session = checkSession(item);
    const { project } = session;
    const worktree = wrongProject(project) === null ? (project as { worktree: string }).worktree : null;
    return toSession(session, worktree);
  });
}

/** @param worktree of the session's project; `null` if it has none */
export function toSession(session: ApiSession, worktree: string | null): Session {
  const { model, tokens, additions, deletions, files, agent, cost, ...core } = factsOf(session);
  return {
    ...core,
    project: projectOf(worktree, session.directory),
    turn: 'unknown',
    error: null,
    agent: agent ?? null,
    model: model ?? null,
    messages: null,
    cost: cost ?? null,
    tokens: tokens ?? null,
    additions: additions ?? null,
    deletions: deletions ?? null,
    files: files ?? null,
  };
}

/** Returns the fields that a session contains. */
export function factsOf(session: ApiSession): SessionFacts {
  const { id, parentID, title, directory, time, agent, cost } = session;
  const model = modelOf(session.model);
  const tokens = tokensOf(session.tokens);
  return {
    id,
    parentId: parentID ?? null,
    title,
    directory,
    created: possibleTime(time.created),
    updated: possibleTime(time.updated),
    archived: archivedOf(time.archived),
    ...(agent == null ? {} : { agent }),
    ...(model === null ? {} : { model }),
    ...(cost == null ? {} : { cost }),
    ...(tokens === null ? {} : { tokens }),
    ...summaryOf(session.summary),
  };
}

/** The API cannot clear the time, so 0 means unarchived. */
function archivedOf(time: number | null | undefined): number | null {
  return time ? possibleTime(time) : null;
}

function modelOf(value: unknown): string | null {
  if (wrongModel(value) !== null) return null;
  const { providerID, id } = value as { providerID: string; id: string };
  return `${providerID}/${id}`;
}

function tokensOf(value: unknown): Tokens | null {
  if (wrongTokens(value) !== null) return null;
  const { cache, input, output, reasoning } = value as Omit<Tokens, 'cacheRead' | 'cacheWrite'> & { cache?: unknown };
  const { read, write } =
    wrongCache(cache) === null ? (cache as { read: number; write: number }) : { read: 0, write: 0 };
  return { input, output, reasoning, cacheRead: read, cacheWrite: write };
}

function summaryOf(value: unknown): Partial<Pick<SessionFacts, 'additions' | 'deletions' | 'files'>> {
  if (wrongSummary(value) !== null) return {};
  const { additions, deletions, files } = value as { additions: number; deletions: number; files: number };
  return { additions, deletions, files };
}

/** Worktrees of projects by their ids. */
export function parseProjects(value: unknown): ReadonlyMap<string, string> {
  const projects = z.array(z.object({ id: z.string(), worktree: z.string() })).parse(value);
  return new Map(projects.map(({ id, worktree }) => [id, worktree]));
}
