import { quoteArgument } from '../lib/shell-quote.ts';
import { CORE_SESSION_SQL, SESSION_SQL } from '../opencode/session-sql.ts';

/** Reads the database without writing it; argv: database, SQL. */
const PYTHON = `
import json, sqlite3, sys, urllib.parse
db = sqlite3.connect("file:" + urllib.parse.quote(sys.argv[1]) + "?mode=ro", uri=True, timeout=2)
db.text_factory = lambda raw: raw.decode("utf-8", "replace")
db.row_factory = sqlite3.Row
json.dump([dict(row) for row in db.execute(sys.argv[2])], sys.stdout)
`;

/**
 * POSIX sh. `ocr_read_database` reports the rows of the database `ocr_db`, by the first quick rung that can read it. What opencode prints goes
 * through a file, since what is longer than a pipe holds is cut short when opencode exits (seen with 1.18.33).
 */
export const READ_FUNCTIONS = String.raw`
ocr_print_fingerprint() {
  if [ -s "$ocr_db-wal" ]; then set -- "$ocr_db" "$ocr_db-wal"; else set -- "$ocr_db"; fi
  set -- $(stat -L -c '%i %.9Y %s' "$@" 2>/dev/null || stat -L -f '%i %Fm %z' "$@" 2>/dev/null)
  case $2 in *.*) printf '%s' "$*" ;; esac
}
ocr_sqlite3() { sqlite3 -batch -init /dev/null -cmd '.timeout 2000' -readonly -json "$ocr_db" "$1"; }
ocr_python3() { python3 -I -S -c "$ocr_python" "$ocr_db" "$1"; }
ocr_through_file() {
  ocr_file=$(mktemp) || return
  "$@" >"$ocr_file"
  ocr_status=$?
  cat "$ocr_file"
  rm -f "$ocr_file"
  return "$ocr_status"
}
ocr_run_opencode() { (cd "$1" 2>/dev/null || exit 0; shift; OPENCODE_DISABLE_AUTOUPDATE=1 exec "$ocr_opencode" "$@"); }
ocr_opencode_db() { ocr_through_file ocr_run_opencode "$HOME" db "$1" --format json; }
ocr_try() {
  ocr_say rows "$1"
  if ocr_error=$("$2" "$3" 2>&1 1>&3 3>&-); then
    printf '\n'
    ocr_say done "$1"
    return
  fi
  printf '\n'
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
ocr_read_database() {
  ocr_say database "$ocr_db"
  ocr_fingerprint=$(ocr_print_fingerprint)
  ocr_say fingerprint "$ocr_fingerprint"
  if [ -n "$ocr_fingerprint" ] && [ "$ocr_fingerprint" = "$ocr_known" ]; then
    ocr_say unchanged database
    return
  fi
  ocr_rung sqlite3 ocr_sqlite3 sqlite3 || ocr_rung python3 ocr_python3 python3
}
ocr_slow_survey() {
  ocr_say opencode "$ocr_opencode"
  ocr_rung opencode-db ocr_opencode_db "$ocr_opencode"
}
`;

/** The shell variables that the functions read. */
export function readVariables(enrich: boolean): Readonly<Record<string, string>> {
  return {
    ocr_sql: enrich ? SESSION_SQL : CORE_SESSION_SQL,
    ocr_core_sql: CORE_SESSION_SQL,
    ocr_python: PYTHON,
  };
}

/*
 * The scripts below start opencode, which takes seconds, and follow a survey in the same shell: they use its functions and what it found.
 */

/** Reads the database by `opencode db`; its report is one of a survey's. */
export const SLOW_SURVEY_SCRIPT = 'ocr_slow_survey';

/** Prints the projects that opencode knows. */
export const PROJECTS_SCRIPT = 'ocr_through_file ocr_run_opencode "$HOME" debug scrap 2>/dev/null';

/** Without a count `opencode session list` stops at 100 (seen with 1.18.33). */
const LIST_ALL = 1_000_000;

/** Prints the sessions of one project. A worktree that is gone has none. */
export function sessionListScript(worktree: string): string {
  const list = `ocr_run_opencode ${quoteArgument(worktree)} session list --max-count ${LIST_ALL} --format json`;
  return `ocr_through_file ${list} 2>/dev/null || ocr_say failed $?`;
}

/** Prints the database's fingerprint; only after a survey in the same shell. */
export const FINGERPRINT_SCRIPT = '[ -n "$ocr_db" ] && ocr_print_fingerprint';
