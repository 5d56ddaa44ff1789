import picomatch from 'picomatch';

/** Tests whether a name matches any of the glob patterns (`*`, `?`, `[a-z]`, `{a,b}`). No pattern matches nothing. */
export function createNameMatcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => false;
  return picomatch([...patterns], { dot: true, nonegate: true, noextglob: true, bash: true });
}
