import { Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { formatDuration } from '../lib/duration.ts';
import type { Config } from './schema.ts';

const HIDDEN = '(hidden)';
/** The durations of the schema, which are milliseconds in a `Config`. `*` stands for any key or place in a list. */
const DURATIONS: readonly (readonly string[])[] = [
  ['polling', 'interval'],
  ['polling', 'timeout'],
  ['display', 'active_threshold'],
  ['display', 'idle_threshold'],
  ['hosts', 'overrides', '*', 'timeout'],
  ['attention', 'stalled_after'],
  ['attention', 'snooze'],
  ['keys', 'chord_wait'],
  ['discovery', 'commands', '*', 'timeout'],
];

/**
 * Returns the configuration in force as YAML that means the same, with passwords hidden. Values that `text`, the file, sets have a comment with `source`.
 */
export function printConfig(config: Config, text: string, source: string): string {
  const file = parseDocument(text);
  const document = new Document(present(config, []));
  const note = (path: readonly (string | number)[], node: unknown): void => {
    if (isMap(node) && node.items.length > 0) {
      for (const { key, value } of node.items) note([...path, isScalar(key) ? String(key.value) : ''], value);
      return;
    }
    if (isSeq(node)) node.flow = node.items.every((item) => isScalar(item));
    if (!file.hasIn(path)) return;
    if (isScalar(node) || (isSeq(node) && node.flow) || isMap(node)) node.comment = ` ${source}`;
    else if (isSeq(node)) node.commentBefore = ` ${source}`;
  };
  note([], document.contents);
  return document.toString({ lineWidth: 0 });
}

/** Returns a value as it stands in the file. */
function present(value: unknown, path: readonly string[]): unknown {
  if (typeof value === 'number' && isDuration(path)) return formatDuration(value);
  if (isSecret(path)) return HIDDEN;
  if (Array.isArray(value)) return value.map((item, at) => present(item, [...path, String(at)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, present(part, [...path, key])]));
}

function isSecret(path: readonly string[]): boolean {
  const [section, , name] = path;
  if (section === 'instances' && path.length === 3) return name === 'password' || name === 'token';
  return path.at(-1) === 'server_password';
}

function isDuration(path: readonly string[]): boolean {
  return DURATIONS.some(
    (wanted) => wanted.length === path.length && wanted.every((part, at) => part === '*' || part === path[at]),
  );
}
