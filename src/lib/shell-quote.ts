/**
 * One argument for a POSIX shell. Every byte but NUL (which no argument can hold) arrives as it is.
 * Throws a RangeError for a text with a NUL.
 */
export function quoteArgument(text: string): string {
  if (text.includes('\0')) throw new RangeError('a shell argument cannot hold a NUL character');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Characters that mean themselves in single quotes of every login shell (sh, bash, zsh, fish, csh) and in a printf format. */
const PLAIN = /[A-Za-z0-9 _./:=,@+-]/;

/**
 * Returns a command line that runs a POSIX script under any login shell. `sshd` hands the line to that shell, and fish
 * and csh read quotes, `!` and newlines differently. So the script travels as octal escapes in single quotes, and
 * `/bin/sh` decodes it.
 */
export function portableScript(script: string): string {
  let encoded = '';
  for (const byte of Buffer.from(script, 'utf8')) {
    const character = String.fromCharCode(byte);
    encoded += byte < 128 && PLAIN.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `exec /bin/sh -c 'eval "$(printf "${encoded}")"'`;
}
