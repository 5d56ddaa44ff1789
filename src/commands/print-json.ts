import { print } from './output.ts';

/**
 * Writes a value as JSON. Escapes DEL and the C1 controls, which JSON leaves as they are and a terminal may take for an escape sequence. Parsers read
 * the same value.
 */
export function printJson(value: unknown): void {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  print(`${JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]/g, escaped)}\n`);
}
