import { LOGIN_VARIABLES, type LoginEnvironment } from '../domain/login.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { MANAGED_FUNCTIONS } from './version-managers-script.ts';

/** Folders outside PATH where installers and package managers put opencode. */
const PLACES = [
  '.opencode/bin',
  '.local/bin',
  'bin',
  '.bun/bin',
  '.npm-global/bin',
  '.local/share/pnpm',
  'Library/pnpm',
  '.yarn/bin',
  '.nix-profile/bin',
  '.local/state/nix/profile/bin',
  'go/bin',
].map((place) => `"$HOME"/${place}`);
const SYSTEM_PLACES = [
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
  '/snap/bin',
  '/run/current-system/sw/bin',
  '"/etc/profiles/per-user/$USER/bin"',
];

/**
 * POSIX sh. `ocr_find` sets `ocr_opencode`; `ocr_identify` sets `ocr_identity` and, for a script, `ocr_wrapped`; `ocr_find_database` sets `ocr_db`,
 * `ocr_data` and `ocr_candidates`, the number of databases to choose from. None of them starts a process if opencode was found and nothing changed.
 */
export const LOCATE_FUNCTIONS = `
ocr_usable() { [ -f "$1" ] && [ -x "$1" ]; }
${MANAGED_FUNCTIONS}
ocr_find() {
  if [ -n "$ocr_want" ]; then
    case $ocr_want in "~/"*) ocr_want=$HOME/\${ocr_want#??} ;; esac
    ocr_opencode=$ocr_want
    ocr_usable "$ocr_opencode"
    return
  fi
  [ "$ocr_found_in" = "x$PATH" ] && ocr_usable "$ocr_opencode" && return
  ocr_found_in=x$PATH
  ocr_opencode=$(command -v opencode) && case $ocr_opencode in /*) return ;; esac
  for ocr_place in ${[...PLACES, ...SYSTEM_PLACES].join(' ')}; do
    ocr_opencode=$ocr_place/opencode
    ocr_usable "$ocr_opencode" && return
  done
  ocr_find_managed
}
ocr_identify() {
  [ "$ocr_identified" = "$ocr_opencode" ] && return
  ocr_identified=$ocr_opencode
  ocr_identity=$(ls -dnL "$ocr_opencode" 2>/dev/null)
  ocr_wrapped=
  case $(head -n 1 "$ocr_opencode" 2>/dev/null | cut -c 1-200) in
    '#!'*node*|'#!'*bun*) ;;
    '#!'*) ocr_wrapped=1 ;;
  esac
}
ocr_last_changed() {
  ocr_changed=$1
  [ ! -s "$1-wal" ] || ocr_changed=$1-wal
}
ocr_is_newer() {
  ocr_last_changed "$2"
  ocr_other=$ocr_changed
  ocr_last_changed "$1"
  [ -n "$(find "$ocr_changed" -newer "$ocr_other" 2>/dev/null)" ]
}
ocr_find_database() {
  ocr_data=$XDG_DATA_HOME ocr_candidates=1
  [ -n "$ocr_data" ] || ocr_data=$HOME/.local/share
  ocr_data=$ocr_data/opencode
  ocr_db=$ocr_confirmed
  if [ -z "$ocr_db" ]; then
    case $OPENCODE_DB in
      ''|:memory:) ;;
      /*) ocr_db=$OPENCODE_DB ;;
      *) ocr_db=$ocr_data/$OPENCODE_DB ;;
    esac
  fi
  if [ -n "$ocr_db" ]; then [ -f "$ocr_db" ]; return; fi
  ocr_candidates=0
  for ocr_file in "$ocr_data/opencode.db" "$ocr_data"/opencode-*.db; do
    [ -f "$ocr_file" ] || continue
    ocr_candidates=$((ocr_candidates + 1))
    if [ -z "$ocr_db" ] || ocr_is_newer "$ocr_file" "$ocr_db"; then ocr_db=$ocr_file; fi
  done
  [ -n "$ocr_db" ]
}
`;

/**
 * Returns POSIX sh that applies a login's environment, for the shell's own searches and for the programs it starts. Without an answer from the login
 * shell it changes nothing.
 */
export function enterLogin(login: LoginEnvironment | null): string {
  if (login === null || login.path === null) return '';
  const assign = (name: string, value: string | undefined) =>
    value === undefined ? `unset ${name}` : `${name}=${quoteArgument(value)}; export ${name}`;
  return [assign('PATH', login.path), ...LOGIN_VARIABLES.map((name) => assign(name, login.variables[name]))].join('\n');
}
