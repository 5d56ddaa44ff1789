/**
 * POSIX sh for one start at a time on a host, after OWN_FILE_FUNCTIONS. The lock is a folder that names the shell which holds it and the process that
 * it starts. Where that shell is gone, its unfinished start is ended and the lock taken over.
 */
export const LOCK_FUNCTIONS = `
ocr_nap() { sleep 0.2 2>/dev/null || sleep 1; }
ocr_end() {
  [ -n "$1" ] || return 0
  kill -s TERM -- "-$1" || kill -s TERM "$1"
  for ocr_round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    ocr_process "$1" || return 0
    ocr_nap
  done
  kill -s KILL -- "-$1" || kill -s KILL "$1"
} 2>/dev/null
ocr_try_lock() {
  mkdir "$ocr_lock" 2>/dev/null || return 1
  ocr_process $$
  printf '%s %s\\n' $$ "$ocr_start" >"$ocr_lock/owner"
}
ocr_is_stale() {
  ocr_owner= ocr_since=
  read -r ocr_owner ocr_since <"$ocr_lock/owner"
  if [ -z "$ocr_since" ]; then [ -n "$(find "$ocr_lock" -prune -mmin +1)" ]; return; fi
  ! ocr_process "$ocr_owner" || [ "$ocr_start" != "$ocr_since" ]
} 2>/dev/null
ocr_break_lock() {
  if ! mkdir "$ocr_lock.break" 2>/dev/null; then
    [ -z "$(find "$ocr_lock.break" -prune -mmin +1 2>/dev/null)" ] || rmdir "$ocr_lock.break"
    return
  fi
  if ocr_is_stale; then
    ocr_owner= ocr_since=
    [ ! -f "$ocr_lock/child" ] || read -r ocr_owner ocr_since <"$ocr_lock/child"
    ! ocr_process "$ocr_owner" || [ "$ocr_start" != "$ocr_since" ] || ocr_end "$ocr_owner"
    rm -rf "$ocr_lock"
  fi
  rmdir "$ocr_lock.break"
}
ocr_take_lock() {
  ocr_lock=$ocr_state/lock-$ocr_hostname
  ocr_deadline=$(($(date +%s) + 2 * ocr_patience))
  until ocr_try_lock; do
    if ocr_is_stale; then ocr_break_lock; else ocr_nap; fi
    [ "$(date +%s)" -lt "$ocr_deadline" ] || return 1
  done
}
ocr_leave_lock() { rm -rf "$ocr_lock"; }
`;
