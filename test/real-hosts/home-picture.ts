import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file and folder of a home by its path: for a file when it was written last, to the nanosecond, and a digest of its content. */
export async function pictureHome(home: string, exceptions: readonly RegExp[]): Promise<Record<string, string>> {
  const names = (await readdir(home, { recursive: true })).sort();
  const entries = names
    .filter((name) => !exceptions.some((exception) => exception.test(name)))
    .map(async (name) => {
      const path = join(home, name);
      const found = await lstat(path, { bigint: true });
      if (!found.isFile()) return [name, 'no file'] as const;
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return [name, `${found.mtimeNs} ${digest}`] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}
