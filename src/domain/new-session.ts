import type { SessionFacts } from './live.ts';
import type { Session, Turn } from './session.ts';

const projects = new WeakMap<readonly Session[], ReadonlyMap<string, string>>();

/** The projects of a list's directories, computed once per list. */
function projectsOf(sessions: readonly Session[]): ReadonlyMap<string, string> {
  const found = projects.get(sessions) ?? new Map(sessions.map(({ directory, project }) => [directory, project]));
  projects.set(sessions, found);
  return found;
}

/** Builds a session from an event, its only source so far. `known` are the other sessions of its host. */
export function newSession(facts: SessionFacts, known: readonly Session[]): Session {
  const turn: Turn = 'ended';
  return {
    project: projectsOf(known).get(facts.directory) ?? facts.directory,
    turn,
    error: null,
    agent: null,
    model: null,
    messages: 0,
    cost: null,
    tokens: null,
    additions: null,
    deletions: null,
    files: null,
    ...facts,
  };
}
