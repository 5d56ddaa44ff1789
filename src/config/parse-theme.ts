import { type Document, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { nearestWord } from '../domain/nearest.ts';
import type { Theme } from '../domain/theme.ts';
import { UserError } from '../lib/errors.ts';
import { completeTheme } from './complete-theme.ts';
import { knownKeys, type ThemeFile, themeSchema } from './theme-file.ts';
import { offsetOfKey, offsetOfValue } from './yaml-offset.ts';

interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** Parses a theme's YAML. `path` is only for messages. Throws a UserError with path, line, column and the problem. */
export function parseThemeFile(text: string, path: string): ThemeFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map(({ pos, message }) => ({ offset: pos[0], message }));
  if (problems.length === 0) {
    const result = themeSchema.safeParse(document.toJS());
    if (result.success) return result.data;
    for (const issue of result.error.issues) problems.push(...explainIssue(issue, document));
  }
  problems.sort((one, other) => one.offset - other.offset);
  const located = problems.map(({ offset, message }) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}: ${message}`;
  });
  throw new UserError(located.join('\n'));
}

/** Parses the YAML of a theme that sets every colour itself, as the built-in ones do. Throws a UserError. */
export function parseTheme(text: string, path: string): Theme {
  return completeTheme(parseThemeFile(text, path), null, path);
}

function explainIssue(issue: z.core.$ZodIssue, document: Document): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: offsetOfKey(document, issue.path, key),
      message: explainUnknownKey(issue.path, key),
    }));
  }
  const where = issue.path.join('.');
  // The message about a colour quotes it.
  const isColour = issue.code === 'custom' && issue.path[0] === 'colours';
  const message = isColour || where === '' ? issue.message : `${where}: ${issue.message}`;
  return [{ offset: offsetOfValue(document, issue.path), message }];
}

function explainUnknownKey(path: readonly PropertyKey[], key: string): string {
  const known = knownKeys(path);
  const nearest = nearestWord(key, known);
  const advice = nearest === null ? `known here: ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `unknown key "${[...path, key].join('.')}"; ${advice}`;
}
