import { fstatSync, writeSync } from 'node:fs';
import { codeOf, messageOf } from '../lib/errors.ts';
import { printMessage } from './print-message.ts';

const STDOUT = 1;

/** Exits with a message when stdout cannot be written. Stays silent if stderr cannot be written either. */
export function watchOutput(): void {
  process.stdout.on('error', endOnBrokenOutput);
  process.stderr.on('error', () => {});
}

/** Writes all of the text to stdout: Node's own stream drops the rest when a disk takes only a part. */
export function print(text: string): void {
  if (!isFile()) {
    process.stdout.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
  } catch (error) {
    endOnBrokenOutput(error);
  }
}

function isFile(): boolean {
  try {
    return fstatSync(STDOUT).isFile();
  } catch {
    return false;
  }
}

function endOnBrokenOutput(error: unknown): void {
  switch (codeOf(error)) {
    case 'EIO':
      // The terminal was closed: programs on it end by themselves.
      return;
    case 'EPIPE':
      // A reader that stops early, such as head, is not a failure.
      return process.exit();
    default:
      printMessage(`the output cannot be written: ${messageOf(error)}`);
      process.exit(1);
  }
}
