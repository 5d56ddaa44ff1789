import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binding } from '../../src/components/keys/binding.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { fieldTable, stateTable } from './filter-tables.ts';
import { HANDS, handsSection } from './hands.ts';
import { formTable, keyTables } from './key-tables.ts';
import { manPage } from './man-page.ts';
import { fillIn } from './markdown.ts';
import { columnTable, hostStateTable, sessionStateTable } from './screen-tables.ts';
import { readSources } from './sources.ts';
import { verbTable } from './verb-table.ts';

/** Returns the documents that follow from the program's lists, by their path in the package. Text written by hand is kept. */
export async function writeDocuments(): Promise<ReadonlyMap<string, string>> {
  const sources = await readSources();
  const [keys, filters, screens, readme] = await Promise.all(
    ['docs/keys.md', 'docs/filters.md', 'docs/screens.md', 'README.md'].map(readDocument),
  );
  return new Map([
    ['docs/ocr.1', manPage(sources)],
    ['docs/keys.md', writeKeys(keys ?? '', sources.bindings)],
    ['docs/filters.md', fillIn(fillIn(filters ?? '', 'fields', fieldTable()), 'states', stateTable())],
    ['docs/screens.md', writeScreens(screens ?? '')],
    ['README.md', fillIn(readme ?? '', 'verbs', verbTable())],
  ]);
}

function writeKeys(text: string, bindings: readonly Binding[]): string {
  const filled = fillIn(fillIn(text, 'keys', keyTables(bindings)), 'forms', formTable());
  return HANDS.reduce((written, hands) => fillIn(written, hands.program, handsSection(hands, bindings)), filled);
}

function writeScreens(text: string): string {
  const withSessions = fillIn(text, 'session states', sessionStateTable());
  return fillIn(fillIn(withSessions, 'host states', hostStateTable()), 'columns', columnTable());
}

export function readDocument(path: string): Promise<string> {
  return readFile(join(packageRoot(), path), 'utf8');
}
