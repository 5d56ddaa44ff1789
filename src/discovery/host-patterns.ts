import { matchesWildcard } from '../lib/wildcard.ts';

/**
 * Tests a name against the patterns of a `Host` line (ssh_config(5), PATTERNS): `*` and `?` are wild, case counts, and one pattern with `!` that
 * matches outweighs all others.
 */
export function matchesHostLine(name: string, patterns: readonly string[]): boolean {
  let matches = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesWildcard(name, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    matches = true;
  }
  return matches;
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
