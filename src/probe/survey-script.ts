import type { Rung } from '../domain/snapshot.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { PROFILE_FUNCTIONS } from '../opencode/login-script.ts';
import { FIND_FUNCTIONS } from '../opencode/server-process/find-script.ts';
import { OWN_FILE_FUNCTIONS } from '../opencode/server-process/own-file-script.ts';
import type { Place } from './host-place.ts';
import { enterLogin, LOCATE_FUNCTIONS } from './locate-script.ts';
import { MACHINE_FUNCTIONS } from './machine-script.ts';
import { READ_FUNCTIONS, readVariables } from './read-script.ts';
import { SLOW_FUNCTIONS } from './slow-script.ts';
import { STORAGE_FUNCTIONS } from './storage-script.ts';

/** The request to a host in one exchange. */
export interface SurveyRequest extends Partial<Place> {
  /** Path of opencode from the configuration; `null` lets the host look for it. */
  readonly opencodePath: string | null;
  /** If the database still has this fingerprint, its rows are not sent again. */
  readonly fingerprint: string | null;
  /** Read more than the core columns. */
  readonly enrich: boolean;
  /** Rungs that are not to be tried. */
  readonly skip: readonly Rung[];
  /** Milliseconds since the last midnight here: the use of each session since then is read. If omitted, it is not. */
  readonly dayAge?: number;
}

/** Starts each line that is about the answer. The rows of a rung stand between its `rows` and its `done` or `failed`. */
export const REPORT_PREFIX = '@ocr ';

/** POSIX sh that prints the lines of a report. */
export const REPORT_FUNCTIONS = String.raw`
ocr_say() { printf '@ocr %s %s\n' "$1" "$2"; }
ocr_line() { printf '%s' "$1" | tr '\n\r\t' '   ' | cut -c 1-300; }
`;

/**
 * POSIX sh. Keeps in variables what cannot change while the shell lives (the clock's offset), and starts as few processes as possible. A warm survey
 * of an unchanged database starts one, `stat` (and without a /proc `ps`, `sysctl` and, on macOS, `vm_stat`).
 */
const FUNCTIONS = `
ocr_tell_servers() {
  [ -n "$ocr_known" ] || ocr_described=unknown
  ocr_find_servers
  [ -z "$ocr_processes" ] || ocr_say processes "$((ocr_processes - ocr_asking))"
  [ -n "$ocr_servers" ] || return
  printf '%s' "$ocr_servers"
  ocr_read_own
  [ -z "$ocr_own" ] || ocr_say own "$ocr_own"
}
ocr_tell_clock() {
  set -- $(date '+%s %z') ''
  ocr_say now "$1"
  ocr_uptime=
  [ ! -r /proc/uptime ] || read -r ocr_uptime ocr_rest </proc/uptime
  ocr_say clock "$2 $ocr_uptime"
}
ocr_survey() {
  exec 3>&1
  [ -n "$ocr_clock_told" ] || ocr_tell_clock
  [ -n "$ocr_clock_told" ] || ocr_say profiles "$(ocr_print_profiles)"
  ocr_clock_told=1
  ocr_find || { ocr_say missing opencode; return; }
  ocr_identify
  ocr_say opencode "$ocr_opencode"
  ocr_say identity "$ocr_identity"
  ocr_tell_servers
  ocr_tell_machine
  ocr_find_database
  ocr_status=$?
  [ -z "$ocr_wrapped" ] || [ ! -d "$ocr_data" ] || ocr_say wrapped script
  if [ "$ocr_status" != 0 ]; then
    ocr_read_nothing
    return
  fi
  [ "$ocr_candidates" = 1 ] || ocr_say candidates "$ocr_candidates"
  ocr_read_database
}
`;

/** The script of one survey, for the persistent shell. */
export function surveyScript(request: SurveyRequest): string {
  const variables = {
    ocr_want: request.opencodePath ?? '',
    ocr_confirmed: request.confirmedDatabase ?? '',
    ocr_known: request.fingerprint ?? '',
    ocr_skip: request.skip.join(' '),
    ...readVariables(request.enrich, request.dayAge ?? null),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoteArgument(value)}`);
  return [
    FIND_FUNCTIONS,
    OWN_FILE_FUNCTIONS,
    PROFILE_FUNCTIONS,
    LOCATE_FUNCTIONS,
    MACHINE_FUNCTIONS,
    STORAGE_FUNCTIONS,
    READ_FUNCTIONS,
    SLOW_FUNCTIONS,
    REPORT_FUNCTIONS,
    FUNCTIONS,
    ...assignments,
    enterLogin(request.login ?? null),
    'ocr_survey',
  ].join('\n');
}

/**
 * Prints the file of ocr's own server with its password. Valid only after a survey in the same shell that found that
 * server.
 */
export const OWN_SECRET_SCRIPT = 'cat "$ocr_own_file"';
