import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { hintLinesOf, messageOf } from '../lib/errors.ts';
import { EXIT, exitStatusOf } from '../verbs/exit-status.ts';

/** Characters of a text, which repeats the structured output. A model's context would not hold more. */
const MAX_TEXT_CHARS = 200_000;

/** Returns the result of a verb. `text` is its form for people. */
export function successOf(
  structuredContent: Record<string, unknown>,
  text: string,
  notes: readonly string[],
): CallToolResult {
  const whole = [text.trimEnd(), ...notes.map((note) => `note: ${note}`)].filter((line) => line !== '').join('\n');
  return { content: [{ type: 'text', text: cut(whole) }], structuredContent };
}

/** Returns the result of a failure: what happened, what to do about it, and the exit status of the command line. */
export function failureOf(error: unknown, notes: readonly string[]): CallToolResult {
  const status = exitStatusOf(error);
  const isBug = status === null;
  const code = status ?? EXIT.failed;
  const name = Object.entries(EXIT).find(([, value]) => value === code)?.[0] ?? 'failed';
  const text = [
    isBug ? `this is a bug of ocr: ${messageOf(error)}` : messageOf(error),
    ...hintLinesOf(error),
    ...notes.map((note) => `note: ${note}`),
    `exit status: ${name} (${code})`,
  ].join('\n');
  return { isError: true, content: [{ type: 'text', text: cut(text) }], _meta: { 'ocr/exitStatus': name } };
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  return `${text.slice(0, MAX_TEXT_CHARS)}\n… cut here; the structured content holds all of it`;
}
