import type { Server } from '../../domain/server.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';
import { FIND_FUNCTIONS } from './find-script.ts';
import { LOCK_FUNCTIONS } from './lock-script.ts';
import { OWN_FILE_FUNCTIONS } from './own-file-script.ts';

/** Rounds of a fifth of a second after which the signal is sent again: opencode 1.18 goes on after about one of ten first ones, and ends by the next. */
const ROUNDS_UNTIL_AGAIN = 10;

const STOP_FUNCTIONS = `
ocr_is_that() { ocr_process "$ocr_pid" && [ "$ocr_start" = "$ocr_since" ]; }
ocr_await_end() {
  ocr_deadline=$(($(date +%s) + $1)) ocr_round=0
  while ocr_is_that; do
    ocr_round=$((ocr_round + 1))
    [ $((ocr_round % ${ROUNDS_UNTIL_AGAIN})) -ne 0 ] || kill -s "$2" "$ocr_pid" 2>/dev/null
    [ "$(date +%s)" -lt "$ocr_deadline" ] || return 1
    ocr_nap
  done
}
ocr_forget_own() {
  ocr_read_own
  ocr_own_field pid; [ "$ocr_value" = "$ocr_pid" ] || return 0
  ocr_own_field startId; [ "$ocr_value" = "$ocr_since" ] && rm -f "$ocr_own_file"
}
ocr_stop() {
  if ! ocr_is_that; then
    if kill -0 "$ocr_pid" 2>/dev/null && [ -d "/proc/$ocr_pid" ] && [ ! -O "/proc/$ocr_pid" ]; then
      printf '@ocr refused it is not a process of this user\\n'
      return
    fi
    ocr_forget_own
    printf '@ocr gone\\n'
    return
  fi
  ocr_all_sockets
  ocr_look "$ocr_pid"
  if ! ocr_is_opencode "$ocr_program"; then printf '@ocr refused it runs %s\\n' "$ocr_program"; return; fi
  if [ -n "$ocr_expected" ] && [ "$ocr_folder" != "$ocr_expected" ]; then
    printf '@ocr refused it works in another directory: %s\\n' "$ocr_folder"
    return
  fi
  if ! ocr_is_that || ! kill -s TERM "$ocr_pid" 2>/dev/null; then printf '@ocr refused it cannot be signalled\\n'; return; fi
  if ! ocr_await_end "$ocr_patience" TERM; then
    if [ -z "$ocr_force" ]; then printf '@ocr running\\n'; return; fi
    kill -s KILL "$ocr_pid" 2>/dev/null
    ocr_await_end 5 KILL || { printf '@ocr running\\n'; return; }
  fi
  ocr_forget_own
  printf '@ocr stopped\\n'
}
`;

export interface StopRequest {
  /** Path of opencode on the host, for a program of another name. */
  readonly opencodePath: string;
  /** Seconds that it may take to end. */
  readonly patience: number;
  /** End it by force after that. */
  readonly force: boolean;
}

/** Ends one server by SIGTERM, if the process is still the same in every known respect, and checks that it has gone. */
export function stopScript(server: Server, { opencodePath, patience, force }: StopRequest): string {
  return [
    FIND_FUNCTIONS,
    OWN_FILE_FUNCTIONS,
    LOCK_FUNCTIONS,
    STOP_FUNCTIONS,
    `ocr_opencode=${quoteArgument(opencodePath)}`,
    `ocr_pid=${Math.trunc(server.pid)}`,
    `ocr_since=${quoteArgument(server.startId)}`,
    `ocr_expected=${quoteArgument(server.directory ?? '')}`,
    `ocr_patience=${Math.ceil(patience)}`,
    `ocr_force=${force ? '1' : ''}`,
    'ocr_stop',
  ].join('\n');
}
