/**
 * Tests a name against the patterns of a `Host` line (ssh_config(5), PATTERNS): `*` and `?` are wild, case counts, and one pattern with `!` that
 * matches outweighs all others.
 */
export function matchesHostLine(name: string, patterns: readonly string[]): boolean {
  let matches = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(name, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    matches = true;
  }
  return matches;
}

/** Linear in time for any pattern, unlike a regular expression: a line may hold a thousand `*`. */
function matchesPattern(name: string, pattern: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from;
      retry = at;
      from += 1;
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === name[at])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      retry += 1;
      at = retry;
      from = star + 1;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}

/** Matches names that ssh refuses as a host on its command line (valid_hostname() in OpenSSH's ssh.c). */
const REFUSED_NAME_PATTERN = /^-|['`"$\\,;&<>|(){}\0-\x20\x7f]/;

/** True if ssh accepts the text as a host name. */
export function isHostName(text: string): boolean {
  return text !== '' && !REFUSED_NAME_PATTERN.test(text);
}

/** True for a name, false for a pattern or a negation. */
export function isLiteral(pattern: string): boolean {
  return pattern !== '' && !/[*?!]/.test(pattern);
}
