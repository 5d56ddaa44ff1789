import type { LoginMode } from '../domain/login.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { PtyMark } from '../transport/proven-pty.ts';
import { THROUGH_LOGIN_FUNCTIONS } from './login-shell.ts';
import { BYPASS_PROXY_SCRIPT } from './proxy-script.ts';

/** How a script is started on a terminal: after the profile of the user's login, or without it. */
export type Way = 'login' | 'plain';

export interface ProvenRequest {
  /** POSIX sh. Starts with the terminal as its input. */
  readonly script: string;
  readonly mode: LoginMode;
  /** Variables that are known to be those of the login, for a start without the profile. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A command line, for any login shell, that runs what `provenScript` gives. */
export function provenCommand(request: ProvenRequest, mark: PtyMark, way: Way): string {
  return portableScript(provenScript(request, mark, way));
}

/**
 * POSIX sh that runs a script on the terminal at hand and prints two marks, which no terminal shows: one when the login runs commands at all, and one when
 * the script itself begins. Whatever comes before the second is not of the script.
 */
export function provenScript({ script, mode, environment }: ProvenRequest, { word }: PtyMark, way: Way): string {
  const tell = (stage: string) => `printf '\\033_ocr:${stage} ${word} %s\\033\\\\' "$SHELL"`;
  const known = Object.entries(environment).map(([name, value]) => `${name}=${quoteArgument(value)}; export ${name}`);
  const inner = [
    // A profile may have eaten the input, and below it is no terminal.
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

/** Profiles that start tmux or another shell look whether they have a terminal of ssh. */
const LEAVE_TERMINAL = `
if [ -n "$SSH_TTY" ]; then
  OCR_SSH_TTY=$SSH_TTY
  export OCR_SSH_TTY
  unset SSH_TTY
fi
`.trim();

/**
 * The command is the argument of the login shell, and its input too: a shell that takes the place of it, as by `exec zsh -l` in `.bash_profile`, reads it
 * there, in the environment that the user gets by `ssh HOST`.
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
