import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findJsonProblem } from '../../../src/report/transcript/find-json-problem.ts';

const tokens = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"a"',
  '"',
  '\\',
  '1',
  '-',
  '.5',
  'e3',
  '0',
  'null',
  ' ',
  '\n',
  '\\u12',
  'é',
);
const almostJson = fc.oneof(
  fc.array(tokens, { maxLength: 12 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.tuple(fc.json(), fc.nat(), fc.nat(3), tokens).map(([json, at, cut, token]) => {
    const from = at % (json.length + 1);
    return json.slice(0, from) + token + json.slice(from + cut);
  }),
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('a text has a problem exactly if JSON.parse rejects it', () => {
  fc.assert(
    fc.property(fc.oneof(almostJson, fc.json()), (text) => {
      const problem = findJsonProblem(text);
      expect(problem === null).toBe(isJson(text));
      if (problem !== null) expect(problem.at).toBeLessThanOrEqual(text.length);
    }),
  );
});

it('the problem is the first wrong character, after any JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.json()), (list) => {
      const before = `{"a": [${list.map((json) => `${json},\n`).join('')}`;
      expect(findJsonProblem(`${before}@]}`)?.at).toBe(before.length);
      expect(findJsonProblem(before)?.at).toBe(before.length);
    }),
  );
});

it('deep and long texts are read without a stack', () => {
  expect(findJsonProblem('['.repeat(1_000_000))?.at).toBe(1_000_000);
  expect(findJsonProblem(`"${'a'.repeat(20_000_000)}`)?.at).toBe(20_000_001);
  expect(findJsonProblem(`"${'\\n'.repeat(1_000_000)}`)?.at).toBe(2_000_001);
});
