import { GLOBAL_WORKTREE, type Session } from '../../domain/session.ts';
import type { ServerCalls } from './server-calls.ts';
import { type ApiSession, parseProjects, toSession } from './session-shape.ts';

/** Remembers the worktrees of a server's projects, since a session holds only its project's id. */
export class ProjectBook {
  readonly #calls: ServerCalls;
  /** By project id. */
  #worktrees: ReadonlyMap<string, string> = new Map();

  constructor(calls: ServerCalls) {
    this.#calls = calls;
  }

  /** Worktrees of all projects. */
  async list(signal: AbortSignal): Promise<readonly string[]> {
    return [...(await this.byId(signal)).values()].filter((worktree) => worktree !== GLOBAL_WORKTREE);
  }

  /** Worktrees of all projects by id, asked anew. */
  async byId(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    this.#worktrees = await this.#calls.call((sdk, options) => sdk.project.list({}, options), parseProjects, signal);
    return this.#worktrees;
  }

  async toSession(session: ApiSession, signal: AbortSignal): Promise<Session> {
    const { projectID } = session;
    if (projectID == null) return toSession(session, null);
    if (!this.#worktrees.has(projectID)) await this.list(signal);
    return toSession(session, this.#worktrees.get(projectID) ?? null);
  }
}
