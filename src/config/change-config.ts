import { readFile, realpath, stat } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, type ParsedNode, parseDocument, stringify } from 'yaml';
import { UserError } from '../lib/errors.ts';
import { lockFile } from '../lib/file-lock.ts';
import { checkConfig } from './parse.ts';

/** A place in the file, from its section on: `['keybindings', 'stop']`. */
export type SettingPath = readonly [section: string, ...rest: string[]];

const FORMAT = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * Sets one value in the configuration file, or takes it out (`undefined`). Comments stay, and all other sections as they are written. A link stays a link. Rejects
 * with a UserError if the file is not valid or the value is not, and with the system's error.
 */
export async function changeConfig(path: string, setting: SettingPath, value: unknown): Promise<void> {
  const file = await realpath(path);
  const change = changing.then(() => whileLocked(file, () => write(file, path, setting, value)));
  changing = change.catch(() => {});
  await change;
}

/** Changes of this process, one after the other. */
let changing: Promise<void> = Promise.resolve();

/** Keeps other programs of ours away meanwhile. Without a lock it goes on: at worst, one of two changes is lost. */
async function whileLocked(file: string, action: () => Promise<void>): Promise<void> {
  const release = await lockFile(file, { retries: 30, realpath: false }).catch(() => () => Promise.resolve());
  try {
    await action();
  } finally {
    await release();
  }
}

async function write(file: string, path: string, setting: SettingPath, value: unknown): Promise<void> {
  const [before, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  const text = withSetting(before, setting, value);
  const { problems } = checkConfig(text, path);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, text, { mode: mode & 0o777, fsync: false });
}

/** Returns the text of a configuration with another value at one place. Throws a UserError if it is no YAML with sections. */
export function withSetting(text: string, setting: SettingPath, value: unknown): string {
  const [section] = setting;
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(error.message, { cause: error });
  const root = document.contents;
  if (root !== null && !isMap(root)) throw new UserError('the file has no sections');
  if (value === undefined) {
    if (!document.hasIn(setting)) return text;
    document.deleteIn(setting);
  } else {
    if (!document.has(section)) return appended(text, setting, value);
    // A section with comments alone is empty.
    if (setting.length > 1 && !isMap(document.get(section))) document.set(section, document.createNode({}));
    const [before, node] = [document.getIn(setting, true), document.createNode(value, { flow: true })];
    if (isNode(before)) {
      node.comment = before.comment ?? null;
      node.commentBefore = before.commentBefore ?? null;
    }
    document.setIn(setting, node);
  }
  const changed = document.toString(FORMAT);
  return root?.flow ? changed : withSectionOf(text, changed, section);
}

/** Adds the section at the end. */
function appended(text: string, [section, ...rest]: SettingPath, value: unknown): string {
  const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const root = parseDocument(text).contents;
  if (isMap(root) && root.flow) {
    const document = parseDocument(text);
    document.set(section, document.createNode(nested, { flow: true }));
    return document.toString(FORMAT);
  }
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${start}${start.trim() === '' ? '' : '\n'}${stringify({ [section]: nested }, FORMAT)}`;
}

/** Returns a text with one section of another, so that the others keep every blank. */
function withSectionOf(text: string, changed: string, section: string): string {
  const [old, next] = [sectionRange(text, section), sectionRange(changed, section)];
  if (old === null || next === null) return changed;
  return text.slice(0, old[0]) + changed.slice(next[0], next[1]) + text.slice(old[1]);
}

/** Returns where a section starts, and where the next one or the text ends. */
function sectionRange(text: string, section: string): readonly [start: number, end: number] | null {
  const { contents }: Document.Parsed<ParsedNode> = parseDocument(text);
  if (!isMap(contents)) return null;
  const starts = contents.items.map(({ key }) => (isScalar(key) ? (key.range?.[0] ?? 0) : 0));
  const at = contents.items.findIndex(({ key }) => isScalar(key) && String(key.value) === section);
  const start = starts[at];
  return start === undefined ? null : [start, starts[at + 1] ?? text.length];
}
