import type { ThemeColour } from '../../domain/theme.ts';
import type { PagerLine } from './pager.ts';

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/**
 * Colours the lines of a unified diff. Counts lines by each hunk's header, since a removed line that starts with `-- `
 * looks like a file header.
 */
export function diffLines(patch: string): PagerLine[] {
  let removed = 0;
  let added = 0;
  return patch.split(/\r?\n/).map((text): PagerLine => {
    const hunk = HUNK.exec(text);
    if (hunk !== null) {
      removed = Number(hunk[1] ?? 1);
      added = Number(hunk[2] ?? 1);
      return [{ text, colour: 'accent' }];
    }
    const isInside = removed > 0 || added > 0;
    if (!text.startsWith('+') && !text.startsWith('\\')) removed -= 1;
    if (!text.startsWith('-') && !text.startsWith('\\')) added -= 1;
    const colour = colourOf(text, isInside);
    return [colour === null ? { text } : { text, colour }];
  });
}

function colourOf(text: string, isInside: boolean): ThemeColour | null {
  if (!isInside && /^(?:\+\+\+ |--- |diff |index |Index: |={4,})/.test(text)) return 'dim';
  if (text.startsWith('+')) return 'good';
  if (text.startsWith('-')) return 'bad';
  return text.startsWith('\\') ? 'dim' : null;
}
