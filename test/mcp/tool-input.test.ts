import { describe, expect, it } from 'vitest';
import { parseToolInput } from '../../src/mcp/tool-input.ts';
import { toolNamed } from '../../src/mcp/tools.ts';

const parse = (name: string, given: Record<string, unknown>) => parseToolInput(toolNamed(name)!, given, true);

describe('the input of a tool', () => {
  it('is what the command line would give, with the same values for what is left out', () => {
    expect(parse('wait', { session: 'ses_1' }).verb).toEqual({
      ...{ session: 'ses_1', on: [], throughRequests: false, timeout: 180_000, quietFor: 1500 },
    });
    expect(parse('transcript', { session: 'ses_1' }).verb).toMatchObject({ input: null, output: null, follow: false });
  });

  it.each([
    [90, 90_000],
    [0.5, 500],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['20', 20_000],
  ])('takes the time %j', (timeout, milliseconds) => {
    expect(parse('wait', { session: 'x', timeout }).verb.timeout).toBe(milliseconds);
  });

  it('takes null for what is left out, and one text for a list', () => {
    expect(parse('sessions', { on: 'dev', project: null }).verb).toMatchObject({ on: ['dev'], project: null });
  });

  it.each([
    ['wait', {}],
    ['wait', { session: 'x', timeout: 0 }],
    ['wait', { session: 'x', timeout: -1 }],
    ['sessions', { limit: 0 }],
    ['sessions', { limit: 1.5 }],
    ['sessions', { all: 'yes' }],
    ['answer', { request: 'x', answers: [] }],
    ['sessions', { __proto__: null, constructor: 'x' }],
  ])('of %s is refused: %j', (name, given) => {
    expect(() => parse(name, given)).toThrow('the arguments do not fit');
  });
});
