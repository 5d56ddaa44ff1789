import { quoteArgument } from '../lib/shell-quote.ts';
import { throughLoginShell } from './login-shell.ts';

/** A repository to be cloned. */
export interface CloneRequest {
  readonly url: string;
  /** Begins with `/` or `~/`, and ends with a name. */
  readonly directory: string;
  /** Number of commits; `null` for all. */
  readonly depth: number | null;
}

/**
 * POSIX sh: finds the target folder, checks that it can be created, and prints our own lines among git's output, marked
 * by a random first word. Never replaces a link, whatever its target.
 */
const PLACE_FUNCTIONS = `
ocr_tell() { printf '\\n%s %s\\n' "$ocr_mark" "$*"; }
ocr_find_place() {
  case $ocr_directory in '~/'*) ocr_directory=$HOME/\${ocr_directory#'~/'} ;; esac
  ocr_parent=\${ocr_directory%/*}
  [ -n "$ocr_parent" ] || ocr_parent=/
  ocr_kept=$ocr_parent
  while [ ! -e "$ocr_kept" ] && [ "$ocr_kept" != / ]; do
    ocr_kept=\${ocr_kept%/*}
    [ -n "$ocr_kept" ] || ocr_kept=/
  done
}
ocr_is_free() {
  if [ -L "$ocr_directory" ]; then return 1; fi
  if [ ! -e "$ocr_directory" ]; then return 0; fi
  [ -d "$ocr_directory" ] && [ -r "$ocr_directory" ] && [ -z "$(ls -A "$ocr_directory")" ]
} 2>/dev/null
ocr_check() {
  command -v git >/dev/null 2>&1 || { ocr_tell no-git; return 1; }
  ocr_is_free || { ocr_tell taken "$ocr_directory"; return 1; }
  if [ ! -d "$ocr_kept" ] || [ ! -w "$ocr_kept" ] || [ ! -x "$ocr_kept" ]; then
    ocr_tell no-parent "$ocr_kept"
    return 1
  fi
}
`;

/**
 * Clones into a folder beside the target, and renames it when complete. Leads a session of its own, without a terminal
 * to prompt on. When it is told to end, it ends git with all its child processes and removes the partial clone.
 */
const WORKER = `
ocr_nap() { sleep 0.2 2>/dev/null || sleep 1; }
ocr_clean() {
  for ocr_round in 1 2 3 4 5; do
    rm -rf "$ocr_temporary" && break
    ocr_nap
  done
  ocr_at=$ocr_parent
  while [ "$ocr_at" != "$ocr_kept" ] && rmdir "$ocr_at"; do
    ocr_at=\${ocr_at%/*}
    [ -n "$ocr_at" ] || ocr_at=/
  done
} 2>/dev/null
ocr_abort() {
  trap '' HUP INT TERM PIPE
  kill -s TERM 0
  if [ -n "$ocr_git" ]; then
    (sleep 5; kill -s KILL "$ocr_git") >/dev/null 2>&1 &
    ocr_killer=$!
    wait "$ocr_git"
    kill -s KILL "$ocr_killer" 2>/dev/null
  fi
  ocr_clean
  exit 1
}
ocr_ways() {
  GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= GCM_INTERACTIVE=never SSH_ASKPASS_REQUIRE=never LC_ALL=C
  export GIT_TERMINAL_PROMPT GIT_ASKPASS GCM_INTERACTIVE SSH_ASKPASS_REQUIRE LC_ALL
  unset SSH_ASKPASS DISPLAY WAYLAND_DISPLAY
  [ -z "$GIT_SSH" ] || [ -n "$GIT_SSH_COMMAND" ] || return 0
  [ -n "$GIT_SSH_COMMAND" ] || GIT_SSH_COMMAND=$(cd / && git config --get core.sshCommand 2>/dev/null)
  GIT_SSH_COMMAND="\${GIT_SSH_COMMAND:-ssh} -o BatchMode=yes"
  export GIT_SSH_COMMAND
}
ocr_clone() {
  ocr_check || return 1
  ocr_temporary=$ocr_parent/.\${ocr_directory##*/}.ocr-$$
  while [ -e "$ocr_temporary" ] || [ -L "$ocr_temporary" ]; do ocr_temporary=\${ocr_temporary}x; done
  trap ocr_abort HUP INT TERM PIPE
  if ! mkdir -p "$ocr_parent"; then
    ocr_clean
    ocr_tell failed
    return 1
  fi
  ocr_ways
  set -- clone --progress
  [ -z "$ocr_depth" ] || set -- "$@" --depth "$ocr_depth"
  git -c protocol.ext.allow=never "$@" -- "$ocr_url" "$ocr_temporary" </dev/null &
  ocr_git=$!
  wait "$ocr_git"
  ocr_status=$?
  trap '' HUP INT TERM PIPE
  ocr_git=
  if [ "$ocr_status" -ne 0 ]; then
    ocr_clean
    ocr_tell failed
    return 1
  fi
  if ! ocr_is_free || { [ -d "$ocr_directory" ] && ! rmdir "$ocr_directory"; }; then
    ocr_clean
    ocr_tell taken "$ocr_directory"
    return 1
  fi
  if ! mv "$ocr_temporary" "$ocr_directory"; then
    ocr_clean
    ocr_tell failed
    return 1
  fi
  ocr_temporary=$ocr_directory/\${ocr_temporary##*/}
  if [ -e "$ocr_temporary" ]; then
    rm -rf "$ocr_temporary"
    ocr_tell taken "$ocr_directory"
    return 1
  fi
  ocr_tell done "$(cd "$ocr_directory" && pwd -P)"
}
ocr_git=
ocr_find_place
ocr_clone
`;

/** Ends with its terminal, and has the worker end then. */
const MAIN = `
ocr_detach() {
  if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
  if command -v perl >/dev/null 2>&1; then exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' "$@"; fi
  exec "$@"
}
ocr_child=
trap 'kill -s TERM "$ocr_child" 2>/dev/null; exit 129' HUP INT TERM
ocr_detach /bin/sh -c "$ocr_worker" </dev/null &
ocr_child=$!
wait "$ocr_child"
`;

function variables({ url, directory, depth }: CloneRequest, mark: string): string[] {
  return [
    `ocr_url=${quoteArgument(url)}`,
    `ocr_directory=${quoteArgument(directory)}`,
    `ocr_depth=${depth === null ? '' : Math.trunc(depth)}`,
    `ocr_mark=${quoteArgument(mark)}`,
    'export ocr_url ocr_directory ocr_depth ocr_mark',
  ];
}

/**
 * Returns a command line that clones, for a terminal. Apart from git's output it prints lines that start with the mark.
 */
export function cloneCommand(request: CloneRequest, mark: string): string {
  const worker = `ocr_worker=${quoteArgument(PLACE_FUNCTIONS + WORKER)}`;
  return throughLoginShell([...variables(request, mark), worker, MAIN].join('\n'));
}

/** A command line that looks whether the clone can be made: prints `MARK free DIRECTORY`, or why not as `cloneCommand` does. */
export function checkCommand(request: CloneRequest, mark: string): string {
  const look = `ocr_find_place\nif ocr_check; then ocr_tell free "$ocr_directory"; fi`;
  return throughLoginShell([...variables(request, mark), PLACE_FUNCTIONS, look].join('\n'));
}
