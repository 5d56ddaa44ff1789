import { describe, expect, it } from 'vitest';
import { asksForArchived, highlightsOf, isTimed, readsLiveState } from '../../../src/fleet/filter/dependence.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';

const problemsOf = (text: string) =>
  parseFilter(text).problems.map(({ from, to, message }) => [text.slice(from, to), message]);

describe('a filter that cannot be understood says where and why', () => {
  it('underlines each problem', () => {
    expect(problemsOf('state:waitng host:prod-* cost:>a')).toEqual([
      ['waitng', 'no state "waitng"; did you mean waiting?'],
      ['>a', 'cost: needs a number, such as >1'],
    ]);
  });

  it.each([
    ['stat:waiting', 'stat', 'no field "stat"; did you mean state?'],
    ['sttae:waiting', 'sttae', 'no field "sttae"; did you mean state?'],
    ['!hots:web', 'hots', 'no field "hots"; did you mean host?'],
    ['proj:web', 'proj', 'no field "proj"; did you mean project?'],
    ['mesages:>3', 'mesages', 'no field "mesages"; did you mean messages?'],
    ['state:xylophone', 'xylophone', 'no state "xylophone"; try waiting, working or done'],
    ['state:error,waitng', 'waitng', 'no state "waitng"; did you mean waiting?'],
    ['state:"waitng"', '"waitng"', 'no state "waitng"; did you mean waiting?'],
    ['is:lvie', 'lvie', 'no is:lvie; did you mean live?'],
    ['is:marked', 'marked', 'no is:marked; try live, polled, archived, snoozed, subagent'],
    ['has:permision', 'permision', 'no has:permision; did you mean permission?'],
    ['age:<soon', '<soon', 'age: needs a time, such as <2h'],
    ['age:5', '5', 'age: needs a time, such as <2h'],
    ['tokens:many', 'many', 'tokens: needs a number, such as >100k'],
    ['messages:><3', '><3', 'messages: needs a number, such as >20'],
    ['cost:1,x', 'x', 'cost: needs a number, such as >1'],
    ['web state:', 'state:', 'state: needs a state, such as waiting'],
    ['!host:', '!host:', 'host: needs a name, such as prod-*'],
    ['host:""', 'host:""', 'host: needs a name, such as prod-*'],
    ['host:,,', 'host:,,', 'host: needs a name, such as prod-*'],
  ])('%s', (text, part, message) => {
    expect(problemsOf(text)).toEqual([[part, message]]);
  });

  it('keeps the terms that are understood', () => {
    const { terms, words } = parseFilter('state:waitng host:prod-* web');
    expect(terms).toHaveLength(1);
    expect(words).toEqual(['web']);
  });
});

describe('plain words', () => {
  it.each([
    ['http://x', ['http://x']],
    ['12:30', ['12:30']],
    ['test: core: feat:', ['test:', 'core:', 'feat:']],
    ['port:80 post:x page:3 c:/windows', ['port:80', 'post:x', 'page:3', 'c:/windows']],
    ['std::string', ['std::string']],
    ['a"b "', ['a"b', '"']],
    ['!', ['!']],
    ['! x', ['!', 'x']],
    [':x :', [':x', ':']],
    ['Two\t words\u3000MORE', ['two', 'words', 'more']],
    ['""', []],
    ['"x y" z', ['z']],
  ])('%s', (text, words) => {
    expect(parseFilter(text)).toMatchObject({ words, problems: [] });
  });

  it('are highlighted, as are phrases and titles', () => {
    expect(highlightsOf(parseFilter('Web "Two words" title:login host:x !"no more" title:a*'))).toEqual([
      'web',
      'two words',
      'login',
    ]);
  });
});

describe('the matches of a filter', () => {
  it.each(['state:waiting', '!state:idle', 'age:<2h', 'is:snoozed', 'web state:archived,done'])(
    'change with time for %s',
    (text) => {
      expect(isTimed(parseFilter(text))).toBe(true);
      expect(readsLiveState(parseFilter(text))).toBe(true);
    },
  );

  it.each(['', 'web', 'state:archived', 'cost:>1', 'host:x', 'is:archived', 'has:changes', '"age:<2h"'])(
    'stay as long as the sessions do for %s',
    (text) => {
      expect(isTimed(parseFilter(text))).toBe(false);
      expect(readsLiveState(parseFilter(text))).toBe(false);
    },
  );

  it.each(['has:permission', 'has:todo', 'is:live', 'is:polled,archived'])('change with live state for %s', (text) => {
    expect(isTimed(parseFilter(text))).toBe(false);
    expect(readsLiveState(parseFilter(text))).toBe(true);
  });

  it('hold archived sessions that are asked for', () => {
    expect(
      ['archived', 'is:archived', 'state:idle,archived'].map((text) => asksForArchived(parseFilter(text))),
    ).toEqual([true, true, true]);
    expect(['!archived', 'state:idle', '"archived"'].some((text) => asksForArchived(parseFilter(text)))).toBe(false);
  });
});
