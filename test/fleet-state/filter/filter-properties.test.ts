import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeFilter } from '../../../src/fleet/filter/complete-filter.ts';
import { shorterFilters } from '../../../src/fleet/filter/explain-no-match.ts';
import { FIELD_NAMES } from '../../../src/fleet/filter/fields.ts';
import { matchesHost } from '../../../src/fleet/filter/match-host.ts';
import { matchesSession } from '../../../src/fleet/filter/match-session.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';
import { STATE_WORDS } from '../../../src/fleet/filter/state-words.ts';
import { vocabularyOf } from '../../../src/fleet/filter/vocabulary.ts';
import { NOW } from '../../support/builders.ts';
import { ALL, find, INPUTS } from './filter-fleet.ts';

const VOCABULARY = vocabularyOf(INPUTS.entries);

const value = fc.oneof(
  fc.constantFrom(...STATE_WORDS, 'waitng', 'permission', 'live', 'polled', 'archived', 'snoozed', 'changes', 'lvie'),
  fc.constantFrom('>1', '<2h', '>=3d', '<a', '5', '=0', 'prod-*', 'dev?', '*', 'build', '"a b"', '"', '', '100k'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const name = fc.oneof(fc.constantFrom(...FIELD_NAMES), fc.constantFrom('stat', 'hots', 'http', 'x', ''));
const field = fc.tuple(name, fc.array(value, { maxLength: 3 })).map(([key, values]) => `${key}:${values.join(',')}`);
const word = fc.oneof(fc.constantFrom('archived', 'checkout', '"two words"', '"', '!'), fc.string({ unit: 'binary' }));
const term = fc.tuple(fc.constantFrom('', '!', '!!'), fc.oneof(field, word)).map((parts) => parts.join(''));
const filterText = fc.oneof(
  fc.array(term, { maxLength: 5 }).map((terms) => terms.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('any text', () => {
  it('can be parsed, matched, shortened and completed anywhere', () => {
    fc.assert(
      fc.property(filterText, fc.integer({ min: -2, max: 80 }), (text, cursor) => {
        find(text);
        shorterFilters(parseFilter(text));
        const { from, to, choices } = completeFilter(text, cursor, VOCABULARY);
        expect(choices.length).toBeLessThanOrEqual(20);
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
      }),
    );
  });

  it('has its problems and terms within it', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        const { problems, terms } = parseFilter(text);
        for (const { from, to } of [...problems, ...terms]) {
          expect(0 <= from && from < to && to <= text.length).toBe(true);
        }
      }),
    );
  });

  it('loses a problem with each completion of it', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        for (const problem of parseFilter(text).problems) {
          const { from, to, choices } = completeFilter(text, problem.to, VOCABULARY);
          for (const { insert } of choices) {
            const { problems } = parseFilter(text.slice(0, from) + insert + text.slice(to));
            const left = problems.filter((one) => one.from === problem.from && one.message === problem.message);
            expect(left).toEqual([]);
          }
        }
      }),
    );
  });
});

describe('a term', () => {
  it('finds with ! all sessions that it does not find without', () => {
    fc.assert(
      fc.property(fc.oneof(field, fc.constantFrom('"checkout"', 'archived', '"prod-db"')), (text) => {
        const { terms, words, problems } = parseFilter(text);
        fc.pre(terms.length === 1 && words.length === 0 && problems.length === 0 && !/\s/.test(text));
        const found = new Set(find(text));
        expect(find(`!${text}`)).toEqual(ALL.filter((id) => !found.has(id)));
      }),
    );
  });
});

describe('a host', () => {
  it('is ruled out only with all its sessions, and fits only with all of them', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        const filter = parseFilter(text);
        for (const entry of INPUTS.entries.values()) {
          const verdict = matchesHost(filter, entry);
          const sessions = entry.snapshot?.sessions ?? [];
          const matches = sessions.filter((session) => matchesSession(filter, entry, session, INPUTS, NOW));
          if (verdict === false) expect(matches).toEqual([]);
          if (verdict === true) expect(matches).toEqual(sessions);
        }
      }),
    );
  });
});
