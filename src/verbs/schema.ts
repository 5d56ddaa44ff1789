import * as z from 'zod';
import { loadVerb } from './load-verb.ts';
import type { VerbSpec } from './spec.ts';

/** Returns the JSON Schema (2020-12) of a verb's result; of each line, for a stream. `$id` holds the version. */
export async function schemaOf(spec: VerbSpec): Promise<Readonly<Record<string, unknown>>> {
  const { output, version } = await loadVerb(spec);
  const { $schema, ...schema } = z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' });
  const name = spec.name.replaceAll(' ', '-');
  return { $schema, $id: `ocr:${name}:${version}`, title: `ocr ${spec.name} --json`, version, ...schema };
}
