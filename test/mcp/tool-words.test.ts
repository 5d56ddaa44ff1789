import { describe, expect, it } from 'vitest';
import { toolWords } from '../../src/mcp/tool-words.ts';

describe('the words of a tool', () => {
  it.each([
    ['the prompt; - reads it from stdin', 'the prompt'],
    ['how many to list; --json lists all unless it is given', 'how many to list'],
    [
      'list archived sessions and those of subagents too (--json does)',
      'list archived sessions and those of subagents too',
    ],
    [
      'print the transcript of a session as Markdown, or as JSON with --json',
      'return the transcript of a session as Markdown',
    ],
    ['with --all: only commands that match, see --no-export', 'with all: only commands that match, see noExport'],
    [
      'export a session, then delete it; ocr import brings it back',
      'export a session, then delete it; ocr import brings it back',
    ],
  ])('of %j are %j', (help, words) => {
    expect(toolWords(help)).toBe(words);
  });
});
