import fc from 'fast-check';
import { STEP_TYPES } from '../../../src/report/transcript/transcript-report.ts';

const words = fc.oneof(
  fc
    .array(fc.constantFrom('# a', '```', '````', '\n', '\r', '\t', '> ', '<!--', '\u001b[1m', '## Turn 7', 'é'), {
      maxLength: 8,
    })
    .map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const at = fc.option(fc.integer({ min: -5, max: 10_000 }), { nil: undefined });
const id = fc.constantFrom('a', 'b', 'c', undefined);
const state = fc.record({
  status: fc.constantFrom('pending', 'running', 'completed', 'error'),
  input: fc.jsonValue(),
  output: fc.option(words),
  error: fc.option(words),
  time: fc.record({ start: at, end: at }),
});
const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text: words, synthetic: fc.constantFrom(undefined, true) }),
  fc.record({ type: fc.constant('reasoning'), text: words }),
  fc.record({ type: fc.constant('tool'), tool: words, state }),
  fc.record({ type: fc.constant('file'), filename: words }),
  fc.record({ type: fc.constant('subtask'), agent: words, prompt: words }),
  fc.record({ type: fc.constantFrom('step-start', 'hologram', 'compaction') }),
);
const message = fc.record({
  info: fc.record({
    id,
    parentID: id,
    role: fc.constantFrom('user', 'assistant'),
    system: fc.option(words),
    time: fc.record({ created: at, completed: at }),
    finish: fc.option(words),
    agent: words,
    error: fc.jsonValue(),
  }),
  parts: fc.array(part, { maxLength: 4 }),
});
/** Exports of any session, with texts that resemble Markdown. */
export const wellFormed = fc.record({
  info: fc.record({ id: words, title: words, directory: words }),
  messages: fc.array(message, { maxLength: 8 }),
});

const names = fc.constantFrom(
  'info',
  'parts',
  'messages',
  'role',
  'time',
  'created',
  'type',
  'text',
  'state',
  'status',
  'input',
  'title',
  'id',
  'system',
);
const leaf = fc.oneof(fc.constantFrom('user', 'assistant', null, ...STEP_TYPES), fc.double(), words);
/** JSON values that resemble exports. */
export const { any } = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'large' },
    leaf,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(names, tie('any'), { maxKeys: 5 }),
  ),
}));
/** Exports with one value replaced. */
export const broken = fc
  .tuple(wellFormed, fc.nat(), any)
  .map(([value, which, replacement]) => replaceOne(value, which, replacement));

/** Replaces one of the values in a JSON value by another. */
function replaceOne(value: unknown, which: number, replacement: unknown): unknown {
  let places = 0;
  JSON.stringify(value, (_, item) => {
    places += 1;
    return item;
  });
  let place = -1;
  return JSON.parse(
    JSON.stringify(value, (_, item) => {
      place += 1;
      return place === which % places ? replacement : item;
    }) ?? 'null',
  );
}
