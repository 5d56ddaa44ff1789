import { describe, expect, it } from 'vitest';
import { findRanges, parseQuery, searchHost } from '../../src/store/search.ts';
import { aHost, aSession, sshOptions } from '../support/builders.ts';

const SESSIONS = [
  aSession({ id: 'ses_alpha', title: 'Fix the payment gateway', directory: '/srv/shop', project: '/srv/shop' }),
  aSession({
    id: 'ses_beta',
    title: 'Migrate database to PostgreSQL',
    directory: '/srv/shop/api',
    project: '/srv/shop',
  }),
  aSession({
    id: 'ses_gamma',
    title: 'Обновить документацию',
    directory: '/home/иван/notes',
    project: '/home/иван/notes',
  }),
  aSession({ id: 'ses_delta', title: '日本語のタイトル', directory: '/srv/jp', project: '/srv/jp' }),
];
const host = aHost({ alias: 'web1', label: 'Main server' });

const search = (query: string) => [...searchHost(host, SESSIONS, parseQuery(query)).sessions];

describe('a search', () => {
  it.each([
    ['a word of the title', 'payment', ['ses_alpha']],
    ['letters in upper case', 'PAYMENT', ['ses_alpha']],
    ['a part of a word', 'postgre', ['ses_beta']],
    ['two letters in the wrong order', 'paymnet', ['ses_alpha']],
    ['a letter that is missing', 'gatway', ['ses_alpha']],
    ['a letter too many', 'databbase', ['ses_beta']],
    ['a wrong letter', 'pahment', ['ses_alpha']],
    ['words in any order', 'gateway fix', ['ses_alpha']],
    ['words of which one is misspelt', 'migrate databse', ['ses_beta']],
    ['words of which one is not there', 'payment zebra', []],
    ['words of title and folder', 'api migrate', ['ses_beta']],
    ['an id', 'ses_gamma', ['ses_gamma']],
    ['a part of an id', 'delta', ['ses_delta']],
    ['a folder', '/srv/jp', ['ses_delta']],
    ['the end of a folder', 'shop/api', ['ses_beta']],
    ['Cyrillic letters', 'документацию', ['ses_gamma']],
    ['Cyrillic letters in upper case, misspelt', 'ДОКУМЕНТЦИЮ', ['ses_gamma']],
    ['a folder in Cyrillic letters', 'иван', ['ses_gamma']],
    ['Japanese', 'タイトル', ['ses_delta']],
    ['nothing that is there', 'xylophone', []],
  ])('finds by %s', (_name, query, expected) => {
    expect(search(query).sort()).toEqual([...expected].sort());
  });

  it('finds all sessions of a host by its alias, label or address', () => {
    for (const query of ['web1', 'main', 'server', 'example.org']) {
      const found = searchHost(host, SESSIONS, parseQuery(query));
      expect(found.host, query).toBe(true);
      expect(found.sessions.size, query).toBe(SESSIONS.length);
    }
  });

  it('finds a host and a word of one of its sessions', () => {
    const found = searchHost(host, SESSIONS, parseQuery('web1 payment'));
    expect(found.host).toBe(false);
    expect([...found.sessions]).toEqual(['ses_alpha']);
  });

  it('finds a host that has no sessions', () => {
    expect(searchHost(aHost({ alias: 'empty' }), [], ['empty'])).toEqual({
      host: true,
      sessions: new Set(),
      best: null,
    });
  });

  it('holds the word in the title as the best, then that in the id', () => {
    const sessions = [
      aSession({ id: 'ses_1', directory: '/deploy', project: '/deploy', title: 'a' }),
      aSession({ id: 'ses_deploy', title: 'b' }),
      aSession({ id: 'ses_3', title: 'Deploy the shop' }),
    ];
    expect(searchHost(host, sessions, ['deploy']).best?.id).toBe('ses_3');
    expect(searchHost(host, sessions.slice(0, 2), ['deploy']).best?.id).toBe('ses_deploy');
  });

  it('follows a host whose address has become known', () => {
    const unresolved = aHost({ alias: 'a', route: { kind: 'unresolved', reason: null } });
    const resolved = aHost({
      alias: 'a',
      route: { kind: 'ssh', options: sshOptions({ hostname: 'farm.example.net' }) },
    });
    expect(searchHost(unresolved, SESSIONS, ['farm']).sessions.size).toBe(0);
    expect(searchHost(resolved, SESSIONS, ['farm']).sessions.size).toBe(SESSIONS.length);
  });

  it.each(['(', '[', '*', '\\', '.*', '$', '^', '"', "'", '?', '+', '|', '{', '%'])('survives the sign %s', (sign) => {
    const sessions = [aSession({ title: `a ${sign} b` })];
    expect([...searchHost(host, sessions, parseQuery(sign)).sessions]).toEqual(['ses_1']);
    expect(() => searchHost(host, sessions, parseQuery(`a${sign}b ${sign}x${sign}`))).not.toThrow();
  });
});

describe('parseQuery', () => {
  it('splits at blanks of any kind and number', () => {
    expect(parseQuery('  Two\t words\u3000more ')).toEqual(['two', 'words', 'more']);
    expect(parseQuery('   ')).toEqual([]);
  });
});

describe('findRanges', () => {
  const marked = (text: string, ...words: string[]) =>
    findRanges(text, words).map(([start, end]) => text.slice(start, end));

  it('finds what was typed, as it was typed or nearly', () => {
    expect(marked('Fix the Payment gateway', 'payment')).toEqual(['Payment']);
    expect(marked('Fix the Payment gateway', 'gateway', 'fix')).toEqual(['Fix', 'gateway']);
    expect(marked('Fix the payment gateway', 'paymnet').join('')).toContain('paym');
    expect(marked('Обновить документацию', 'документ')).toEqual(['документ']);
    expect(marked('nothing here', 'zebra')).toEqual([]);
  });

  it('joins ranges that overlap or touch', () => {
    expect(findRanges('abcdef', ['abc', 'cde'])).toEqual([[0, 5]]);
    expect(findRanges('abcdef', ['ab', 'cd'])).toEqual([[0, 4]]);
    expect(findRanges('abcdef', ['abcdef', 'cd'])).toEqual([[0, 6]]);
  });

  it('marks nothing where upper and lower case differ in length', () => {
    expect(findRanges('İstanbul shop', ['shop'])).toEqual([]);
  });
});

describe('letters that are written in more than one way', () => {
  it('are found in a title that holds them decomposed, as names on macOS are', () => {
    const sessions = [aSession({ id: 'ses_cafe', title: 'Cafe\u0301 menu' })];
    expect([...searchHost(aHost(), sessions, parseQuery('café')).sessions]).toEqual(['ses_cafe']);
  });

  it('are found with a wrong first letter', () => {
    const sessions = [aSession({ id: 'ses_pay', title: 'payment webhook' })];
    expect([...searchHost(aHost(), sessions, parseQuery('xayment')).sessions]).toEqual(['ses_pay']);
  });
});
