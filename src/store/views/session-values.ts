import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import type { AttentionInputs } from '../../fleet/select-attention.ts';
import { SESSION_WORDS, sessionFacts } from '../../fleet/session-word.ts';
import type { SessionSort } from '../sort.ts';

/** A value to sort by: texts ascend, numbers are negated where users want the largest first. */
export type SortValue = string | number;

const RANKS = new Map(SESSION_WORDS.map((word, index) => [word, index]));
/** Permissions and questions are one rank: both block an agent. */
const rankOf = (word: (typeof SESSION_WORDS)[number]) => (word === 'question' ? 0 : (RANKS.get(word) ?? 0));
/** Room for a time beside a rank in one number: 2^43 ms, until the year 2248. */
const RANK = 2 ** 43;

/** Returns the value by which a session table sorts; absent numbers come last. */
export function sessionValue(
  by: SessionSort,
  entry: HostEntry,
  session: Session,
  inputs: AttentionInputs,
  now: number,
): SortValue {
  switch (by) {
    case 'title':
      return session.title.toLowerCase();
    case 'host':
      return entry.host.label.toLowerCase();
    case 'project':
      return session.project;
    case 'state': {
      const { word, since } = sessionFacts(inputs, entry, session, now);
      const rank = rankOf(word);
      // The longest wait first; at rest the latest first.
      return rank * RANK + (rank <= rankOf('done') ? since : RANK - 1 - since);
    }
    case 'age':
      return -sessionFacts(inputs, entry, session, now).since;
    case 'cost':
      return descending(session.cost);
    case 'agent':
      return session.agent ?? '\uffff';
    case 'model':
      return session.model ?? '\uffff';
    case 'changes':
      return descending(session.additions === null ? null : session.additions + (session.deletions ?? 0));
    case 'messages':
      return descending(session.messages);
    case 'tokens':
      return descending(session.tokens === null ? null : session.tokens.input + session.tokens.output);
  }
}

function descending(value: number | null): number {
  return value === null ? Number.POSITIVE_INFINITY : -value;
}
