import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../src/fleet/filter/state-of.ts';
import { STATE_WORDS, statesNamed } from '../../../src/fleet/filter/state-words.ts';
import { SESSION_STATUSES } from '../../../src/fleet/session-status.ts';
import { SESSION_WORDS, sessionFacts } from '../../../src/fleet/session-word.ts';
import { NOW } from '../../support/builders.ts';
import { INPUTS } from './filter-fleet.ts';

describe('the state that a filter sees', () => {
  it('is the word of the row, but for a subagent that asks', () => {
    const words = new Set<string>();
    for (const entry of INPUTS.entries.values()) {
      for (const session of entry.snapshot?.sessions ?? []) {
        const word = stateOf(entry, session, INPUTS, NOW);
        words.add(word);
        const shown = sessionFacts(INPUTS, entry, session, NOW).word;
        expect([session.id, word]).toEqual([session.id, session.id === 'sub' ? 'question' : shown]);
      }
    }
    expect([...words].sort()).toEqual([...SESSION_WORDS].sort());
  });

  it('has every word of the screen and of JSON', () => {
    for (const word of [...SESSION_WORDS, ...SESSION_STATUSES]) {
      expect(STATE_WORDS).toContain(word);
      expect(statesNamed(word).length, word).toBeGreaterThan(0);
    }
  });
});
