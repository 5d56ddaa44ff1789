import { quoteArgument } from '../lib/shell-quote.ts';

/**
 * POSIX sh that starts opencode, which takes seconds. Runs after a survey in the same shell, and uses its functions and findings. Only for a writable
 * host whose database no quick rung could open: opencode migrates an older database, and creates a missing one. Its output goes through a file, since
 * opencode truncates a pipe on exit (seen with 1.18.33).
 */
export const SLOW_FUNCTIONS = `
ocr_through_file() {
  ocr_file=$(mktemp "\${TMPDIR:-/tmp}/ocr.XXXXXXXXXX") || return
  "$@" >"$ocr_file"
  ocr_status=$?
  cat "$ocr_file"
  rm -f "$ocr_file"
  return "$ocr_status"
}
ocr_run_opencode() { (cd "$1" 2>/dev/null || exit 0; shift; OPENCODE_DISABLE_AUTOUPDATE=1 exec "$ocr_opencode" "$@"); }
ocr_opencode_db() { ocr_through_file ocr_run_opencode "$HOME" db "$1" --format json; }
ocr_slow_survey() {
  ocr_say opencode "$ocr_opencode"
  ocr_rung opencode-db ocr_opencode_db "$ocr_opencode"
}
`;

/** Reads the database by `opencode db`; reports as a survey does. */
export const SLOW_SURVEY_SCRIPT = 'ocr_slow_survey';

/** Prints opencode's known projects. */
export const PROJECTS_SCRIPT = 'ocr_through_file ocr_run_opencode "$HOME" debug scrap 2>/dev/null';

/** Without a count, `opencode session list` stops at 100 (seen with 1.18.33). */
const MAX_LISTED_SESSIONS = 1_000_000;

/** Prints the sessions of one project; none if its worktree is gone. */
export function sessionListScript(worktree: string): string {
  const list = `ocr_run_opencode ${quoteArgument(worktree)} session list --max-count ${MAX_LISTED_SESSIONS} --format json`;
  return `ocr_through_file ${list} 2>/dev/null || ocr_say failed $?`;
}
