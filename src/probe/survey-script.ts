import type { Rung } from '../domain/snapshot.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { FIND_FUNCTIONS } from '../opencode/server-process/find-script.ts';
import { OWN_FILE_FUNCTIONS } from '../opencode/server-process/own-file-script.ts';
import { CORE_SESSION_SQL, SESSION_SQL } from '../opencode/session-sql.ts';

/** What is asked of a host in one exchange. */
export interface SurveyRequest {
  /** Path of opencode from the configuration; `null` lets the host look for it. */
  readonly opencodePath: string | null;
  /** If the database still has this fingerprint, its rows are not sent again. */
  readonly fingerprint: string | null;
  /** Read more than the core columns. */
  readonly enrich: boolean;
  /** Rungs that are not to be tried. */
  readonly skip: readonly Rung[];
}

/** Starts each line that is about the answer. The rows of a rung stand between its `rows` and its `done` or `failed`. */
export const REPORT_PREFIX = '@ocr ';

/** Reads the database without writing it; argv: database, SQL. */
const PYTHON = `
import json, sqlite3, sys, urllib.parse
db = sqlite3.connect("file:" + urllib.parse.quote(sys.argv[1]) + "?mode=ro", uri=True, timeout=2)
db.text_factory = lambda raw: raw.decode("utf-8", "replace")
db.row_factory = sqlite3.Row
json.dump([dict(row) for row in db.execute(sys.argv[2])], sys.stdout)
`;

/** Where installers and package managers put opencode, besides PATH. */
const PLACES = [
  ...['.opencode/bin', '.local/bin', 'bin', '.bun/bin', '.npm-global/bin', '.local/share/pnpm', '.volta/bin'],
  ...['.local/share/mise/shims', '.asdf/shims', '.nix-profile/bin', '.nvm/versions/node/*/bin'],
].map((place) => `"$HOME"/${place}`);
const SYSTEM_PLACES = ['/usr/local/bin', '/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin', '/snap/bin'];

/**
 * POSIX sh. What cannot change while the shell lives (the clock's offset, the login shell's answer) is kept in variables, and as few processes
 * as can be are started: a warm survey of an unchanged database starts one, `stat` (and `ps` where there is no /proc). What opencode prints goes
 * through a file, since what is longer than a pipe holds is cut short when opencode exits (seen with 1.18.33).
 */
const FUNCTIONS = String.raw`
ocr_say() { printf '@ocr %s %s\n' "$1" "$2"; }
ocr_line() { printf '%s' "$1" | tr '\n\r\t' '   ' | cut -c 1-300; }
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
ocr_tell_servers() {
  [ -n "$ocr_known" ] || ocr_described=unknown
  ocr_find_servers
  [ -z "$ocr_processes" ] || ocr_say processes "$ocr_processes"
  [ -n "$ocr_servers" ] || return
  printf '%s' "$ocr_servers"
  ocr_read_own
  [ -z "$ocr_own" ] || ocr_say own "$ocr_own"
}
ocr_survey() {
  exec 3>&1
  [ -n "$ocr_clock_told" ] || ocr_say now "$(date +%s)"
  ocr_clock_told=1
  ocr_find || { ocr_say missing opencode; return; }
  ocr_identify
  ocr_say opencode "$ocr_opencode"
  ocr_say identity "$ocr_identity"
  ocr_tell_servers
  if ! ocr_find_database; then
    if [ -d "$ocr_data/storage/session" ]; then ocr_say legacy storage; else ocr_say missing database; fi
    return
  fi
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

/** The script of one survey, for the persistent shell. */
export function surveyScript(request: SurveyRequest): string {
  const variables = {
    ocr_want: request.opencodePath ?? '',
    ocr_known: request.fingerprint ?? '',
    ocr_sql: request.enrich ? SESSION_SQL : CORE_SESSION_SQL,
    ocr_core_sql: CORE_SESSION_SQL,
    ocr_skip: request.skip.join(' '),
    ocr_python: PYTHON,
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoteArgument(value)}`);
  return [FIND_FUNCTIONS, OWN_FILE_FUNCTIONS, FUNCTIONS, ...assignments, 'ocr_survey'].join('\n');
}

/** Prints the file of ocr's own server with its password; only after a survey in the same shell that told of that server. */
export const OWN_SECRET_SCRIPT = 'cat "$ocr_own_file"';

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

/** Prints the version of opencode: more than a second of the host's CPU. */
export function versionScript(opencodePath: string): string {
  return `OPENCODE_DISABLE_AUTOUPDATE=1 ${quoteArgument(opencodePath)} --version 2>/dev/null </dev/null`;
}
