import * as z from 'zod';
import type { DemoOpencode, DemoProject, Kept } from '../model/opencode.ts';
import type { DemoSession } from '../model/session.ts';

const createBody = z
  .object({
    title: z.string().optional(),
    agent: z.string().optional(),
    model: z.object({ providerID: z.string(), id: z.string() }).optional(),
  })
  .catch({});

const changeBody = z.object({
  title: z.string().optional(),
  time: z.object({ archived: z.number() }).optional(),
});

const importedSchema = z.object({
  info: z.looseObject({ id: z.string(), title: z.string(), directory: z.string() }),
});

export function createSession(opencode: DemoOpencode, directory: string, body: unknown): DemoSession {
  const { title, agent, model } = createBody.parse(body);
  const now = opencode.now();
  const project = projectOf(opencode, directory);
  const [providerID = '', ...name] = project.seed.model.split('/');
  const session: DemoSession = {
    ...{ id: opencode.ids.make('ses', now), parentID: null, projectID: project.id, directory },
    ...{ title: title ?? `New session - ${new Date(now).toISOString()}`, agent: agent ?? 'build', cost: 0 },
    model: model ?? { id: name.join('/'), providerID },
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    summary: { additions: 0, deletions: 0, files: 0 },
    time: { created: now, updated: now },
  };
  return keep(opencode, { session, project: project.seed, messages: [], todos: [], changes: [], status: null });
}

/** Renames a session, archives it, or takes it out of the archive. */
export function changeSession(opencode: DemoOpencode, kept: Kept, body: unknown): DemoSession {
  const { title, time } = changeBody.parse(body);
  if (title !== undefined) kept.session.title = title;
  if (time !== undefined) kept.session.time.archived = time.archived;
  opencode.store(kept);
  opencode.tell(kept);
  return kept.session;
}

/** Returns a copy with messages of its own. */
export function forkSession(opencode: DemoOpencode, from: Kept): DemoSession {
  const now = opencode.now();
  const id = opencode.ids.make('ses', now);
  const copy = structuredClone({ messages: from.messages, todos: from.todos, changes: from.changes });
  const messages = copy.messages.map(({ info, parts }) => ({
    info: { ...info, sessionID: id, id: opencode.ids.make('msg', info.time.created) },
    parts,
  }));
  const { archived: _archived, ...time } = from.session.time;
  const session = {
    ...structuredClone(from.session),
    ...{ id, title: `${from.session.title} (fork #1)`, time: { ...time, created: now, updated: now } },
  };
  return keep(opencode, { ...copy, messages, session, project: from.project, status: null });
}

/** Removes a session and its subagents' sessions. */
export function removeSession(opencode: DemoOpencode, kept: Kept): void {
  const { id, directory } = kept.session;
  for (const child of opencode.childrenOf(id)) removeSession(opencode, child);
  opencode.kept.delete(id);
  opencode.removed.set(id, kept);
  opencode.store(kept);
  opencode.emit(directory, 'session.deleted', { sessionID: id, info: kept.session });
}

/** Brings back a deleted session, given the text of its export. Throws a ZodError or a SyntaxError on another text. */
export function importSession(opencode: DemoOpencode, text: string): void {
  const { info } = importedSchema.parse(JSON.parse(text));
  const kept = opencode.removed.get(info.id);
  if (kept === undefined) throw new SyntaxError(`${info.id} was not deleted here`);
  keep(opencode, kept);
}

function keep(opencode: DemoOpencode, kept: Kept): DemoSession {
  opencode.kept.set(kept.session.id, kept);
  opencode.store(kept);
  opencode.tell(kept, 'session.created');
  return kept.session;
}

function projectOf(opencode: DemoOpencode, directory: string): DemoProject {
  const found =
    opencode.projects.find(({ worktree }) => directory === worktree || directory.startsWith(`${worktree}/`)) ??
    opencode.projects[0];
  if (found === undefined) throw new TypeError('a host of the demo without projects');
  return found;
}
