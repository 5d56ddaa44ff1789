import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable } from '../../../src/domain/printable.ts';
import { buildTranscript } from '../../../src/report/transcript/build-transcript.ts';
import { parseTranscriptInput } from '../../../src/report/transcript/parse-transcript-input.ts';
import { TranscriptError } from '../../../src/report/transcript/transcript-error.ts';
import { formatTranscript } from '../../../src/report/transcript/transcript-markdown.ts';
import { transcriptReportSchema } from '../../../src/report/transcript/transcript-report.ts';
import { any, broken, wellFormed } from './arbitrary-export.ts';

it('any value is a transcript or an error that names its place', () => {
  fc.assert(
    fc.property(fc.oneof(any, fc.jsonValue(), broken), (value) => {
      const text = JSON.stringify(value);
      try {
        const report = parseTranscriptInput(text, 'a.json');
        expect(transcriptReportSchema.strict().parse(report)).toEqual(report);
        formatTranscript(report);
      } catch (error) {
        expect(error).toBeInstanceOf(TranscriptError);
        expect(String(error)).toMatch(/^TranscriptError: a\.json: (?:the export|info|messages)\S*: ./);
      }
    }),
  );
});

it('each message and each shown text of the user is in the transcript and its Markdown', () => {
  fc.assert(
    fc.property(wellFormed, (value) => {
      const report = buildTranscript(JSON.parse(JSON.stringify(value)));
      const { turns } = report;
      const count = (role: string) => value.messages.filter(({ info }) => info.role === role).length;
      expect(turns.flatMap((turn) => turn.assistantMessages)).toHaveLength(count('assistant'));
      expect(turns.length - count('user')).toBeLessThanOrEqual(1);
      const lines = new Set(formatTranscript(report).split('\n'));
      for (const line of value.messages.flatMap(wordsOf).flatMap(linesOf)) expect(lines).toContain(line);
    }),
  );
});

it('the headings are those of the session, whatever its texts are', () => {
  fc.assert(
    fc.property(wellFormed, (value) => {
      const report = buildTranscript(JSON.parse(JSON.stringify(value)));
      const headings = headingsOf(formatTranscript(report)).filter((line) => line.startsWith('## '));
      expect(headings).toEqual(report.turns.map(({ index, duration }) => `## Turn ${index} (${duration})`));
    }),
  );
});

/** Returns the texts that a user typed. */
function wordsOf({
  info,
  parts,
}: {
  readonly info: { readonly role: string };
  readonly parts: readonly object[];
}): string[] {
  if (info.role !== 'user') return [];
  return parts.flatMap((part) => {
    const typed = 'type' in part && part.type === 'text' && !('synthetic' in part && part.synthetic);
    return typed && 'text' in part && String(part.text).trim() !== '' ? [String(part.text).trim()] : [];
  });
}

/** Returns the lines of a quote. */
function linesOf(text: string): string[] {
  const clean = (cell: string) => printable(cell.replace(/[\u0080-\u009f]+/g, ' '));
  const lines = text.split(/\r\n|[\r\n]/).map((line) => line.split('\t').map(clean).join('\t'));
  return lines.map((line) => (line === '' ? '>' : `> ${line}`));
}

/** Returns the headings of Markdown that are in no fence. */
function headingsOf(markdown: string): string[] {
  let fence: string | null = null;
  return markdown.split('\n').filter((line) => {
    if (fence !== null) {
      if (line === fence) fence = null;
      return false;
    }
    fence = /^`{3,}$/.exec(line)?.[0] ?? null;
    return line.startsWith('#');
  });
}
