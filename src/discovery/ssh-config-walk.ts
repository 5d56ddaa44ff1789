import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import sshConfig, { type Line } from 'ssh-config';
import { glob } from 'tinyglobby';
import { codeOf, messageOf } from '../lib/errors.ts';

/** A file that the answer depends on, as it was: when it changes, so may the answer. */
export interface SeenFile {
  readonly path: string;
  readonly mtime: number;
  readonly size: number;
}

export interface SshConfigWalk {
  /** Every alias that a `Host` line names, in the order of the files, once. Patterns and negations are not hosts. */
  readonly aliases: readonly string[];
  readonly files: readonly SeenFile[];
  /** What could not be read, for a person. */
  readonly warnings: readonly string[];
}

/** Depth of nested includes at which ssh gives up (READCONF_MAX_DEPTH in OpenSSH's readconf.c). */
const MAX_DEPTH = 16;

/** Reads an ssh config and all that it includes. A missing first file is an empty configuration. `home` is where `~` points. */
export async function walkSshConfig(path: string, home: string): Promise<SshConfigWalk> {
  const aliases = new Set<string>();
  const files = new Map<string, SeenFile>();
  const warnings: string[] = [];
  const visit = async (file: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) {
      warnings.push(`${file}: more than ${MAX_DEPTH} levels of Include; the rest is not read`);
      return;
    }
    let text: string;
    try {
      const { mtimeMs, size } = await stat(file);
      text = await readFile(file, 'utf8');
      files.set(file, { path: file, mtime: mtimeMs, size });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') warnings.push(`${file}: cannot be read: ${codeOf(error) ?? messageOf(error)}`);
      return;
    }
    for (const { name, values } of readDirectives(text, file, warnings)) {
      if (name === 'host') for (const value of values.filter(isAlias)) aliases.add(value);
      if (name !== 'include') continue;
      for (const pattern of values)
        for (const found of await expandInclude(pattern, home)) await visit(found, depth + 1);
    }
  };
  await visit(path, 0);
  return { aliases: [...aliases], files: [...files.values()], warnings };
}

/** A name that stands for one machine: no wildcard, no negation, nothing that a command line would take for an option. */
function isAlias(name: string): boolean {
  return name !== '' && !/[*?!]/.test(name) && !name.startsWith('-');
}

interface ReadDirective {
  readonly name: string;
  readonly values: readonly string[];
}

function readDirectives(text: string, file: string, warnings: string[]): ReadDirective[] {
  try {
    return flatten(sshConfig.parse(text.replaceAll('\r\n', '\n')));
  } catch (error) {
    warnings.push(`${file}: ${messageOf(error)}`);
    return [];
  }
}

/** All directives of a parsed file, those inside Host and Match blocks too. */
function flatten(lines: Iterable<Line>): ReadDirective[] {
  const directives: ReadDirective[] = [];
  for (const line of lines) {
    if (!('param' in line)) continue;
    const values = typeof line.value === 'string' ? [line.value] : line.value.map((part) => part.val);
    const name = line.param.toLowerCase();
    directives.push({ name, values: name === 'include' ? values.flatMap((value) => value.split(/\s+/)) : values });
    if ('config' in line) directives.push(...flatten(line.config));
  }
  return directives;
}

/** Files that an Include names, in the order of glob(7): relative ones are in ~/.ssh, as ssh_config(5) says. */
async function expandInclude(pattern: string, home: string): Promise<string[]> {
  if (pattern === '') return [];
  const expanded = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : pattern;
  const absolute = isAbsolute(expanded) ? expanded : join(home, '.ssh', expanded);
  if (!/[*?[]/.test(absolute)) return [absolute];
  const found = await glob(absolute, { absolute: true, onlyFiles: true, dot: false, expandDirectories: false });
  return found.sort();
}
