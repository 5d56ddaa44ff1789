import * as z from 'zod';
import { possibleTime } from '../domain/possible-time.ts';
import { projectOf, type Session } from '../domain/session.ts';

const projectSchema = z.object({ id: z.string(), worktree: z.string() });
const sessionSchema = z.object({
  id: z.string().min(1),
  title: z.string(),
  directory: z.string(),
  projectID: z.string().nullish(),
  parentID: z.string().nullish(),
  time: z.object({ created: z.number(), updated: z.number() }),
});

/**
 * Parses the sessions of an opencode that kept them in JSON files. Skips a file that is truncated or has another shape.
 * @param text files in sequence, each after a line `@file PATH`
 */
export function parseStoredSessions(text: string): Session[] {
  const files = text
    .split(/^@file /m)
    .slice(1)
    .map(parseFile);
  const worktrees = new Map<string, string>();
  for (const { path, json } of files) {
    const project = path.startsWith('./project/') ? projectSchema.safeParse(json) : null;
    if (project?.success) worktrees.set(project.data.id, project.data.worktree);
  }
  return files.flatMap(({ path, json }) => {
    const found = path.startsWith('./session/') ? sessionSchema.safeParse(json) : null;
    return found?.success ? [toSession(found.data, worktrees)] : [];
  });
}

function parseFile(text: string): { path: string; json: unknown } {
  const end = text.indexOf('\n');
  try {
    return { path: text.slice(0, end), json: JSON.parse(text.slice(end)) };
  } catch {
    return { path: '', json: null };
  }
}

function toSession(stored: z.infer<typeof sessionSchema>, worktrees: ReadonlyMap<string, string>): Session {
  const { id, title, directory, projectID, parentID, time } = stored;
  return {
    id,
    parentId: parentID ?? null,
    title,
    directory,
    project: projectOf(worktrees.get(projectID ?? '') ?? null, directory),
    created: possibleTime(time.created),
    updated: possibleTime(time.updated),
    archived: null,
    turn: 'unknown',
    error: null,
    agent: null,
    model: null,
    messages: null,
    cost: null,
    tokens: null,
    additions: null,
    deletions: null,
    files: null,
  };
}
