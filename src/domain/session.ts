import type { DayUse } from './day-use.ts';

/** State of a session's last turn, by its last message. */
export type Turn =
  /** The assistant's last message is complete, or there is no message yet. */
  | 'ended'
  /** The assistant's last message is incomplete: working, or killed midway. */
  | 'open'
  /** The last message is a user's, and no answer has begun: a prompt sent with `noReply` waits like this. */
  | 'queued'
  /** The last turn ended in an error. */
  | 'failed'
  /** The source does not tell. */
  | 'unknown';

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/**
 * An opencode session on a host. Fields that its source lacks are `null`. Times are epoch milliseconds of the host's
 * clock.
 */
export interface Session {
  readonly id: string;
  /** Set for a subagent's session: the session that started it. */
  readonly parentId: string | null;
  readonly title: string;
  readonly directory: string;
  /** The project's worktree; for a folder outside any repository that folder itself. */
  readonly project: string;
  readonly created: number;
  readonly updated: number;
  /**
   * When its last turn ended, if its last message says so. Renaming, archiving or restoring a session changes only
   * `updated`.
   */
  readonly endedAt?: number | undefined;
  readonly archived: number | null;
  readonly turn: Turn;
  /** Name of the error that ended the last turn. */
  readonly error: string | null;
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
  readonly messages: number | null;
  /** US dollars. */
  readonly cost: number | null;
  readonly tokens: Tokens | null;
  /** Its use on the day on which it was read; `null` if there was none, missing if its source does not tell. */
  readonly today?: DayUse | null | undefined;
  readonly additions: number | null;
  readonly deletions: number | null;
  readonly files: number | null;
}

/** Worktree of the one project to which opencode assigns every folder outside a repository. */
export const GLOBAL_WORKTREE = '/';

/**
 * Returns a session's project: the worktree that holds its directory. A directory outside of it is a project of its own: opencode treats clones with
 * the same first commit as one project, with the worktree of one of them.
 */
export function projectOf(worktree: string | null, directory: string): string {
  const isInside = worktree !== null && (directory === worktree || directory.startsWith(`${worktree}/`));
  return isInside ? worktree : directory;
}

/** Returns a session's folder below its project; empty for the project itself. */
export function placeInProject({ directory, project }: Pick<Session, 'directory' | 'project'>): string {
  return directory.startsWith(`${project}/`) ? directory.slice(project.length + 1) : '';
}

/** Returns when a session was last used, epoch milliseconds of its host's clock. */
export function lastUseOf({ updated, endedAt }: Pick<Session, 'updated' | 'endedAt'>): number {
  return Math.min(updated, endedAt ?? updated);
}

/** Drops the later ones of sessions with the same id. Keeps the order. */
export function dedupeSessions(sessions: readonly Session[]): readonly Session[] {
  const seen = new Map<string, Session>();
  for (const session of sessions) if (!seen.has(session.id)) seen.set(session.id, session);
  return seen.size === sessions.length ? sessions : [...seen.values()];
}
