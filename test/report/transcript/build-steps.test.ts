import { expect, it } from 'vitest';
import { stepsOf, text, tool } from './an-export.ts';

const time = { start: 1000, end: 1250 };

it('each tool tells its status, input and output', () => {
  const states = [
    { status: 'completed', input: { command: 'ls' }, output: 'a.ts', title: '', metadata: {}, time },
    { status: 'error', input: { command: 'ls' }, error: 'not found', time },
    { status: 'running', input: { command: 'make' }, metadata: { output: 'so far' }, time: { start: 1000 } },
    { status: 'pending', input: {}, raw: '' },
  ];
  const base = { heading: 'tool:bash', type: 'tool', tool: 'bash' };
  const input = (command: string) => `{\n  "command": "${command}"\n}`;
  expect(stepsOf(...states.map((state) => tool(state)))).toEqual([
    { ...base, index: 1, status: 'completed', duration: '0.250s', inputText: input('ls'), outputText: 'a.ts' },
    { ...base, index: 2, status: 'error', duration: '0.250s', inputText: input('ls'), outputText: 'not found' },
    { ...base, index: 3, status: 'running', duration: 'unknown', inputText: input('make'), outputText: 'so far' },
    { ...base, index: 4, status: 'pending', duration: 'unknown', inputText: '{}' },
  ]);
});

it('indexes count the parts that are not shown', () => {
  const shown = stepsOf(
    { type: 'step-start' },
    { type: 'reasoning', text: 'hm', time },
    { type: 'hologram', of: 'a later version' },
    text(' \n'),
    text('hidden', { synthetic: true }),
    text('  shown\n'),
    { type: 'snapshot', snapshot: 'abc' },
    { type: 'step-finish' },
    { type: 'patch', hash: 'abc', files: ['a.ts', 'b.ts'] },
  );
  expect(shown).toEqual([
    { index: 2, heading: 'reasoning', type: 'reasoning', duration: '0.250s', contentText: 'hm' },
    { index: 6, heading: 'text', type: 'text', duration: 'unknown', contentText: '  shown\n' },
    { index: 9, heading: 'patch', type: 'patch', duration: 'unknown', contentText: 'a.ts\nb.ts' },
  ]);
});

it('a retry says which attempt failed, and why', () => {
  const error = { name: 'APIError', data: { message: 'Overloaded' } };
  expect(stepsOf({ type: 'retry', attempt: 2, error, time: { created: 1 } })).toMatchObject([
    { type: 'retry', contentText: 'attempt 2: APIError: Overloaded' },
  ]);
});

it('a file is named, but an attached one is not shown', () => {
  const names = [
    { filename: 'a.png', mime: 'image/png', url: 'data:image/png;base64,AAAA' },
    { mime: 'image/png', url: 'data:image/png;base64,AAAA' },
    { mime: 'text/plain', url: 'file:///work/a.ts' },
    {},
  ];
  const files = stepsOf(...names.map((file) => ({ type: 'file', ...file })));
  expect(files.map(({ contentText }) => contentText)).toEqual(['a.png', 'image/png', 'file:///work/a.ts', 'unknown']);
});

it('an input of any depth is shown or named, without its indentation becoming huge', () => {
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  const inputs = [3, 400, 20_000].map(
    (levels) => stepsOf(tool({ status: 'pending', input: nested(levels) }))[0]!.inputText,
  );
  expect(inputs).toEqual([
    '[\n  [\n    []\n  ]\n]',
    '['.repeat(400) + ']'.repeat(400),
    '(nested too deeply to be shown)',
  ]);
});
