import { portableScript, quoteArgument } from '../lib/shell-quote.ts';

/** Exit status of the attach script when the session's directory cannot be entered (EX_NOINPUT of sysexits.h). */
export const DIRECTORY_GONE = 66;

/**
 * A command line, for any login shell, that opens a session in its directory on the terminal at hand. It goes through a login shell
 * where that shell is known to take `-l -c`, so that opencode and its tools see what they would after `ssh HOST`.
 */
export function attachCommand(opencodePath: string, session: { id: string; directory: string }): string {
  const open = [
    `cd ${quoteArgument(session.directory)} || exit ${DIRECTORY_GONE}`,
    `exec ${quoteArgument(opencodePath)} --session ${quoteArgument(session.id)}`,
  ].join('\n');
  return portableScript(
    [
      'case $SHELL in',
      `*/bash|*/zsh|*/fish|*/ksh|*/dash) exec "$SHELL" -l -c ${quoteArgument(portableScript(open))} ;;`,
      'esac',
      open,
    ].join('\n'),
  );
}
