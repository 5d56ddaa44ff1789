import { stat } from 'node:fs/promises';
import { quoteArgument } from './shell-quote.ts';

const OTHERS = 0o077;

/** Returns a warning about a file that other users can access; `null` if they cannot, if there is no file, and on systems without modes. */
export async function warningOfAccess(path: string, what: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || (found.mode & OTHERS) === 0 || process.platform === 'win32') return null;
  const mode = (found.mode & 0o777).toString(8);
  return `${path} ${what}, and other users can reach it (mode ${mode}): chmod 600 ${quoteArgument(path)}`;
}
