import * as z from 'zod';
import { loadVerb } from '../verbs/load-verb.ts';
import type { VerbSpec } from '../verbs/spec.ts';
import { type AnyVerb, outputOf } from '../verbs/verb.ts';

type Structured = Record<string, unknown>;

/** A tool's structured output: the verb's own result, or a list inside an object, since the protocol needs one. */
export interface ToolOutput {
  readonly schema: Structured;
  /** Wraps a result and checks it. Throws if it does not fit, which is a bug. */
  structure(value: unknown, input: Readonly<Record<string, unknown>>, notes: readonly string[]): Structured;
}

const outputs = new Map<string, ToolOutput>();

/** Returns a tool's output. Its schema is made once. */
export async function toolOutputOf(spec: VerbSpec): Promise<ToolOutput> {
  const known = outputs.get(spec.name);
  if (known !== undefined) return known;
  const verb = await loadVerb(spec);
  const made = wrap(verb, await outputOf(verb));
  outputs.set(spec.name, made);
  return made;
}

/** Draft 7 is what most clients check by. */
function jsonSchemaOf(schema: z.ZodType): Structured {
  return { ...z.toJSONSchema(schema, { io: 'output', target: 'draft-7', unrepresentable: 'any' }) };
}

function wrap(verb: AnyVerb, output: z.ZodType): ToolOutput {
  const own = jsonSchemaOf(output);
  if (own.type === 'object') return { schema: own, structure: (value) => recordOf(output.parse(value)) };
  if (own.type !== 'array') {
    const one = z.object({ result: output });
    return { schema: jsonSchemaOf(one), structure: (result) => one.parse({ result }) };
  }
  const list = z.object({
    items: output,
    total: z.int().describe('how many there are; more than items if a limit cut them'),
    notes: z.array(z.string()).describe('such as hosts that could not be asked: their items are missing'),
  });
  return {
    schema: jsonSchemaOf(list),
    structure(value, input, notes) {
      const all: unknown[] = Array.isArray(value) ? value : [];
      return list.parse({ items: verb.shown?.(value, input) ?? all, total: all.length, notes });
    },
  };
}

function recordOf(value: unknown): Structured {
  return z.record(z.string(), z.unknown()).parse(value);
}
