import type { Readable } from 'node:stream';
import { onAbort } from '../lib/abort.ts';
import { messageOf } from '../lib/errors.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { EXIT, VerbError } from './exit-status.ts';

/** Returns the content of a file, or of stdin for `-`. Rejects with a VerbError, or with the signal's reason. */
export async function readInput(file: string, signal: AbortSignal): Promise<string> {
  if (file === '-') return await readStdin(signal);
  try {
    return await readRegularFile(file);
  } catch (error) {
    throw new VerbError(EXIT.usage, `${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Returns all of stdin. Rejects with the signal's reason when it aborts, also while a terminal or a pipe stays silent. */
export async function readStdin(signal: AbortSignal, stdin: Readable = process.stdin): Promise<string> {
  signal.throwIfAborted();
  const { text } = await import('node:stream/consumers');
  const aborted = Promise.withResolvers<never>();
  const release = onAbort(signal, () => {
    aborted.reject(signal.reason);
    // An open stdin would keep the process alive.
    stdin.destroy();
  });
  const reading = text(stdin);
  reading.catch(() => {});
  return await Promise.race([reading, aborted.promise]).finally(release);
}
