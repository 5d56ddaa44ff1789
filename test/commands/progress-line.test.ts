import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressLine } from '../../src/commands/progress-line.ts';
import { describeAsking } from '../../src/verbs/describe-asking.ts';
import { aFailure, aHost, anEntry, answered } from '../support/builders.ts';

describe('a line of progress', () => {
  let written: string[];
  const terminal = (isTTY: boolean, columns = 40) => ({
    isTTY,
    columns,
    write: (text: unknown) => written.push(String(text)) > 0,
  });
  beforeEach(() => {
    written = [];
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  });
  afterEach(() => void vi.useRealTimers());

  it('says nothing in the first moment, then stands on one line that is erased at the end', () => {
    const line = new ProgressLine(terminal(true) as never, {});
    line.show('asking');
    vi.setSystemTime(300);
    line.show('asking');
    line.show('asking');
    line.show('a\u001b[2Jb\nc'.padEnd(80, 'x'));
    line.clear();
    line.clear();
    expect(written).toEqual(['\r\u001b[Kasking', `\r\u001b[Kab c${'x'.repeat(34)}…`, '\r\u001b[K']);
  });

  it.each([
    ['a pipe', false, {}],
    ['a terminal that cannot erase', true, { TERM: 'dumb' }],
  ])('is not written to %s', (_where, isTTY, environment) => {
    const line = new ProgressLine(terminal(isTTY) as never, environment);
    vi.setSystemTime(300);
    line.show('asking');
    line.clear();
    expect(written).toEqual([]);
  });
});

describe('the progress line while hosts are polled', () => {
  const waiting = (alias: string) => anEntry({ host: aHost({ alias }), refreshing: true });

  it.each([
    [[waiting('a')], 'asking 1 host, 0 answered: waiting for a'],
    [[answered('a', []), anEntry({ failure: aFailure() }), waiting('b')], 'asking 3 hosts, 2 answered: waiting for b'],
    [['a', 'b', 'c', 'd', 'e'].map(waiting), 'asking 5 hosts, 0 answered: waiting for a, b, c and 2 more'],
    [[answered('a', [])], 'asking 1 host: all have answered, reading the rest'],
  ])('names those that have not answered: %#', (entries, expected) => {
    expect(describeAsking(entries)).toBe(expected);
  });
});
