import { CORE_SESSION_SQL, sessionSql, UNKNOWN_TABLES_SQL } from '../opencode/session-sql.ts';

/** Prints the rows of each query that returns any; argv: URI of the database, SQL, SQL. */
export const PYTHON = `
import json, sqlite3, sys
try:
    db = sqlite3.connect(sys.argv[1], uri=True, timeout=2)
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")
    db.row_factory = sqlite3.Row
    for sql in sys.argv[2:]:
        rows = [dict(row) for row in db.execute(sql)]
        if rows:
            json.dump(rows, sys.stdout)
            print(flush=True)
except sqlite3.Error as error:
    sys.exit(str(error))
`;

/** Bytes of a database and of its log that are copied: a folder for temporary files may be in memory. */
const MAX_COPY_BYTES = 256 * 1024 * 1024;

/**
 * POSIX sh. `ocr_read_database` reports the rows of the database `ocr_db`, by the first quick rung that can read it, and changes no file:
 *
 * - A plain read-only open of a WAL database creates its `-shm` and `-wal`, or touches them (measured with SQLite 3.40). So a database without a log is
 *   opened with `immutable=1`, which takes no lock; if it was written meanwhile, it is read again. With a log, `readonly_shm=1` leaves all three as they are.
 * - A log without its `-shm`, as in a restored backup, is read from a copy in the folder for temporary files.
 * - Where the log cannot be read, the database is read without it, and `behind` says so.
 *
 * Two reports come instead of rows: `empty` for a file of 0 bytes, and `unreadable` with the reason where no rung could do better.
 */
export const READ_FUNCTIONS = `
ocr_print_fingerprint() {
  if [ -s "$ocr_db-wal" ]; then set -- "$ocr_db" "$ocr_db-wal"; else set -- "$ocr_db"; fi
  set -- $(stat -L -c '%i %.9Y %s' "$@" 2>/dev/null || stat -L -f '%i %Fm %z' "$@" 2>/dev/null)
  case $2 in *.*) printf '%s' "$*" ;; esac
}
ocr_print_uri() {
  case $1 in
    *[%?#]*) printf 'file://%s?%s' "$(printf '%s' "$1" | sed 's/%/%25/g; s/?/%3f/g; s/#/%23/g')" "$2" ;;
    *) printf 'file://%s?%s' "$1" "$2" ;;
  esac
}
ocr_sqlite3() { sqlite3 -batch -init /dev/null -cmd '.timeout 2000' -readonly -json "$ocr_uri" "$ocr_tables_sql" "$1"; }
ocr_python3() { python3 -I -S -c "$ocr_python" "$ocr_uri" "$ocr_tables_sql" "$1"; }
ocr_try() {
  ocr_say rows "$1"
  if ocr_error=$("$2" "$3" 2>&1 1>&3 3>&-); then
    printf '\\n'
    ocr_say done "$1"
    return
  fi
  printf '\\n'
  ocr_say failed "$1 $(ocr_line "$ocr_error")"
  return 1
}
ocr_rung() {
  case " $ocr_skip " in *" $1 "*) return 1 ;; esac
  if ! command -v "$3" >/dev/null 2>&1; then
    ocr_say failed "$1 not installed"
    return 1
  fi
  ocr_try "$1" "$2" "$ocr_sql" && return
  [ "$ocr_sql" = "$ocr_core_sql" ] && return 1
  case $ocr_error in *"no such"*) ;; *) return 1 ;; esac
  ocr_try "$1" "$2" "$ocr_core_sql"
}
ocr_quick_rungs() { ocr_rung sqlite3 ocr_sqlite3 sqlite3 || ocr_rung python3 ocr_python3 python3; }
ocr_read_alone() {
  ocr_uri=$(ocr_print_uri "$ocr_db" immutable=1)
  ocr_quick_rungs
}
ocr_read_copy() {
  [ -z "$(find "$ocr_db" "$ocr_db-wal" -size +${MAX_COPY_BYTES / 512} 2>/dev/null)" ] || return
  ocr_copy=$(mktemp -d "\${TMPDIR:-/tmp}/ocr.XXXXXXXXXX") || return
  trap 'rm -rf "$ocr_copy"; exit 1' HUP INT TERM PIPE
  cp "$ocr_db" "$ocr_copy/copy.db" 2>/dev/null && cp "$ocr_db-wal" "$ocr_copy/copy.db-wal" 2>/dev/null &&
    ocr_uri=$(ocr_print_uri "$ocr_copy/copy.db" mode=ro) && ocr_quick_rungs
  set -- "$?"
  rm -rf "$ocr_copy"
  trap - HUP INT TERM PIPE
  return "$1"
}
ocr_read_with_log() {
  if [ -s "$ocr_db-wal" ] && [ ! -e "$ocr_db-shm" ]; then
    ocr_read_copy && return
  else
    ocr_uri=$(ocr_print_uri "$ocr_db" 'mode=ro&readonly_shm=1')
    ocr_quick_rungs && return
  fi
  case $ocr_error in ''|*"unable to open"*|*locked*|*readonly*|*"disk I/O"*) ;; *) return 1 ;; esac
  ocr_read_alone && ocr_say behind log
}
ocr_read_rows() {
  ocr_error=
  if [ ! -s "$ocr_db-wal" ] && [ ! -s "$ocr_db-journal" ]; then
    ocr_read_alone
    set -- "$?"
    [ "$ocr_fingerprint" = "$(ocr_print_fingerprint)" ] && return "$1"
  fi
  ocr_read_with_log
}
ocr_read_database() {
  ocr_say database "$ocr_db"
  if [ ! -r "$ocr_db" ]; then
    ocr_say unreadable 'permission denied'
    return
  fi
  if [ ! -s "$ocr_db" ]; then
    ocr_say empty database
    [ ! -d "$ocr_data/storage/session" ] || ocr_read_storage
    return
  fi
  ocr_fingerprint=$(ocr_print_fingerprint)
  ocr_say fingerprint "$ocr_fingerprint"
  if [ -n "$ocr_fingerprint" ] && [ "$ocr_fingerprint" = "$ocr_known" ]; then
    ocr_say unchanged database
    return
  fi
  ocr_read_rows
  [ -w "\${ocr_db%/*}" ] || ocr_say behind folder
}
ocr_read_nothing() {
  [ -e "$ocr_db" ] || [ -L "$ocr_db" ] || ocr_db=$ocr_data/opencode.db
  ocr_trouble= ocr_folder=$ocr_db
  if [ -d "$ocr_db" ]; then
    ocr_trouble='is a folder'
  elif [ -e "$ocr_db" ]; then
    [ -f "$ocr_db" ] || ocr_trouble='is not a file'
  elif [ -L "$ocr_db" ]; then
    ocr_trouble='is a link to nothing'
  else
    while ocr_folder=\${ocr_folder%/*} && [ -n "$ocr_folder" ] && [ ! -d "$ocr_folder" ]; do :; done
    [ -z "$ocr_folder" ] || [ -x "$ocr_folder" ] || ocr_trouble='permission denied'
  fi
  if [ -n "$ocr_trouble" ]; then
    ocr_say database "$ocr_db"
    ocr_say unreadable "$ocr_trouble"
  elif [ -d "$ocr_data/storage/session" ]; then
    ocr_read_storage
  else
    ocr_say missing database
  fi
}
`;

/**
 * Returns the shell variables that the functions read.
 * @param dayAge milliseconds since the midnight from which each session's use is read; `null` reads none
 */
export function readVariables(enrich: boolean, dayAge: number | null): Readonly<Record<string, string>> {
  return {
    ocr_sql: enrich ? sessionSql(dayAge) : CORE_SESSION_SQL,
    ocr_core_sql: CORE_SESSION_SQL,
    ocr_tables_sql: UNKNOWN_TABLES_SQL,
    ocr_python: PYTHON,
  };
}

/** Prints the database's fingerprint; works only after a survey in the same shell. */
export const FINGERPRINT_SCRIPT = '[ -n "$ocr_db" ] && ocr_print_fingerprint';
