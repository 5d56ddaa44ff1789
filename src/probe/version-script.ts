import type { LoginEnvironment } from '../domain/login.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { enterLogin } from './locate-script.ts';

/**
 * Prints opencode's version, from its npm package or its folder's name (Homebrew, mise, asdf) if possible. Otherwise starts the program, which takes
 * more than a second of the host's CPU. `opencode --version` creates its folders if they are missing (measured with 1.18.33), so it gets temporary
 * ones.
 * @param mayStart false on a read-only host: prints nothing if only the program could tell
 */
export function versionScript(opencodePath: string, login: LoginEnvironment | null = null, mayStart = true): string {
  const fromProgram = mayStart ? FROM_PROGRAM : '';
  return `${enterLogin(login)}\nocr_program=${quoteArgument(opencodePath)}\n${FROM_FILES}${fromProgram}`;
}

const FROM_FILES = `
ocr_path=$ocr_program ocr_links=0 ocr_version=
while [ -L "$ocr_path" ] && [ "$ocr_links" -lt 40 ]; do
  ocr_link=$(readlink "$ocr_path") || break
  case $ocr_link in /*) ocr_path=$ocr_link ;; *) ocr_path=\${ocr_path%/*}/$ocr_link ;; esac
  ocr_links=$((ocr_links + 1))
done
ocr_package=$(cd -P "\${ocr_path%/*}/.." 2>/dev/null && pwd -P)
if grep '"name": *"opencode-' "$ocr_package/package.json" >/dev/null 2>&1; then
  ocr_version=$(sed -n 's/.*"version": *"\\([0-9][^"]*\\)".*/\\1/p' "$ocr_package/package.json" | head -n 1)
else
  case $ocr_package in */opencode/[0-9]*) ocr_version=\${ocr_package##*/} ;; esac
fi
[ -z "$ocr_version" ] || printf '%s\\n' "$ocr_version"
`;

const FROM_PROGRAM = `
ocr_ask_version() { OPENCODE_DISABLE_AUTOUPDATE=1 "$ocr_program" --version 2>/dev/null </dev/null; }
ocr_was_started() {
  set -- "\${XDG_DATA_HOME:-$HOME/.local/share}" "\${XDG_CACHE_HOME:-$HOME/.cache}" "\${XDG_CONFIG_HOME:-$HOME/.config}" \\
    "\${XDG_STATE_HOME:-$HOME/.local/state}"
  [ -d "$1/opencode/log" ] && [ -d "$1/opencode/repos" ] && [ -d "$2/opencode/bin" ] && [ -d "$3/opencode" ] && [ -d "$4/opencode" ]
}
if [ -n "$ocr_version" ]; then
  :
elif ocr_was_started; then
  ocr_ask_version
elif ocr_folders=$(mktemp -d "\${TMPDIR:-/tmp}/ocr.XXXXXXXXXX"); then
  trap 'rm -rf "$ocr_folders"; exit 1' HUP INT TERM PIPE
  (
    XDG_DATA_HOME=$ocr_folders/data XDG_CACHE_HOME=$ocr_folders/cache XDG_CONFIG_HOME=$ocr_folders/config XDG_STATE_HOME=$ocr_folders/state
    export XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME XDG_STATE_HOME
    ocr_ask_version
  )
  rm -rf "$ocr_folders"
  trap - HUP INT TERM PIPE
fi
`;
