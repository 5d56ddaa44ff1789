/**
 * POSIX sh that handles the file of ocr's own server, after FIND_FUNCTIONS. Its first line holds everything but the
 * password, so that a script that only recognises the server never reads that. Does not read anything but plain files
 * (a FIFO would block), nor files in another user's folder. If machines share a home folder, the file belongs to the
 * machine that it names.
 */
export const OWN_FILE_FUNCTIONS = `
ocr_read_own() {
  if [ -z "$ocr_hostname" ]; then
    [ ! -r /proc/sys/kernel/hostname ] || read -r ocr_hostname </proc/sys/kernel/hostname
    [ -n "$ocr_hostname" ] || ocr_hostname=$(uname -n)
    case $ocr_hostname in ''|*[!A-Za-z0-9._-]*) ocr_hostname=localhost ;; esac
  fi
  ocr_own= ocr_state=$XDG_STATE_HOME
  [ -n "$ocr_state" ] || ocr_state=$HOME/.local/state
  ocr_state=$ocr_state/opencode-remote
  ocr_own_file=$ocr_state/server-$ocr_hostname.json
  [ -f "$ocr_own_file" ] || ocr_own_file=$ocr_state/server.json
  [ -f "$ocr_own_file" ] && [ -O "$ocr_own_file" ] && [ -O "$ocr_state" ] || return 0
  read -r ocr_own <"$ocr_own_file"
  case $ocr_own in
    ''|*'"host":"'"$ocr_hostname"'"'*) ;;
    *) ocr_own= ocr_own_file=$ocr_state/server-$ocr_hostname.json ;;
  esac
} 2>/dev/null
ocr_own_field() {
  ocr_value=\${ocr_own#*"\\"$1\\":"}
  [ "$ocr_value" != "$ocr_own" ] || ocr_value=
  ocr_value=\${ocr_value%%,*}
  ocr_value=\${ocr_value#'"'}
  ocr_value=\${ocr_value%'"'}
}
ocr_own_runs() {
  ocr_read_own
  [ -n "$ocr_own" ] || return 1
  ocr_own_field pid; ocr_own_pid=$ocr_value
  ocr_own_field startId; ocr_own_start=$ocr_value
  ocr_own_field port; ocr_own_port=$ocr_value
  case $ocr_own_pid$ocr_own_port in ''|*[!0-9]*) return 1 ;; esac
  ocr_process "$ocr_own_pid" && [ "$ocr_start" = "$ocr_own_start" ] || return 1
  ocr_all_sockets
  ocr_look "$ocr_own_pid"
  ocr_is_opencode "$ocr_program" || return 1
  if [ "$ocr_sources" = proc ]; then ocr_value=$(printf '%04X' "$ocr_own_port"); else ocr_value=$ocr_own_port; fi
  case $ocr_ports, in *":$ocr_value,"*) ;; *) return 1 ;; esac
  ocr_servers="@ocr server $ocr_own_pid $ocr_own_start $ocr_ports $ocr_folder"
}
`;

/** Prints the file of ocr's own server, if it names one that runs: `@ocr file PATH`, the server's line, and the file after `@ocr content`. */
export const TELL_OWN_FUNCTION = `
ocr_tell_own() {
  printf '@ocr file %s\\n%s\\n@ocr content\\n' "$ocr_own_file" "$ocr_servers"
  cat "$ocr_own_file"
}
`;
