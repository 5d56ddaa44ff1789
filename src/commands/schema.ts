import { nearestWord } from '../domain/nearest.ts';
import { UserError } from '../lib/errors.ts';
import { schemaOf } from '../verbs/schema.ts';
import { VERBS, verbNamed } from '../verbs/specs.ts';
import { print } from './output.ts';
import { printJson } from './print-json.ts';

/** `ocr schema`: prints the JSON Schema of a verb's result. Rejects with a UserError for an unknown verb. */
export async function runSchema(name: string): Promise<void> {
  if (name === '') return print(VERBS.map((spec) => `${spec.name}\n`).join(''));
  const spec = verbNamed(name);
  if (spec === undefined) {
    const nearest = nearestWord(
      name,
      VERBS.map((verb) => verb.name),
    );
    throw new UserError(`no verb "${name}" prints JSON${nearest === null ? '' : `; did you mean "${nearest}"?`}`);
  }
  printJson(await schemaOf(spec));
}
