import { describe, expect, it } from 'vitest';
import { completeFilter } from '../../../src/fleet/filter/complete-filter.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';
import { vocabularyOf } from '../../../src/fleet/filter/vocabulary.ts';
import { answered, aSession } from '../../support/builders.ts';
import { INPUTS } from './filter-fleet.ts';

const VOCABULARY = vocabularyOf(INPUTS.entries);

/** Completes at the `|`. Returns the text with the first choice, and all choices. */
function complete(marked: string, vocabulary = VOCABULARY) {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, choices } = completeFilter(text, at, vocabulary);
  const inserts = choices.map(({ insert }) => insert);
  return { text: text.slice(0, from) + (inserts[0] ?? text.slice(from, to)) + text.slice(to), inserts };
}

describe('a completion', () => {
  it.each([
    ['sta|', 'state:'],
    ['web sta|', 'web state:'],
    ['!sta|', '!state:'],
    ['STA|', 'state:'],
    ['sta|:waiting', 'state:waiting'],
    ['state:wai|', 'state:waiting'],
    ['state:err|', 'state:error'],
    ['state:error,wor|', 'state:error,working'],
    ['state:wor|,error', 'state:working,error'],
    ['!state:co|', '!state:cold'],
    ['has:sub|', 'has:subagents'],
    ['is:arch|', 'is:archived'],
    ['host:dev|', 'host:dev-anna'],
    ['host:anna|', 'host:dev-anna'],
    ['group:w|', 'group:work'],
    ['agent:b|', 'agent:build'],
    ['model:opus|', 'model:anthropic/claude-opus-4.5'],
    ['project:pay|', 'project:/home/me/work/payments'],
    ['cost:|', 'cost:>1'],
    ['age:>|', 'age:>3d'],
    ['dev-a|', 'host:dev-anna'],
    ['waiti|', 'state:waiting'],
  ])('of %s is %s', (marked, expected) => {
    expect(complete(marked).text).toBe(expected);
  });

  it.each([
    ['state:waitng|', 'state:waiting'],
    ['state:errord|', 'state:error'],
    ['stat:|waiting', 'state:waiting'],
    ['sttae|:waiting', 'state:waiting'],
    ['host:prod-bd|', 'host:prod-db'],
    ['cost:>a|', 'cost:>1'],
    ['cost:<a|', 'cost:<0.5'],
  ])('of the misspelt %s is %s', (marked, expected) => {
    expect(complete(marked).text).toBe(expected);
  });

  it.each(['xylophone|', '"two wor|', 'title:lo|', 'cost:>7|', 'http://|'])('of %s is none', (marked) => {
    expect(complete(marked).inserts).toEqual([]);
  });

  it('offers all fields where nothing is typed, and all states, the most asked for first', () => {
    expect(complete('|').inserts.slice(0, 3)).toEqual(['state:', 'host:', 'project:']);
    expect(complete('web | title:x').inserts).toHaveLength(14);
    expect(complete('state:|').inserts.slice(0, 5)).toEqual(['waiting', 'working', 'retrying', 'stalled', 'error']);
  });

  it('tells how many sessions have a value, most used first', () => {
    expect(completeFilter('host:', 5, VOCABULARY).choices).toEqual([
      { insert: 'prod-api', note: '6 sessions' },
      { insert: 'prod-db', note: '5 sessions' },
      { insert: 'dev-anna', note: '5 sessions' },
    ]);
    expect(completeFilter('agent:gen', 9, VOCABULARY).choices).toEqual([{ insert: 'general', note: '1 session' }]);
  });

  it('quotes values with blanks and leaves out those that cannot be typed', () => {
    const projects = ['/my app', '/a,b', '/bad\u001b[31m', '/quo"te'];
    const sessions = projects.map((project) => aSession({ id: project, project }));
    const vocabulary = vocabularyOf(new Map([['web1', answered('web1', sessions)]]));
    expect(complete('project:|', vocabulary).inserts).toEqual(['"/my app"', '"/a,b"']);
    expect(complete('project:"/my|', vocabulary).text).toBe('project:"/my app"');
    expect(parseFilter('project:"/my app"').problems).toEqual([]);
  });

  it('offers 20 values at most', () => {
    const sessions = Array.from({ length: 30 }, (_, index) => aSession({ id: String(index), project: `/p${index}` }));
    const vocabulary = vocabularyOf(new Map([['web1', answered('web1', sessions)]]));
    expect(complete('project:|', vocabulary).inserts).toHaveLength(20);
  });
});
