/** Version folders of version managers below the home folder: the path up to the version, and the path from there to the programs. */
const VERSION_FOLDERS: readonly (readonly [versions: string, programs: string])[] = [
  [`"\${FNM_DIR:-$HOME/.local/share/fnm}/node-versions"`, 'installation/bin'],
  ['"$HOME/.fnm/node-versions"', 'installation/bin'],
  ['"$HOME/Library/Application Support/fnm/node-versions"', 'installation/bin'],
  [`"\${N_PREFIX:-$HOME/n}/n/versions/node"`, 'bin'],
  [`"\${ASDF_DATA_DIR:-$HOME/.asdf}/installs/nodejs"`, 'bin'],
  [`"\${MISE_DATA_DIR:-$HOME/.local/share/mise}/installs/node"`, 'bin'],
  [`"\${MISE_DATA_DIR:-$HOME/.local/share/mise}/installs/opencode"`, 'bin'],
  [`"\${MISE_DATA_DIR:-$HOME/.local/share/mise}/installs/npm-opencode-ai"`, 'bin'],
  [`"\${NODENV_ROOT:-$HOME/.nodenv}/versions"`, 'bin'],
];

/** Folders of a version manager's own default. */
const DEFAULT_FOLDERS = [
  `"\${FNM_DIR:-$HOME/.local/share/fnm}/aliases/default/bin"`,
  '"$HOME/.fnm/aliases/default/bin"',
  '"$HOME/Library/Application Support/fnm/aliases/default/bin"',
  `"\${VOLTA_HOME:-$HOME/.volta}/bin"`,
  `"\${MISE_DATA_DIR:-$HOME/.local/share/mise}/shims"`,
  `"\${ASDF_DATA_DIR:-$HOME/.asdf}/shims"`,
  `"\${NODENV_ROOT:-$HOME/.nodenv}/shims"`,
  `"\${N_PREFIX:-$HOME/n}/bin"`,
];

/**
 * POSIX sh, after `ocr_usable`. `ocr_find_managed` sets `ocr_opencode` to a version manager's opencode: that of its default version, else of the
 * newest version that has one. Starts no process.
 */
export const MANAGED_FUNCTIONS = `
ocr_parse_version() {
  ocr_rest=\${1#v}.0.0
  ocr_major=\${ocr_rest%%.*} ocr_rest=\${ocr_rest#*.}
  ocr_minor=\${ocr_rest%%.*} ocr_rest=\${ocr_rest#*.}
  ocr_patch=\${ocr_rest%%.*}
  for ocr_part in "$ocr_major" "$ocr_minor" "$ocr_patch"; do
    case $ocr_part in ''|*[!0-9]*|?????????*) return 1 ;; esac
  done
}
ocr_is_later() {
  for ocr_part in "$ocr_major:$1" "$ocr_minor:$2" "$ocr_patch:$3"; do
    [ "\${ocr_part%%:*}" -eq "\${ocr_part##*:}" ] || { [ "\${ocr_part%%:*}" -gt "\${ocr_part##*:}" ]; return; }
  done
  return 1
}
ocr_newest() {
  ocr_best_major=-1 ocr_best_minor=0 ocr_best_patch=0 ocr_opencode=
  for ocr_folder in "$1"/*; do
    ocr_name=\${ocr_folder##*/}
    case $ocr_name in "v$3"|"v$3".*|"$3"|"$3".*) ;; *) [ -z "$3" ] || continue ;; esac
    ocr_usable "$ocr_folder/$2/opencode" || continue
    ocr_parse_version "$ocr_name" || continue
    ocr_is_later "$ocr_best_major" "$ocr_best_minor" "$ocr_best_patch" || continue
    ocr_best_major=$ocr_major ocr_best_minor=$ocr_minor ocr_best_patch=$ocr_patch
    ocr_opencode=$ocr_folder/$2/opencode
  done
  [ -n "$ocr_opencode" ]
}
ocr_nvm_default() {
  ocr_wanted=default
  for ocr_round in 1 2 3 4 5; do
    ocr_read=
    [ ! -f "$1/alias/$ocr_wanted" ] || read -r ocr_read <"$1/alias/$ocr_wanted"
    [ -n "$ocr_read" ] || break
    ocr_wanted=$ocr_read
  done
  ocr_wanted=\${ocr_wanted#v}
  case $ocr_wanted in ''|*[!0-9.]*) return 1 ;; esac
}
ocr_find_nvm() {
  ocr_nvm=\${NVM_DIR:-$HOME/.nvm}
  ocr_nvm_default "$ocr_nvm" && ocr_newest "$ocr_nvm/versions/node" bin "$ocr_wanted" && return
  ocr_newest "$ocr_nvm/versions/node" bin ''
}
ocr_find_managed() {
  ocr_find_nvm && return
  for ocr_place in ${DEFAULT_FOLDERS.join(' ')}; do
    ocr_opencode=$ocr_place/opencode
    ocr_usable "$ocr_opencode" && return
  done
  ${VERSION_FOLDERS.map(([versions, programs]) => `ocr_newest ${versions} ${programs} '' && return`).join('\n  ')}
  ocr_opencode=
  return 1
}
`;
