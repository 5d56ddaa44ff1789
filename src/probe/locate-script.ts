/** Where installers and package managers put opencode, besides PATH. */
const PLACES = [
  ...['.opencode/bin', '.local/bin', 'bin', '.bun/bin', '.npm-global/bin', '.local/share/pnpm', '.volta/bin'],
  ...['.local/share/mise/shims', '.asdf/shims', '.nix-profile/bin', '.nvm/versions/node/*/bin'],
].map((place) => `"$HOME"/${place}`);
const SYSTEM_PLACES = ['/usr/local/bin', '/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin', '/snap/bin'];

/**
 * POSIX sh. `ocr_find` sets `ocr_opencode`, `ocr_identify` sets `ocr_identity`, `ocr_find_database` sets `ocr_db` and `ocr_data`. The login shell's
 * answer cannot change while the shell lives, so it is kept in a variable.
 */
export const LOCATE_FUNCTIONS = String.raw`
ocr_usable() { [ -f "$1" ] && [ -x "$1" ]; }
ocr_find() {
  if [ -n "$ocr_want" ]; then
    case $ocr_want in "~/"*) ocr_want=$HOME/$(printf '%s' "$ocr_want" | cut -c 3-) ;; esac
    ocr_opencode=$ocr_want
    ocr_usable "$ocr_opencode"
    return
  fi
  [ -n "$ocr_opencode" ] && ocr_usable "$ocr_opencode" && return
  ocr_opencode=$(command -v opencode) && case $ocr_opencode in /*) return ;; esac
  for ocr_place in ${[...PLACES, ...SYSTEM_PLACES].join(' ')}; do
    ocr_opencode=$ocr_place/opencode
    ocr_usable "$ocr_opencode" && return
  done
  if [ -z "$ocr_login_asked" ]; then
    ocr_login_asked=1
    case $SHELL in
      */bash|*/zsh|*/ksh|*/dash|*/fish)
        ocr_opencode=$("$SHELL" -l -c 'command -v opencode' 2>/dev/null | tail -n 1)
        ocr_usable "$ocr_opencode" && return ;;
    esac
  fi
  ocr_opencode=
  return 1
}
ocr_identify() {
  [ "$ocr_identified" = "$ocr_opencode" ] && return
  ocr_identified=$ocr_opencode
  ocr_identity=$(ls -dnL "$ocr_opencode" 2>/dev/null)
}
ocr_find_database() {
  ocr_data=$XDG_DATA_HOME
  [ -n "$ocr_data" ] || ocr_data=$HOME/.local/share
  ocr_data=$ocr_data/opencode
  for ocr_db in "$OPENCODE_DB" "$ocr_data/opencode.db" "$ocr_data"/opencode-*.db; do
    [ -f "$ocr_db" ] && return
  done
  return 1
}
`;
