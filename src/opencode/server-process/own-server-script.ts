import type { LoginMode } from '../../domain/login.ts';
import { portableScript, quoteArgument } from '../../lib/shell-quote.ts';
import { THROUGH_LOGIN_FUNCTIONS } from '../login-shell.ts';
import { BYPASS_PROXY_SCRIPT } from '../proxy-script.ts';
import { FIND_FUNCTIONS } from './find-script.ts';
import { LOCK_FUNCTIONS } from './lock-script.ts';
import { OWN_FILE_FUNCTIONS, TELL_OWN_FUNCTION } from './own-file-script.ts';

export interface StartRequest {
  /** Path of opencode on the host. */
  readonly opencodePath: string;
  /** Seconds until the new server must listen, or another's start must be over. */
  readonly patience: number;
  /** False: one that runs is found, and none is started. */
  readonly mayStart: boolean;
  /** opencode's version, if known; it is kept in the file. */
  readonly version: string | null;
  /** The mode in which the login shell starts. */
  readonly mode: LoginMode;
  /** Known variables of the login, for a start without the profile. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the server in a session of its own, so that it outlives the connection, and through the login shell, so that its tools are found. The
 * command is that shell's argument and also its input, for a shell that replaces it, as by `exec zsh -l` in `.bash_profile`. If the command does not
 * begin, the server starts without the profile. The password is made on the host and leaves it only by the file: no argument and no script holds it.
 * A profile that sets a password or a user name does not change those of this server.
 */
const START_FUNCTIONS = `
ocr_detach() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  if command -v perl >/dev/null 2>&1; then exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"; fi
  exec nohup "$@"
}
ocr_spawn() {
  ocr_way=$1 ocr_begun=$ocr_log.begun
  rm -f "$ocr_begun"
  (
    trap '' HUP
    OCR_SERVER_PASSWORD=$ocr_password OCR_SERVER_BEGUN=$ocr_begun
    export OCR_SERVER_PASSWORD OCR_SERVER_BEGUN
    cd "$HOME" || cd /
    if [ "$ocr_way" = login ]; then
      ocr_through_login ocr_detach "$ocr_mode" "$ocr_command" <<OCR_END
$ocr_command
OCR_END
    else
      eval "$ocr_environment"
    fi
    ocr_detach /bin/sh -c "$ocr_command"
  ) </dev/null >"$ocr_log" 2>&1 3>&- &
  ocr_child=$!
  ocr_process "$ocr_child" && printf '%s %s\\n' "$ocr_child" "$ocr_start" >"$ocr_lock/child"
}
ocr_await() {
  ocr_time=$(date +%s)
  ocr_deadline=$((ocr_time + ocr_patience)) ocr_profile_deadline=$((ocr_time + ocr_patience / 3))
  until ocr_find_child; do
    if ! ocr_process "$ocr_child"; then ocr_why='it ended at once'; return 1; fi
    ocr_time=$(date +%s)
    if [ "$ocr_time" -ge "$ocr_deadline" ]; then ocr_why="it did not listen within $ocr_patience s"; return 1; fi
    if [ "$ocr_way" = login ] && [ "$ocr_time" -ge "$ocr_profile_deadline" ] && [ ! -e "$ocr_begun" ]; then ocr_why=silent; return 1; fi
    ocr_nap
  done
}
ocr_run_server() {
  ocr_spawn login
  ocr_await && return
  [ ! -e "$ocr_begun" ] || return 1
  [ "$ocr_why" = silent ] || ocr_why=ended
  printf '@ocr profile %s %s\\n' "$ocr_why" "$SHELL"
  ocr_end "$ocr_child"
  ocr_spawn plain
  ocr_await
}
ocr_descends() {
  ocr_ancestor=$1
  while [ "$ocr_ancestor" -gt 1 ] 2>/dev/null; do
    [ "$ocr_ancestor" != "$ocr_child" ] || return 0
    ocr_process "$ocr_ancestor" || return 1
    ocr_ancestor=$ocr_parent
  done
  return 1
}
ocr_find_child() {
  ocr_scan
  [ -n "$ocr_found" ] || return 1
  ocr_all_sockets
  for ocr_entry in $ocr_found; do
    ocr_descends "\${ocr_entry%%:*}" || continue
    ocr_look "\${ocr_entry%%:*}"
    ocr_is_opencode "$ocr_program" && [ -n "$ocr_ports" ] || continue
    ocr_own_pid=\${ocr_entry%%:*} ocr_own_start=\${ocr_entry#*:}
    return
  done
  return 1
}
ocr_write_own() {
  ocr_own_port=\${ocr_ports%%,*}
  ocr_own_port=\${ocr_own_port##*:}
  [ "$ocr_sources" = ps ] || ocr_own_port=$((0x$ocr_own_port))
  rm -f "$ocr_own_file.new"
  cat >"$ocr_own_file.new" <<OCR_END || return 1
{"version":1,"host":"$ocr_hostname","pid":$ocr_own_pid,"startId":"$ocr_own_start","port":$ocr_own_port,"opencode":$ocr_version,"startedAt":$(date +%s)000,
"password":"$ocr_password"}
OCR_END
  mv -f "$ocr_own_file.new" "$ocr_own_file"
}
ocr_give_up() {
  ocr_end "$ocr_child"
  printf '@ocr failed %s\\n' "$1"
  tail -n 20 "$ocr_log" 2>/dev/null | while IFS= read -r ocr_line; do
    case $ocr_line in *"$ocr_password"*) ;; *) printf '@ocr log %s\\n' "$ocr_line" ;; esac
  done
  rm -f "$ocr_log" "$ocr_begun" "$ocr_own_file.new"
}
ocr_start_own() {
  ocr_log=\${ocr_own_file%.json}.log
  for ocr_entry in "$ocr_log" "$ocr_own_file"; do [ ! -d "$ocr_entry" ] || mv -f "$ocr_entry" "$ocr_entry.damaged.$$"; done
  rm -f "$ocr_log" "$ocr_own_file"
  ocr_password=$(od -An -vtx1 -N32 /dev/urandom 2>/dev/null | tr -d ' \\n')
  [ "\${#ocr_password}" -eq 64 ] || { printf '@ocr failed %s\\n' 'the host cannot generate a password (needs /dev/urandom and od)'; return; }
  ocr_run_server || { ocr_give_up "$ocr_why"; return; }
  rm -f "$ocr_begun"
  ocr_write_own || { ocr_give_up "$ocr_own_file cannot be written"; return; }
  ocr_own_runs || { ocr_give_up 'it ended at once'; return; }
  printf '@ocr started\\n'
  ocr_tell_own
}
ocr_ensure_own() {
  umask 077
  if ocr_own_runs; then ocr_tell_own; return; fi
  if [ -z "$ocr_may_start" ]; then printf '@ocr none\\n'; return; fi
  if ! mkdir -p "$ocr_state"; then printf '@ocr failed %s\\n' "$ocr_state cannot be made"; return; fi
  # Where others may write to the folder above, they may have made it.
  if [ -L "$ocr_state" ] || [ ! -O "$ocr_state" ]; then printf '@ocr failed %s\\n' "$ocr_state is not a folder of yours"; return; fi
  if ! chmod 700 "$ocr_state"; then printf '@ocr failed %s\\n' "$ocr_state cannot be closed to other users"; return; fi
  ocr_take_lock || { printf '@ocr busy\\n'; return; }
  trap 'ocr_end "$ocr_child"; ocr_leave_lock; exit 1' HUP INT TERM PIPE
  if ocr_own_runs; then ocr_tell_own; else ocr_start_own; fi
  trap - HUP INT TERM PIPE
  ocr_leave_lock
}
`;

/** Finds ocr's own server or starts it; prints what `parseOwnServer` reads. */
export function ensureScript({ opencodePath, patience, mayStart, version, mode, environment }: StartRequest): string {
  const known = Object.entries(environment).map(([name, value]) => `${name}=${quoteArgument(value)}; export ${name}`);
  const serve = [
    // A profile may have eaten the input.
    'exec </dev/null',
    ': >"$OCR_SERVER_BEGUN"',
    BYPASS_PROXY_SCRIPT,
    'OPENCODE_SERVER_PASSWORD=$OCR_SERVER_PASSWORD OPENCODE_SERVER_USERNAME=opencode',
    'export OPENCODE_SERVER_PASSWORD OPENCODE_SERVER_USERNAME',
    'unset OCR_SERVER_PASSWORD OCR_SERVER_BEGUN',
    'cd "$HOME" || cd /',
    `exec ${quoteArgument(opencodePath)} serve --hostname 127.0.0.1 --port 0`,
  ].join('\n');
  return [
    FIND_FUNCTIONS,
    OWN_FILE_FUNCTIONS,
    TELL_OWN_FUNCTION,
    LOCK_FUNCTIONS,
    THROUGH_LOGIN_FUNCTIONS,
    START_FUNCTIONS,
    `ocr_opencode=${quoteArgument(opencodePath)}`,
    `ocr_command=${quoteArgument(portableScript(serve))}`,
    `ocr_version=${version !== null && PLAIN_VERSION.test(version) ? quoteArgument(JSON.stringify(version)) : 'null'}`,
    `ocr_patience=${Math.ceil(patience)}`,
    `ocr_mode=${mode} ocr_environment=${quoteArgument(known.join('\n'))}`,
    'ocr_child=',
    `ocr_may_start=${mayStart ? 'yes' : ''}`,
    'ocr_ensure_own',
  ].join('\n');
}

/** Other characters in a version would not be safe in the file. */
const PLAIN_VERSION = /^[0-9A-Za-z.+-]+$/;
