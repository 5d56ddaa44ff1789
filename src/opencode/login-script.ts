import { LOGIN_VARIABLES, type LoginMode } from '../domain/login.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import { THROUGH_LOGIN_FUNCTIONS } from './login-shell.ts';

/** Profile files in the home folder that can change the login environment. */
const PROFILE_FILES = [
  '.profile',
  '.bash_profile',
  '.bash_login',
  '.bashrc',
  '.bash_aliases',
  '.zshenv',
  '.zprofile',
  '.zshrc',
  '.zlogin',
  '.kshrc',
  '.mkshrc',
  '.login',
  '.cshrc',
  '.tcshrc',
  '.yash_profile',
  '.yashrc',
  '.ashrc',
  '.shrc',
  '.config/fish/config.fish',
  '.config/fish/conf.d',
  '.nvm/alias/default',
  '.tool-versions',
];

/** POSIX sh. `ocr_print_profiles` prints a word that changes whenever a profile file of the user changes. */
export const PROFILE_FUNCTIONS = String.raw`
ocr_print_profiles() {
  set --
  for ocr_file in ${PROFILE_FILES.join(' ')}; do
    [ ! -r "$HOME/$ocr_file" ] || set -- "$@" "$HOME/$ocr_file"
  done
  [ $# -gt 0 ] || { echo none; return; }
  { stat -L -c '%n %i %.9Y %s' "$@" 2>/dev/null || stat -L -f '%N %i %Fm %z' "$@" 2>/dev/null; } | cksum | tr ' \n' '-.'
  echo
}
`;

/** Runs in the login shell's environment. Skips values with a newline. */
const TELL = String.raw`
ocr_newline='
'
ocr_tell() { case $2 in *"$ocr_newline"*) ;; *) printf '@ocr %s %s %s\n' "$ocr_mark" "$1" "$2" ;; esac; }
printf '\n'
ocr_tell PATH "$PATH"
ocr_found=$(command -v opencode) || ocr_found=
case $ocr_found in /*) [ ! -f "$ocr_found" ] || ocr_tell opencode "$ocr_found" ;; esac
${LOGIN_VARIABLES.map((name) => `[ -z "$${name}" ] || ocr_tell ${name} "$${name}"`).join('\n')}
ocr_tell end ''
`;

/**
 * POSIX sh. `ocr_bounded SECONDS COMMAND...` runs a command, and kills it with all its children after a timeout, without `timeout`. The command has
 * no terminal, so that an interactive shell does not take over ocr's own. Its input is `ocr_input`.
 */
const BOUND_FUNCTIONS = `
ocr_alone() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  if command -v perl >/dev/null 2>&1; then exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"; fi
  exec "$@"
}
ocr_bounded() {
  ocr_left=$1
  shift
  ("$@") 2>/dev/null <<OCR_END &
$ocr_input
OCR_END
  ocr_child=$!
  (
    while [ "$ocr_left" -gt 0 ]; do
      sleep 1
      kill -0 "$ocr_child" || exit
      ocr_left=$((ocr_left - 1))
    done
    kill -9 "-$ocr_child" || kill -9 "$ocr_child"
  ) </dev/null >/dev/null 2>&1 &
  ocr_watch=$!
  wait "$ocr_child" 2>/dev/null
  ocr_status=$?
  kill "$ocr_watch" 2>/dev/null
  return "$ocr_status"
}
`;

/** Matches the exit status of a program killed by SIGKILL (ksh93: 256 + 9). */
const KILLED = 'case $ocr_status in 137|265) ';

/**
 * Returns a script that asks the login shell in one mode; its output is for `parseLogin`. `mark` is a random word,
 * since profiles may print anything. Neither the shell nor its profile gets a history file to write.
 */
export function askLoginScript(mode: LoginMode, mark: string, seconds: number): string {
  const tell = portableScript(`ocr_mark=${quoteArgument(mark)}\n${TELL}`);
  return [
    THROUGH_LOGIN_FUNCTIONS,
    BOUND_FUNCTIONS,
    PROFILE_FUNCTIONS,
    `ocr_say() { printf '\\n@ocr %s %s %s\\n' ${quoteArgument(mark)} "$1" "$2"; }`,
    'HISTFILE=/dev/null fish_history=',
    'export HISTFILE fish_history',
    'ocr_say shell "$SHELL"',
    'ocr_say profiles "$(ocr_print_profiles)"',
    // The command goes by argument and by input: a shell that replaces the login shell, as by `exec zsh -l` in `.bash_profile`, reads its input.
    `ocr_input=${quoteArgument(tell)}`,
    `ocr_bounded ${seconds} ocr_through_login ocr_alone ${mode} "$ocr_input"`,
    `${KILLED}ocr_say outcome silent ;; 127) ocr_say outcome unknown ;; *) ocr_say outcome ended ;; esac`,
  ].join('\n');
}
