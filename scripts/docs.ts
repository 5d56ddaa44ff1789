import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.ts';
import { writeDocuments } from './docs/documents.ts';

/** Writes the manual page, and the tables of keys and filters in the documents. */
for (const [path, text] of await writeDocuments()) {
  await writeFile(join(packageRoot(), path), text);
  console.log(path);
}
