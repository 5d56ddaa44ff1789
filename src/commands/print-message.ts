import { printable } from '../domain/printable.ts';

/**
 * Writes a message for the user to stderr. Quoted text of a host or a file cannot steer the terminal; its line breaks
 * stay.
 */
export function printMessage(message: string): void {
  process.stderr.write(`${printableLines(`ocr: ${message}`)}\n`);
}

/** A text of several lines, each safe to paint. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
