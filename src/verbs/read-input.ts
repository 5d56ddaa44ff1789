import { messageOf } from '../lib/errors.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { EXIT, VerbError } from './exit-status.ts';

/** Returns the content of a file, or of stdin for `-`. Rejects with a VerbError. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return await readStdin();
  try {
    return await readRegularFile(file);
  } catch (error) {
    throw new VerbError(EXIT.usage, `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Returns all of stdin. */
export async function readStdin(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return await text(process.stdin);
}
