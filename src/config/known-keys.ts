import { configSchema } from './schema.ts';

/** The part of a zod schema's definition that leads to keys. */
interface Definition {
  readonly type?: string;
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly out?: unknown;
  readonly element?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
}

/** Returns the names that the schema knows at a path of keys and list places. */
export function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = configSchema;
  for (const key of path) {
    const { shape, valueType, element } = definitionOf(schema);
    schema = shape?.[key] ?? valueType ?? element;
  }
  return Object.keys(definitionOf(schema).shape ?? {});
}

/** Returns the definition below defaults and conversions. */
function definitionOf(schema: unknown): Definition {
  const definition = ownDefinitionOf(schema);
  const { innerType, in: from, out: to } = definition;
  const inner = innerType ?? (ownDefinitionOf(to).type === 'transform' ? from : to);
  return inner === undefined ? definition : definitionOf(inner);
}

function ownDefinitionOf(schema: unknown): Definition {
  return (schema as { def?: Definition } | undefined)?.def ?? {};
}
