import { isMap, isNode, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type * as z from 'zod';
import { nearestWord } from '../domain/nearest.ts';
import { UserError } from '../lib/errors.ts';
import { type Config, configSchema } from './schema.ts';

interface Problem {
  readonly offset: number;
  readonly message: string;
}

/**
 * Parses the text of remote-tui.yaml. `path` is only for messages. Throws a UserError with path, line, column and the
 * problem, and for an unknown key the nearest known one.
 */
export function parseConfig(text: string, path: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map((error) => ({ offset: error.pos[0], message: error.message }));
  if (problems.length === 0) {
    const result = configSchema.safeParse(document.toJS() ?? {});
    if (result.success) return result.data;
    for (const issue of result.error.issues) problems.push(...explainIssue(issue, document.contents));
  }
  const located = problems.map(({ offset, message }) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}: ${message}`;
  });
  throw new UserError(located.join('\n'));
}

/** Returns the problems of one zod issue: an unknown key is reported at the key, all else at the value. */
function explainIssue(issue: z.core.$ZodIssue, root: Node | null): Problem[] {
  const where = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: findPair(root, [...where, key])?.key.range?.[0] ?? 0,
      message: explainUnknownKey(where, key),
    }));
  }
  const pair = findPair(root, where);
  const offset = (isNode(pair?.value) ? pair.value.range?.[0] : pair?.key.range?.[0]) ?? root?.range?.[0] ?? 0;
  const name = where.length === 0 ? 'the file' : where.join('.');
  return [{ offset, message: `${name}: ${issue.message}` }];
}

function explainUnknownKey(where: readonly string[], key: string): string {
  const known = knownKeys(where);
  const nearest = nearestWord(key, known);
  const advice = nearest === null ? `known here: ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return `unknown key "${[...where, key].join('.')}"; ${advice}`;
}

interface KeyPair {
  readonly key: Node;
  readonly value: unknown;
}

/** The pair at a path of keys, or the last one on the way that is there (a list's items belong to their pair). */
function findPair(root: Node | null, path: readonly string[]): KeyPair | null {
  let node: unknown = root;
  let found: KeyPair | null = null;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair: Pair | undefined = node.items.find((item) => isNode(item.key) && String(item.key) === key);
    if (pair === undefined || !isNode(pair.key)) break;
    found = { key: pair.key, value: pair.value };
    node = pair.value;
  }
  return found;
}

/** Names that the schema knows at a path. */
function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = configSchema;
  for (const key of path) schema = childSchema(schema, key);
  return Object.keys(shapeOf(schema) ?? {});
}

type Definition = { innerType?: unknown; shape?: Record<string, unknown>; valueType?: unknown };

function definitionOf(schema: unknown): Definition {
  const holder = schema as { def?: Definition } | undefined;
  return holder?.def ?? {};
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  const definition = definitionOf(schema);
  if (definition.innerType !== undefined) return shapeOf(definition.innerType);
  return definition.shape ?? null;
}

function childSchema(schema: unknown, key: string): unknown {
  const definition = definitionOf(schema);
  if (definition.innerType !== undefined) return childSchema(definition.innerType, key);
  return definition.shape?.[key] ?? definition.valueType;
}
