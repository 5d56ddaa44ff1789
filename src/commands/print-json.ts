import { print } from './output.ts';

/** Writes a value as JSON of several lines. Parsers read the same value; see `escaped`. */
export function printJson(value: unknown): void {
  print(`${escaped(JSON.stringify(value, null, 2))}\n`);
}

/** Writes a value as one line of JSON. */
export function printJsonLine(value: unknown): void {
  print(`${escaped(JSON.stringify(value))}\n`);
}

/** Escapes DEL and the C1 controls, which JSON leaves as they are and a terminal may take for an escape sequence. */
function escaped(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
