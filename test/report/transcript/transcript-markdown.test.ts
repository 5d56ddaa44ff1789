import { describe, expect, it } from 'vitest';
import { buildTranscript } from '../../../src/report/transcript/build-transcript.ts';
import { formatTranscript } from '../../../src/report/transcript/transcript-markdown.ts';
import { anExport, answer, text, tool, transcriptOf, user } from './an-export.ts';
import { realisticExport } from './realistic-export.ts';

const formatted = (...messages: readonly unknown[]) => formatTranscript(transcriptOf(...messages));
const bash = (output: string) =>
  tool({ status: 'completed', input: { command: 'cat a' }, output, time: { start: 0, end: 5 } });

it('a transcript reads turn by turn', () => {
  const answered = answer('msg_1', [
    { type: 'step-start' },
    { type: 'reasoning', text: 'Hm.' },
    bash('one\ntwo'),
    text('Done.\n\nAll of it.'),
  ]);
  expect(formatted(user('msg_1', [text('Do it')], { system: 'Be kind' }), answered)).toMatchInlineSnapshot(`
    "# A title

    - Session: ses_1
    - Directory: /work
    - Turns: 1

    ## Turn 1 (2.500s)

    ### System prompt

    > Be kind

    ### User prompt

    > Do it

    ### Assistant 1 (1.500s) · build · stub/echo · finish: stop

    #### Step 2: reasoning (unknown)

    > Hm.

    #### Step 3: tool:bash (0.005s, completed)

    Input:

    \`\`\`
    {
      "command": "cat a"
    }
    \`\`\`

    Output:

    \`\`\`
    one
    two
    \`\`\`

    #### Step 4: text (unknown)

    > Done.
    >
    > All of it.
    "
  `);
});

it('a realistic session has the headings of its turns', () => {
  const lines = formatTranscript(buildTranscript(realisticExport)).split('\n');
  expect(lines.filter((line) => /^#{1,3} |^\*\*/.test(line))).toMatchInlineSnapshot(`
    [
      "# Fix the checkout",
      "## Turn 1 (3.000s)",
      "### User prompt",
      "### Assistant 1 (2.000s) · build · anthropic/claude-sonnet-4 · finish: tool-calls",
      "### Assistant 2 (0.800s) · build · anthropic/claude-sonnet-4 · finish: stop",
      "## Turn 2 (2.100s)",
      "### User prompt",
      "### Assistant 1 (2.000s) · explore · anthropic/claude-sonnet-4 · finish: stop",
      "## Turn 3 (1.000s)",
      "### User prompt",
      "### Assistant 1 (0.900s) · compaction · anthropic/claude-sonnet-4 · summary · finish: stop",
      "## Turn 4 (unknown)",
      "### System prompt",
      "## Turn 5 (2.500s)",
      "### System prompt",
      "### User prompt",
      "### Assistant 1 (2.400s) · build · anthropic/claude-sonnet-4 · finish: unknown",
      "**Error:**",
    ]
  `);
});

it('an error is quoted below what was done before it', () => {
  const failed = answer('msg_1', [text('So f')], {
    error: { name: 'APIError', data: { message: 'Overloaded\n# Sorry' } },
  });
  expect(formatted(user('msg_1', []), failed)).toContain(
    '\n> So f\n\n**Error:**\n\n> APIError: Overloaded\n> # Sorry\n',
  );
});

describe('foreign text', () => {
  it('adds no heading and closes no fence', () => {
    const hostile = '# Title\n## Turn 9\r## Turn 10\n```\n## Turn 11\n`````\n<!--';
    const markdown = formatted(
      user('msg_1', [text(hostile)], { system: hostile }),
      answer('msg_1', [text(hostile), bash(hostile)], { agent: hostile, error: hostile }),
    );
    const [before, inFence, ...after] = markdown.split('\n``````\n');
    expect(after).toHaveLength(1);
    expect(inFence!.split('\n')).toContain('## Turn 9');
    const outside = `${before}\n${after[0]}`.split('\n');
    expect(outside.filter((line) => /^#{1,2} /.test(line))).toEqual(['# A title', '## Turn 1 (2.500s)']);
  });

  it('stays on its line in a heading', () => {
    const report = buildTranscript(
      anExport([], { title: 'a\n## Turn 1', id: 'b\n## Turn 2', directory: '/c\r## Turn 3' }),
    );
    expect(formatTranscript(report).split('\n').slice(0, 4)).toEqual([
      '# a ## Turn 1',
      '',
      '- Session: b ## Turn 2',
      '- Directory: /c ## Turn 3',
    ]);
  });

  it('keeps its lines and tabs, but nothing that a terminal interprets', () => {
    const markdown = formatted(user('msg_1', [text('a\tb\r\nc\u001b[31md\u0007e\u009bf\u202eg')]));
    expect(markdown).toContain('> a\tb\n> cd e');
    expect(markdown).not.toMatch(/[^\P{Cc}\n\t]|\u202e/u);
  });

  it('of hostile size takes linear time', () => {
    const size = 300_000;
    for (const run of ['\u009d', '`', '\u001b]', '\u200d', '\n', '\t', '> ', '\u009da']) {
      expect(
        formatted(user('msg_1', [text(`a${run.repeat(size)}\u001b[`)]), answer('msg_1', [bash(run.repeat(size))])),
      ).toContain('> a');
    }
  });
});
