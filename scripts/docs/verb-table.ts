import type { VerbSpec } from '../../src/verbs/spec.ts';
import { VERBS } from '../../src/verbs/specs.ts';
import { table } from './markdown.ts';

const EFFECTS: Readonly<Record<VerbSpec['effect'], string>> = { reads: '', changes: 'yes', destroys: 'deletes' };

/** Writes the table of the verbs over the fleet. */
export function verbTable(): string {
  return table(
    ['Verb', 'Does', 'Changes'],
    VERBS.map((spec) => [`\`${[spec.name, ...argumentsOf(spec)].join(' ')}\``, spec.summary, EFFECTS[spec.effect]]),
  );
}

function argumentsOf({ params }: VerbSpec): string[] {
  return Object.entries(params)
    .filter(([, { isArgument }]) => isArgument)
    .map(([name, { isRequired, kind }]) => {
      const shown = `${name.toUpperCase()}${kind === 'texts' ? '…' : ''}`;
      return isRequired ? shown : `[${shown}]`;
    });
}
