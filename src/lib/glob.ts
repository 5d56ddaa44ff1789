import { matchesWildcard } from './wildcard.ts';

/** Brackets, braces and what else only picomatch understands. */
const NEEDS_PICOMATCH = /[^A-Za-z0-9._*?@:-]/;

/** Makes a test whether a name matches any of the glob patterns (`*`, `?`, `[a-z]`, `{a,b}`). No pattern matches nothing. */
export async function createNameMatcher(patterns: readonly string[]): Promise<(name: string) => boolean> {
  if (!patterns.some((pattern) => NEEDS_PICOMATCH.test(pattern)))
    return (name) => patterns.some((pattern) => matchesWildcard(name, pattern));
  const { default: picomatch } = await import('picomatch');
  return picomatch([...patterns], { dot: true, nonegate: true, noextglob: true, bash: true });
}
