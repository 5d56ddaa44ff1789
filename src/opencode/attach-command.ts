import { quoteArgument } from '../lib/shell-quote.ts';
import { throughLoginShell } from './login-shell.ts';

/** Exit status of the attach script when the session's directory cannot be entered (EX_NOINPUT of sysexits.h). */
export const DIRECTORY_GONE = 66;
/** When the server's password cannot be had (EX_NOPERM). */
export const NO_PASSWORD = 77;

/** What the script prints when it waits for the server's password, and when it has it. Terminals show neither (ECMA-48, APC). */
export const PASSWORD_ASKED = '\u001b_ocr:password?\u001b\\';
export const PASSWORD_TAKEN = '\u001b_ocr:password!\u001b\\';

/** The server that an attached opencode works with, as the host reaches it. */
export interface AttachServer {
  readonly url: string;
  /** `null` for opencode's usual one. */
  readonly username: string | null;
  /** `file` is JSON on the host, with the password as the plain text `password`; `value` is typed at the script. `null` for a server without one. */
  readonly secret:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'value'; readonly password: string }
    | null;
}

/**
 * A command line, for any login shell, that opens a session in its directory on the terminal at hand: by itself, or through a server. It goes through
 * a login shell where that shell is known to take `-l -c`, so that opencode and its tools see what they would after `ssh HOST`.
 */
export function attachCommand(
  opencodePath: string,
  { id, directory }: { readonly id: string; readonly directory: string },
  server: AttachServer | null = null,
): string {
  const enter = `cd ${quoteArgument(directory)} || exit ${DIRECTORY_GONE}`;
  const session = `--session ${quoteArgument(id)}`;
  const open =
    server === null
      ? [enter, `exec ${quoteArgument(opencodePath)} ${session}`]
      : [
          enter,
          ...credentials(server),
          `exec ${quoteArgument(opencodePath)} attach ${quoteArgument(server.url)} --dir ${quoteArgument(directory)} ${session}`,
        ];
  return throughLoginShell(open.join('\n'));
}

/** By environment, which the user alone can read; everybody can read arguments. */
function credentials({ username, secret }: AttachServer): string[] {
  const set = (name: string, value: string) => [`${name}=${value}`, `export ${name}`];
  const asked = username === null ? [] : set('OPENCODE_SERVER_USERNAME', quoteArgument(username));
  switch (secret?.kind) {
    case undefined:
      return asked;
    case 'file': {
      const sought = `s/.*"password"[[:space:]]*:[[:space:]]*"\\([^"\\\\]*\\)".*/\\1/p`;
      return [
        ...asked,
        ...set('OPENCODE_SERVER_PASSWORD', `$(sed -n ${quoteArgument(sought)} <${quoteArgument(secret.path)})`),
        `[ -n "$OPENCODE_SERVER_PASSWORD" ] || exit ${NO_PASSWORD}`,
      ];
    }
    case 'value':
      return [
        ...asked,
        `stty -echo || exit ${NO_PASSWORD}`,
        `printf %s ${quoteArgument(PASSWORD_ASKED)}`,
        `IFS= read -r OPENCODE_SERVER_PASSWORD || exit ${NO_PASSWORD}`,
        'export OPENCODE_SERVER_PASSWORD',
        'stty echo',
        `printf %s ${quoteArgument(PASSWORD_TAKEN)}`,
      ];
  }
}
