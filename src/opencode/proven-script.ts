import type { LoginMode } from '../domain/login.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { PtyMark } from '../transport/proven-pty.ts';
import { THROUGH_LOGIN_FUNCTIONS } from './login-shell.ts';
import { BYPASS_PROXY_SCRIPT } from './proxy-script.ts';

/** The ways to start a script on a terminal: after the profile of the user's login, or without it. */
export type Way = 'login' | 'plain';

export interface ProvenRequest {
  /** POSIX sh whose input is at first the terminal. */
  readonly script: string;
  readonly mode: LoginMode;
  /** Known variables of the login, for a start without the profile. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Returns a command line, for any login shell, that runs `provenScript`. */
export function provenCommand(request: ProvenRequest, mark: PtyMark, way: Way): string {
  return portableScript(provenScript(request, mark, way));
}

/**
 * Returns POSIX sh that runs a script on the current terminal and prints two marks, which no terminal shows: one when the login runs commands at all,
 * and one when the script itself begins. Output before the second mark is not from the script.
 */
export function provenScript({ script, mode, environment }: ProvenRequest, { word }: PtyMark, way: Way): string {
  const tell = (stage: string) => `printf '\\033_ocr:${stage} ${word} %s\\033\\\\' "$SHELL"`;
  const known = Object.entries(environment).map(([name, value]) => `${name}=${quoteArgument(value)}; export ${name}`);
  const inner = [
    // A profile may have eaten the input; below it there may be no terminal.
    '[ ! -t 1 ] || exec <&1',
    '[ -z "$OCR_SSH_TTY" ] || { SSH_TTY=$OCR_SSH_TTY; export SSH_TTY; unset OCR_SSH_TTY; }',
    ...(way === 'plain' ? known : []),
    tell('runs'),
    BYPASS_PROXY_SCRIPT,
    script,
  ].join('\n');
  if (way === 'plain') return `${tell('reached')}\n${inner}`;
  return [tell('reached'), LEAVE_TERMINAL, throughLogin(inner, mode), inner].join('\n');
}

/** Profiles that start tmux or another shell check for an ssh terminal. */
const LEAVE_TERMINAL = `
if [ -n "$SSH_TTY" ]; then
  OCR_SSH_TTY=$SSH_TTY
  export OCR_SSH_TTY
  unset SSH_TTY
fi
`.trim();

/**
 * Passes the command as the login shell's argument, and on its input too. A shell that replaces the login shell, as by `exec zsh -l` in
 * `.bash_profile`, reads it there, in the environment that the user gets by `ssh HOST`.
 */
function throughLogin(script: string, mode: LoginMode): string {
  return [
    THROUGH_LOGIN_FUNCTIONS,
    `ocr_command=${quoteArgument(portableScript(script))}`,
    `ocr_through_login ocr_exec ${mode} "$ocr_command" <<OCR_END`,
    '$ocr_command',
    'OCR_END',
  ].join('\n');
}
