import { describe, expect, it } from 'vitest';
import { matchSessions } from '../../src/verbs/match-session.ts';
import { answered, aSession } from '../support/builders.ts';

const entries = [
  answered('web1', [
    aSession({ id: 'ses_abc111', title: 'Fix the login' }),
    aSession({ id: 'ses_abc222', title: 'Fix the login page' }),
    aSession({ id: 'ses_abc', title: 'ses_xyz' }),
  ]),
  answered('web2', [
    aSession({ id: 'ses_old', title: 'Deploy', archived: 1 }),
    aSession({ id: 'ses_sub', title: 'Deploy', parentId: 'ses_new' }),
    aSession({ id: 'ses_new', title: 'Deploy' }),
  ]),
];
const idsOf = (text: string) => matchSessions(entries, text).map(({ session }) => session.id);

describe('a session', () => {
  it.each([
    ['its whole id, also where others start alike', 'ses_abc', ['ses_abc']],
    ['the unique start of its id', 'ses_abc1', ['ses_abc111']],
    ['its whole title in any case, also where others contain it', 'fix the LOGIN', ['ses_abc111']],
    ['a part of its title', 'login page', ['ses_abc222']],
    ['a title that only archived sessions and subagents share with it', 'Deploy', ['ses_new']],
  ])('is named by %s', (_how, text, expected) => {
    expect(idsOf(text)).toEqual(expected);
  });

  it('is one of several where a text fits more', () => {
    expect(idsOf('ses_abc2')).toHaveLength(1);
    expect(idsOf('fix')).toEqual(['ses_abc111', 'ses_abc222']);
    expect(idsOf('nothing')).toEqual([]);
  });

  it('is not named by a few letters of an id', () => {
    expect(idsOf('ses')).toEqual(['ses_abc']);
  });
});
