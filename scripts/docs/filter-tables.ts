import { FIELD_NAMES, FIELDS } from '../../src/fleet/filter/fields.ts';
import { STATE_NOTES } from '../../src/fleet/filter/state-words.ts';
import { table } from './markdown.ts';

/** Writes the fields of a filter as a table. */
export function fieldTable(): string {
  const rows = FIELD_NAMES.map((name) => [`\`${name}:\``, FIELDS[name].note, FIELDS[name].needs]);
  return table(['Field', 'Looks at', 'Needs'], rows);
}

/** Writes the words of `state:` as a table. */
export function stateTable(): string {
  return table(
    ['`state:`', 'Means'],
    [...STATE_NOTES].map(([word, note]) => [`\`${word}\``, note]),
  );
}
