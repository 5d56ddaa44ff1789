import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Theme } from '../domain/theme.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { packageRoot } from '../lib/package-root.ts';
import type { ParsedCache } from './parsed-cache.ts';

/**
 * Loads a theme by name (from `~/.opencode/themes`, then the built-in ones) or by the path of its file. Rejects with a
 * UserError if there is none or it is not valid.
 */
export async function loadTheme(name: string, cache: ParsedCache | null): Promise<Theme> {
  const isPath = name.includes('/') || name.endsWith('.yaml') || name.endsWith('.yml');
  const folders = [join(homedir(), '.opencode', 'themes'), join(packageRoot(), 'themes')];
  const paths = isPath
    ? [isAbsolute(name) ? name : join(process.cwd(), name)]
    : folders.map((at) => join(at, `${name}.yaml`));
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw new UserError(`${path}: cannot read the theme: ${messageOf(error)}`, { cause: error });
    });
    if (text !== null) return themeOf(text, path, cache);
  }
  throw new UserError(
    `there is no theme "${name}" (looked for ${paths.join(' and ')}); auto, nightops, light and minimal are built in`,
  );
}

async function themeOf(text: string, path: string, cache: ParsedCache | null): Promise<Theme> {
  const known = cache?.get(path, text) as Theme | undefined;
  if (known !== undefined) return known;
  const { parseTheme } = await import('./parse-theme.ts');
  const theme = parseTheme(text, path);
  await cache?.set(path, text, theme);
  return theme;
}
