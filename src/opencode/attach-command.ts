import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import { relayLines } from './attach-relay.ts';
import { type ProvenProcess, proofFunction } from './server-process/proof-script.ts';

/** Exit status of the attach script when the session's directory cannot be entered (EX_NOINPUT of sysexits.h). */
export const DIRECTORY_GONE = 66;
/** Exit status when the listener on the server's port is not proven to be that server (EX_UNAVAILABLE); the script has printed why. */
export const SERVER_NOT_PROVEN = 69;
/** Exit status when opencode cannot run the relay, without which it never gets a configured password (EX_SOFTWARE). */
export const NO_RELAY = 70;
/** Exit status if the server's password cannot be read (EX_NOPERM). */
export const NO_PASSWORD = 77;

/**
 * Printed by the script when it waits for the server's password, and when it has read it. Terminals show neither
 * (ECMA-48, APC).
 */
export const PASSWORD_ASKED = '\u001b_ocr:password?\u001b\\';
export const PASSWORD_TAKEN = '\u001b_ocr:password!\u001b\\';

/** Matches the mark printed right before the script becomes opencode, with the id of that process. Terminals do not show it. */
export const PROGRAM_STARTS = /\u001b_ocr:starts (\d+)\u001b\\/;
const ANNOUNCE = String.raw`printf '\033_ocr:starts %s\033\\' "$$"`;

/** The server that an attached opencode works with, as the host reaches it. */
export interface AttachServer {
  readonly url: string;
  /** The process that should listen there. */
  readonly process: ProvenProcess;
  /** `null` for opencode's usual one. */
  readonly username: string | null;
  /** `file` is JSON on the host, with the password as the plain text `password`; `value` is typed at the script. `null` for a server without one. */
  readonly secret:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'value'; readonly password: string }
    | null;
}

/** POSIX sh that opens a session in its directory on the current terminal: directly, or through a server. `startProven` starts it. */
export function attachScript(
  opencodePath: string,
  { id, directory }: { readonly id: string; readonly directory: string },
  server: AttachServer | null = null,
): string {
  const enter = `cd ${quoteArgument(directory)} || exit ${DIRECTORY_GONE}`;
  const session = `--session ${quoteArgument(id)}`;
  const attach = ({ url, process, secret }: AttachServer) => {
    if (secret?.kind === 'value') {
      const rest = ['--dir', directory, '--session', id];
      const statuses = { notProven: SERVER_NOT_PROVEN, noRelay: NO_RELAY };
      return relayLines({ opencodePath, server: process, directory, arguments: rest, ...statuses }, [ANNOUNCE]);
    }
    // The password of ocr's own server is useless once that server has ended.
    return [
      ANNOUNCE,
      `exec ${quoteArgument(opencodePath)} attach ${quoteArgument(url)} --dir ${quoteArgument(directory)} ${session}`,
    ];
  };
  const open =
    server === null
      ? [enter, ANNOUNCE, `exec ${quoteArgument(opencodePath)} ${session}`]
      : [enter, proofFunction(server.process), PROVE, ...credentials(server), PROVE, ...attach(server)];
  return open.join('\n');
}

/** The server of an instance, as this machine reaches it. */
export interface UrlServer {
  readonly url: string;
  readonly username: string;
  /** Typed at the script; `null` for a server without one. */
  readonly password: string | null;
}

/**
 * POSIX sh that attaches this machine's opencode to the server of an instance. The session's directory is one of the server's machine. `startProven` starts it.
 */
export function attachUrlScript(
  opencodePath: string,
  { id, directory }: { readonly id: string; readonly directory: string },
  { url, username, password }: UrlServer,
): string {
  const program = quoteArgument(opencodePath);
  const secret = password === null ? null : ({ kind: 'value', password } as const);
  return [
    `command -v ${program} >/dev/null || { echo 'opencode is not installed on this machine'; exit ${NO_PROGRAM}; }`,
    ...credentials({ username, secret }),
    ANNOUNCE,
    `exec ${program} attach ${quoteArgument(url)} --dir ${quoteArgument(directory)} --session ${quoteArgument(id)}`,
  ].join('\n');
}

/** Exit status of a shell that does not find a program (POSIX, Shell Command Language, 2.8.2). */
const NO_PROGRAM = 127;

const PROVE = `ocr_prove || { printf '%s\\n' "$ocr_why"; exit ${SERVER_NOT_PROVEN}; }`;

/**
 * Returns a command line, for any login shell, that resumes a stopped or suspended program: its whole process group if it leads one, else the process
 * alone. No-op for a running program.
 */
export function continueCommand(pid: number): string {
  return portableScript(`kill -s CONT -- -${pid} 2>/dev/null || kill -s CONT ${pid}`);
}

/** Passed by environment, which only the user can read; arguments are public. */
function credentials({ username, secret }: Pick<AttachServer, 'username' | 'secret'>): string[] {
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
