import { printable } from '../domain/printable.ts';

/** Writes a message for a person to stderr. What it quotes of a host or a file cannot steer the terminal; its line breaks stay. */
export function tell(message: string): void {
  process.stderr.write(`${printableLines(`ocr: ${message}`)}\n`);
}

/** A text of several lines, each safe to paint. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * Writes a value as JSON. JSON leaves DEL and the C1 controls as they are, which a terminal may take for the beginning of an escape sequence; escaped
 * they are the same to whoever parses it.
 */
export function printJson(value: unknown): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  process.stdout.write(`${JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, escaped)}\n`);
}
