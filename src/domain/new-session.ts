import type { SessionFacts } from './live.ts';
import type { Session, Turn } from './session.ts';

/** Makes a session of what an event tells, which is all that is known of it. `known` are the other sessions of its host. */
export function newSession(facts: SessionFacts, known: readonly Session[]): Session {
  const turn: Turn = 'ended';
  const neighbour = known.find(({ directory }) => directory === facts.directory);
  return {
    ...{ project: neighbour?.project ?? facts.directory, turn, error: null, agent: null, model: null, messages: 0 },
    ...{ cost: null, tokens: null, additions: null, deletions: null, files: null },
    ...facts,
  };
}
