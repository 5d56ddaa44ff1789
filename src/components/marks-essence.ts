import { formatCost } from '../domain/format.ts';
import { sessionFacts } from '../fleet/session-word.ts';
import type { OcrState } from '../store/state.ts';
import { markedSessions } from './keys/action-target.ts';
import { segment } from './paint/line.ts';
import type { Essence } from './views/essence.ts';

/** Tells how many sessions are marked, in which states, and what they cost; `null` without a mark. */
export function marksEssence(state: OcrState, now: number): Essence | null {
  if (state.marked.size === 0) return null;
  const marked = markedSessions(state);
  if (marked.length === 0) return null;
  const words = new Map<string, number>();
  let cost = 0;
  for (const { entry, session } of marked) {
    const { word } = sessionFacts(state, entry, session, now);
    words.set(word, (words.get(word) ?? 0) + 1);
    cost += session.cost ?? 0;
  }
  const states = [...words].map(([word, count]) => `${count} ${word}`).join(', ');
  return {
    left: [segment(`${marked.length} marked`, 'match', true), segment(`: ${states}`)],
    right: cost > 0 ? [segment(formatCost(cost), 'dim')] : [],
  };
}
