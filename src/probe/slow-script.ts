import { quoteArgument } from '../lib/shell-quote.ts';

/**
 * POSIX sh that starts opencode, which takes seconds: after a survey in the same shell, whose functions and findings it uses. Only for a host that may be
 * written, and whose database no quick rung has opened: opencode migrates an older database, and creates one where there is none. Its output goes through
 * a file, since a pipe gets it cut short when opencode exits (seen with 1.18.33).
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
