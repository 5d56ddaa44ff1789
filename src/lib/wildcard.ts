/**
 * True if a text matches a pattern in which `*` stands for any number of characters and `?` for one, as in ssh_config(5) and sshd(8). Takes at most the
 * product of both lengths for any pattern, unlike a regular expression: a pattern may hold a thousand `*`.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from;
      retry = at;
      from += 1;
    } else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === text[at])) {
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
