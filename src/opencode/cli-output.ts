import * as z from 'zod';
import { projectOf, type Session } from '../domain/session.ts';

const listSchema = z.array(
  z.object({
    id: z.string().min(1),
    title: z.string(),
    updated: z.number(),
    created: z.number(),
    directory: z.string(),
    parentID: z.string().nullish(),
  }),
);
const projectsSchema = z.array(z.object({ worktree: z.string() }));

/**
 * Finds the JSON array in a command's output. It starts and ends on lines of its own; lines around it (notices,
 * updates) are skipped, whatever brackets they contain. Returns `null` if there is none.
 */
function findArray(text: string): unknown {
  const lines = text.split('\n');
  const starts = [...lines.keys()].filter((index) => lines[index]?.trimStart().startsWith('['));
  const ends = [...lines.keys()].filter((index) => lines[index]?.trimEnd().endsWith(']')).reverse();
  for (const start of starts) {
    for (const end of ends.filter((index) => index >= start)) {
      const found = parseJson(lines.slice(start, end + 1).join('\n'));
      if (Array.isArray(found)) return found;
    }
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Parses the output of `opencode session list --format json` in a project's worktree, which is empty if there is no
 * session. It has neither states nor subagents. Throws on anything else.
 */
export function parseSessionList(text: string, worktree: string): Session[] {
  const found = findArray(text);
  if (found === null) {
    if (text.trim() === '') return [];
    throw new SyntaxError(`not a session list: ${text.trim().slice(0, 80)}`);
  }
  return listSchema.parse(found).map((item) => ({
    id: item.id,
    parentId: item.parentID ?? null,
    title: item.title,
    directory: item.directory,
    project: projectOf(worktree, item.directory),
    created: item.created,
    updated: item.updated,
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
  }));
}

/** Parses the worktrees of all projects from the output of `opencode debug scrap`. Throws on anything else. */
export function parseProjectList(text: string): string[] {
  return projectsSchema.parse(findArray(text) ?? []).map((project) => project.worktree);
}

/**
 * Parses the version from the output of `opencode --version`: the last line that looks like one; `null` if there is
 * none.
 */
export function parseVersion(text: string): string | null {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => /^v?\d+\.\d+\S*$/.test(line))?.replace(/^v/, '') ?? null;
}
