import { portableScript, quoteArgument } from '../lib/shell-quote.ts';

/**
 * A command line, for any login shell, that runs a POSIX script in a login shell where that is one known to take `-l -c`: so that programs are found as
 * after `ssh HOST`.
 */
export function throughLoginShell(script: string): string {
  return portableScript(
    [
      'case $SHELL in',
      `*/bash|*/zsh|*/fish|*/ksh|*/dash) exec "$SHELL" -l -c ${quoteArgument(portableScript(script))} ;;`,
      'esac',
      script,
    ].join('\n'),
  );
}
