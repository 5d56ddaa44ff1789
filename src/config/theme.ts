import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { nearestWord } from '../domain/nearest.ts';
import type { Theme } from '../domain/theme.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { packageRoot } from '../lib/package-root.ts';
import { BUILT_IN_THEMES, type BuiltInTheme } from './built-in-themes.ts';
import type { ParsedCache } from './parsed-cache.ts';

export interface LoadedTheme {
  readonly theme: Theme;
  /** Colours that are hard to read, one line each. */
  readonly warnings: readonly string[];
  /** The theme's file. */
  readonly path: string;
}

const ownFolder = () => join(homedir(), '.opencode', 'themes');
const builtInPath = (name: string) => join(packageRoot(), 'themes', `${name}.yaml`);

/**
 * Loads a theme by name (from `~/.opencode/themes`, then the built-in ones) or by the path of its file. Rejects with a
 * UserError if there is none or it is not valid.
 */
export async function loadTheme(name: string, cache: ParsedCache | null): Promise<LoadedTheme> {
  const isPath = name.includes('/') || name.endsWith('.yaml') || name.endsWith('.yml');
  const paths = isPath
    ? [isAbsolute(name) ? name : join(process.cwd(), name)]
    : [join(ownFolder(), `${name}.yaml`), builtInPath(name)];
  for (const path of paths) {
    const text = await readIfThere(path);
    if (text !== null) return { ...(await themeOf(text, path, cache)), path };
  }
  const nearest = nearestWord(name, await listThemes());
  const advice = nearest === null ? '' : `; did you mean ${nearest}?`;
  throw new UserError(
    `there is no theme "${name}" (looked for ${paths.join(' and ')})${advice}; auto, ${BUILT_IN_THEMES.join(', ')} are built in`,
  );
}

/** Returns the names that `loadTheme` knows: `auto`, the built-in themes, and those of the user. */
export async function listThemes(): Promise<string[]> {
  const files = await readdir(ownFolder()).catch(() => []);
  const own = files.filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length));
  return [...new Set(['auto', ...BUILT_IN_THEMES, ...own.sort()])];
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new UserError(`${path}: cannot read the theme: ${messageOf(error)}`, { cause: error });
  }
}

async function themeOf(text: string, path: string, cache: ParsedCache | null): Promise<Omit<LoadedTheme, 'path'>> {
  const known = cache?.get(path, text) as Omit<LoadedTheme, 'path'> | undefined;
  if (known !== undefined) return known;
  const [{ parseThemeFile }, { completeTheme, isComplete }, { contrastWarnings }] = await Promise.all([
    import('./parse-theme.ts'),
    import('./complete-theme.ts'),
    import('../domain/colour/check-theme.ts'),
  ]);
  const file = parseThemeFile(text, path);
  const base = isComplete(file) ? null : await loadBuiltIn(file.extends ?? 'nightops', cache);
  const theme = completeTheme(file, base, path);
  const loaded = { theme, warnings: contrastWarnings(theme) };
  await cache?.set(path, text, loaded);
  return loaded;
}

async function loadBuiltIn(name: BuiltInTheme, cache: ParsedCache | null): Promise<Theme> {
  const path = builtInPath(name);
  return (await themeOf(await readFile(path, 'utf8'), path, cache)).theme;
}
