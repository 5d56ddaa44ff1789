import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { ACTION_NAMES, type ActionName } from '../domain/action-names.ts';
import { nearestWord } from '../domain/nearest.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { knownKeys } from './known-keys.ts';
import { type Config, configSchema } from './schema.ts';
import { findKeyOffset, findValueOffset, hasPlace } from './yaml-places.ts';

/** The lines of the file on which the keys of actions are set, from 1. */
export type KeyLines = Readonly<Partial<Record<ActionName, number>>>;

export interface ParsedConfig {
  readonly config: Config;
  /** Unknown keys, each as `PATH:LINE:COLUMN: MESSAGE`. They are ignored. */
  readonly warnings: readonly string[];
  readonly keyLines: KeyLines;
}

/** The result of a check; `config` is `null` if there are problems. */
export interface CheckedConfig extends Omit<ParsedConfig, 'config'> {
  readonly config: Config | null;
  /** Invalid values and broken YAML, each as `PATH:LINE:COLUMN: MESSAGE`. */
  readonly problems: readonly string[];
}

/** One finds all unknown keys; the others are for those that hid behind another problem. */
const MAX_ROUNDS = 3;

interface Finding {
  readonly offset: number;
  readonly message: string;
}

/**
 * Parses the text of remote-tui.yaml. `path` is only for messages. Throws a UserError that names each invalid value by path, line and column, and the unknown
 * keys with it.
 */
export function parseConfig(text: string, path: string): ParsedConfig {
  const { config, problems, warnings, keyLines } = checkConfig(text, path);
  if (config === null) throw new UserError([...problems, ...warnings].join('\n'));
  return { config, warnings, keyLines };
}

/** Does the same, and returns the problems. */
export function checkConfig(text: string, path: string): CheckedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const describe = (findings: readonly Finding[]) =>
    findings
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => {
        const { line, col } = lines.linePos(offset);
        return `${path}:${line}:${col}: ${message}`;
      });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({ offset: error.pos[0], message: error.message }));
    return { config: null, problems: describe(problems), warnings: [], keyLines: {} };
  }
  const root = document.contents;
  const unknown: Finding[] = [];
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    // Aliases without an anchor, or too many of them.
    const problem = { offset: root?.range?.[0] ?? 0, message: messageOf(error) };
    return { config: null, problems: describe([problem]), warnings: [], keyLines: {} };
  }
  let result = configSchema.safeParse(value);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const issues = unknownKeysOf(result);
    if (issues.length === 0) break;
    for (const { path: where, key } of issues) {
      unknown.push({ offset: findKeyOffset(root, [...where, key]), message: explainUnknownKey(where, key) });
    }
    value = issues.reduce(withoutKey, value);
    result = configSchema.safeParse(value);
  }
  const problems = (result.error?.issues ?? []).map((issue) => {
    const whole = issue.path.map(String);
    // A single key stands for a list of one.
    const isPlaced = hasPlace(root, whole) || !/^\d+$/.test(whole.at(-1) ?? '');
    const where = isPlaced ? whole : whole.slice(0, -1);
    const name = where.length === 0 ? 'the file' : where.join('.');
    return { offset: findValueOffset(root, where), message: `${name}: ${issue.message}` };
  });
  const keyLines: Partial<Record<ActionName, number>> = {};
  for (const name of ACTION_NAMES) {
    if (result.data?.keybindings[name] !== undefined) {
      keyLines[name] = lines.linePos(findKeyOffset(root, ['keybindings', name])).line;
    }
  }
  return { config: result.data ?? null, problems: describe(problems), warnings: describe(unknown), keyLines };
}

interface UnknownKey {
  readonly path: readonly string[];
  readonly key: string;
}

function unknownKeysOf({ error }: z.ZodSafeParseResult<Config>): UnknownKey[] {
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: issue.path.map(String), key })) : [],
  );
}

/** Returns a copy of a value without the key at a path. */
function withoutKey(value: unknown, { path: [first, ...rest], key }: UnknownKey): unknown {
  if (Array.isArray(value)) {
    return value.map((item, at) => (String(at) === first ? withoutKey(item, { path: rest, key }) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => first !== undefined || name !== key);
  return Object.fromEntries(
    entries.map(([name, part]) => [name, name === first ? withoutKey(part, { path: rest, key }) : part]),
  );
}

function explainUnknownKey(where: readonly string[], key: string): string {
  const known = knownKeys(where);
  const nearest = nearestWord(key, known);
  const advice = nearest === null ? `known here: ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return `unknown key "${[...where, key].join('.')}"; ${advice}`;
}
