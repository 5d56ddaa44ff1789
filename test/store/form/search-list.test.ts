import { beforeAll, describe, expect, it } from 'vitest';
import { loadFuzzySearch, searchList } from '../../../src/store/form/search-list.ts';

const items = [
  { name: 'preview', description: 'reads only' },
  { name: 'build' },
  { name: 'review', description: 'looks at changes' },
  { name: 'claude sonnet' },
];

function search(query: string, list: readonly { name: string; description?: string }[] = items): string[] {
  const found = searchList(list, query, ({ name, description }) => ({ names: [name], description }));
  return found.map((index) => list[index]!.name);
}

describe('the search of a short list', () => {
  beforeAll(loadFuzzySearch);

  it('has all items in their order without a query', () => {
    expect(search(' ')).toEqual(items.map(({ name }) => name));
  });

  it('has names that start with the query first, then those that contain it', () => {
    expect(search('REV')).toEqual(['review', 'preview']);
  });

  it('has names with a typing error last', () => {
    expect(search('revoew')).toEqual(['review', 'preview']);
    expect(search('buidl')).toEqual(['build']);
    expect(search('builf')).toEqual(['build']);
    expect(search('view', [{ name: 'vies' }, { name: 'preview' }, { name: 'viewer' }])).toEqual([
      'viewer',
      'preview',
      'vies',
    ]);
  });

  it('finds each word of a query, in any order', () => {
    expect(search('sonnet claude')).toEqual(['claude sonnet']);
    expect(search('sonmet claude')).toEqual(['claude sonnet']);
    expect(search('sonnet build')).toEqual([]);
  });

  it('finds a description only as it is typed', () => {
    expect(search('changes')).toEqual(['review']);
    expect(search('chanjes')).toEqual([]);
  });

  it('does not guess at a word of three letters or in a long list', () => {
    expect(search('bxi')).toEqual([]);
    const long = Array.from({ length: 400 }, (_, index) => ({ name: `model-${index}` }));
    expect(search('modex-399', long)).toEqual([]);
    expect(search('399', long)).toEqual(['model-399']);
  });
});
