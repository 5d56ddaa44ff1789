import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder that goes away with the test. `name` may hold anything that a file name can. */
export async function makeTempDir(name = 'ocr'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  // An action that the test started may still write a file during the removal.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
