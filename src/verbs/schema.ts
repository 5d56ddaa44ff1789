import * as z from 'zod';
import { loadVerb } from './load-verb.ts';
import type { VerbSpec } from './spec.ts';
import { outputOf } from './verb.ts';

/** Returns the JSON Schema (2020-12) of a verb's result; of each line, for a stream. `$id` holds the version. */
export async function schemaOf(spec: VerbSpec): Promise<Readonly<Record<string, unknown>>> {
  const verb = await loadVerb(spec);
  const { $schema, ...schema } = z.toJSONSchema(await outputOf(verb), { io: 'output', unrepresentable: 'any' });
  const name = spec.name.replaceAll(' ', '-');
  return {
    $schema,
    $id: `ocr:${name}:${verb.version}`,
    title: `ocr ${spec.name} --json`,
    version: verb.version,
    ...schema,
  };
}
