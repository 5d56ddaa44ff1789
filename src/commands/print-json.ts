import { print } from './output.ts';

/**
 * Writes a value as JSON. JSON leaves DEL and the C1 controls as they are, which a terminal may take for the beginning of an escape sequence; escaped
 * they are the same to whoever parses it.
 */
export function printJson(value: unknown): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  print(`${JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, escaped)}\n`);
}
