import type { LoginMode } from '../domain/login.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';

/**
 * Reads `$ENV` as an interactive shell of the ksh and ash families does. Avoids their `-i`, with which ksh and mksh write the command to the user's
 * history. Guards in such files look at `$-` or `PS1`.
 */
const READ_ENV_FILE = String.raw`
ocr_read_env() { PS1='$ '; eval "$(sed 's/\$-/i/g' "$ENV")"; }
[ ! -r "$ENV" ] || ocr_read_env
`.trim();

/**
 * csh and tcsh accept `-l` only alone, and `-c` switches `prompt` off, so their files are read by hand. A login shell writes its history on exit if
 * `savehist` is set.
 */
const CSH_START = {
  login:
    'set loginsh; if ( -r /etc/csh.login ) source /etc/csh.login; if ( -r ~/.login ) source ~/.login; unset savehist; ',
  interactive: [
    'set loginsh; set prompt="> "; if ( -r /etc/csh.cshrc ) source /etc/csh.cshrc; if ( -r /etc/csh.login ) source /etc/csh.login; ',
    'if ( -r ~/.tcshrc ) source ~/.tcshrc; if ( ! -r ~/.tcshrc && -r ~/.cshrc ) source ~/.cshrc; ',
    'if ( -r ~/.login ) source ~/.login; unset savehist; ',
  ].join(''),
} as const satisfies Record<LoginMode, string>;

/**
 * POSIX sh. `ocr_through_login RUNNER MODE COMMAND` calls RUNNER with the arguments that make the user's login shell run COMMAND, which must read the
 * same in every shell (see `portableScript`). Returns 127 for an unknown shell, and for MODE `none`. The RUNNER `ocr_exec` replaces the calling
 * shell.
 */
export const THROUGH_LOGIN_FUNCTIONS = `
ocr_exec() { exec "$@"; }
ocr_through_login() {
  [ "$2" != none ] || return 127
  case \${SHELL##*/} in
    bash|bash[-0-9]*|zsh|zsh[-0-9]*|fish|yash)
      if [ "$2" = interactive ]; then "$1" "$SHELL" -l -i -c "$3"; else "$1" "$SHELL" -l -c "$3"; fi ;;
    sh|ash|dash|ksh|ksh[-0-9]*|mksh|lksh|pdksh|oksh|loksh)
      if [ "$2" = interactive ]; then
        "$1" "$SHELL" -l -c ${quoteArgument(`${READ_ENV_FILE}\n`)}"$3"
      else
        "$1" "$SHELL" -l -c "$3"
      fi ;;
    csh|tcsh)
      if [ "$2" = interactive ]; then
        "$1" "$SHELL" -c ${quoteArgument(CSH_START.interactive)}"$3"
      else
        "$1" "$SHELL" -c ${quoteArgument(CSH_START.login)}"$3"
      fi ;;
    *) return 127 ;;
  esac
}
`;

/**
 * Returns a command line, for any login shell, that runs a POSIX script in a login's environment, so that programs are found as after `ssh HOST`.
 * Without a terminal the script gets no input. Its text is on the login shell's input, for a shell that replaces the login shell, as by `exec zsh -l`
 * in `.bash_profile`. With an unknown login shell, or with mode `null`, the script runs without a profile.
 */
export function throughLoginShell(script: string, mode: LoginMode | null = 'login'): string {
  const alone = `[ -t 0 ] || exec </dev/null\n${script}`;
  if (mode === null) return portableScript(alone);
  const start = `ocr_through_login ocr_exec ${mode} "$ocr_command"`;
  return portableScript(
    [
      THROUGH_LOGIN_FUNCTIONS,
      `ocr_command=${quoteArgument(portableScript(alone))}`,
      `if [ -t 0 ]; then ${start}; else ${start} <<OCR_END`,
      '$ocr_command',
      'OCR_END',
      'fi',
      alone,
    ].join('\n'),
  );
}
