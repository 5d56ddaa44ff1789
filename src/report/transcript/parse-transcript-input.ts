import { buildTranscript } from './build-transcript.ts';
import { findJsonProblem } from './find-json-problem.ts';
import { TranscriptError } from './transcript-error.ts';
import type { TranscriptReport } from './transcript-report.ts';

/**
 * Builds the transcript of a file's text, an `opencode export`.
 *
 * @param name the file's name, for errors
 * @throws TranscriptError that names the file, and the line and column or the place in the export
 */
export function parseTranscriptInput(text: string, name: string): TranscriptReport {
  // PowerShell's redirection writes a byte order mark.
  const value = parseJson(text.replace(/^\ufeff/, ''), name);
  try {
    return buildTranscript(value);
  } catch (error) {
    if (!(error instanceof TranscriptError)) throw error;
    throw new TranscriptError(`${name}: ${error.message}`, { cause: error });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { at, expected } = findJsonProblem(text) ?? { at: 0, expected: 'JSON' };
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const found = at < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0)) : 'the end';
    const problem = `malformed JSON: expected ${expected}, found ${found}`;
    throw new TranscriptError(`${name}:${line}:${column}: ${problem}`, { cause: error });
  }
}
