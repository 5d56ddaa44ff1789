import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file in one step, readable by its owner alone; makes its folder (0700). Rejects with the system's error. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Not needed by a start that has nothing to write.
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(path, content, { mode: 0o600, fsync: false });
}
