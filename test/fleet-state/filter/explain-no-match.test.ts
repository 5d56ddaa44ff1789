import { describe, expect, it } from 'vitest';
import { explainNoMatch, shorterFilters } from '../../../src/fleet/filter/explain-no-match.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';
import { find } from './filter-fleet.ts';

const explain = (text: string) =>
  explainNoMatch(shorterFilters(parseFilter(text)), (filter) => find(filter.text).length);

describe('a filter that matches nothing', () => {
  it('names the term without which most match', () => {
    expect(find('state:waiting host:dev-*')).toEqual([]);
    expect(explain('state:waiting host:dev-*')).toEqual({ without: 'state:', matches: 5 });
    expect(explain('state:waiting host:nowhere !archived')).toEqual({ without: 'host:', matches: 3 });
    expect(explain('xylophone state:done')).toEqual({ without: 'xylophone', matches: 1 });
    expect(explain('"no such text" state:done')).toEqual({ without: '"no such text"', matches: 1 });
    expect(explain('!prod-db state:done')).toEqual({ without: 'state:', matches: 11 });
  });

  it('names none where leaving out one does not help, and where there is only one or a great many', () => {
    expect(explain('xylophone host:nowhere state:done')).toBeNull();
    expect(explain('xylophone')).toBeNull();
    expect(shorterFilters(parseFilter('a b c d e f g h i'))).toEqual([]);
  });
});
