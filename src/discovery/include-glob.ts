import { access, readdir } from 'node:fs/promises';
import { codeOf } from '../lib/errors.ts';

const WILD = /[*?[]/;

/**
 * Returns the paths that match an absolute pattern, in the order of glob(3) as OpenSSH calls it: by bytes, no braces, a
 * backslash escapes the next character, and wildcards match no leading dot. Omits paths that do not exist.
 */
export async function expandGlob(pattern: string): Promise<string[]> {
  let found = [''];
  for (const part of pattern.split('/').slice(1)) {
    const next = found.map((folder) =>
      WILD.test(part) ? readMatches(folder, part) : [`${folder}/${dropEscapes(part)}`],
    );
    found = (await Promise.all(next)).flat();
  }
  const there = await Promise.all(found.map((path) => access(path).then(() => [path], readableAnyway(path))));
  return there.flat().sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A file that may not be read is still one that the pattern names. */
function readableAnyway(path: string): (error: unknown) => string[] {
  return (error) => (codeOf(error) === 'ENOENT' ? [] : [path]);
}

async function readMatches(folder: string, part: string): Promise<string[]> {
  const matcher = compilePart(part);
  const names = await readdir(`${folder}/`).catch(() => []);
  const wanted = names.filter((name) => matcher.test(name) && (!name.startsWith('.') || part.startsWith('.')));
  return wanted.map((name) => `${folder}/${name}`);
}

function dropEscapes(part: string): string {
  return part.replace(/\\(.)/g, '$1');
}

/** A regular expression for one name between slashes. */
function compilePart(part: string): RegExp {
  let source = '';
  for (let at = 0; at < part.length; at++) {
    const char = part.charAt(at);
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(part.slice(at)) : null;
    if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\\][^]/g, '\\$&')}]`;
      at += set[0].length - 1;
    } else if (char === '*') source += source.endsWith('[^]*') ? '' : '[^]*';
    else if (char === '?') source += '[^]';
    else {
      if (char === '\\' && at + 1 < part.length) at += 1;
      source += part.charAt(at).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  return safeRegExp(source);
}

/** A set such as `[z-a]` matches nothing. */
function safeRegExp(source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    return /(?!)/;
  }
}
