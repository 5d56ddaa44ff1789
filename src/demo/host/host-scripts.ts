/** Printed by the simulated `opencode` when a terminal opens a session. Terminals do not show it (ECMA-48, APC). */
export const SESSION_OPENED = /\u001b_demo:session (\S+)\u001b\\/;

/**
 * The simulated `opencode`, POSIX sh. It has no first line with `#!`, so that `ocr` takes it for a program and not for a wrapper; every shell and
 * node-pty run such a file by /bin/sh.
 */
export function opencodeProgram(version: string, root: string): string {
  const inbox = `${root}/inbox`;
  return `
refuse() { echo 'not simulated in the demo' >&2; exit 1; }
show() {
  while [ $# -gt 0 ]; do
    case $1 in --session) session=$2 ;; esac
    shift
  done
  [ -n "$session" ] || refuse
  stty raw -echo 2>/dev/null
  printf '\\033_demo:session %s\\033\\\\' "$session"
  exec sleep 86400
}
# Shows the host a process that listens, for as long as this one runs and the host exists.
serve() {
  process=${root}/proc/$$
  cp -R '${root}/idle/process' "$process" && cp '${root}/idle/tcp' '${root}/proc/net/tcp' || exit 1
  sed "s/^[0-9]*/$$/" '${root}/idle/process/stat' >"$process/stat"
  rm -f '${root}/idle/starting'
  trap 'rm -rf "$process"; : >"${root}/proc/net/tcp"; exit 0' HUP INT TERM
  while [ -d "$process" ]; do sleep 1; done
}
case $1 in
  --version) echo ${version} ;;
  db) printf '%s\\n' "\${XDG_DATA_HOME:-$HOME/.local/share}/opencode/opencode.db" ;;
  attach|--session) show "$@" ;;
  serve) serve ;;
  import)
    cp "$2" '${inbox}/part' && mv '${inbox}/part' '${inbox}/session.json' || exit 1
    tries=0
    while [ -e '${inbox}/session.json' ] && [ "$tries" -lt 100 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    [ ! -e '${inbox}/session.json' ] && [ ! -e '${inbox}/refused' ] || { rm -f '${inbox}/refused'; refuse; }
    ;;
  *) refuse ;;
esac
`.trimStart();
}

/** The simulated `sqlite3`, POSIX sh: prints what the host has written for each of the queries of `ocr`. Its last argument is the query. */
export const SQLITE_PROGRAM = `#!/bin/sh
for sql do :; done
rows=$HOME/.local/share/opencode/rows
case $sql in
  *'FROM session s'*) exec cat "$rows/sessions" ;;
  *"session_id = '"*) ;;
  *"instr(lower(text), '"*)
    needle=\${sql#*"instr(lower(text), '"}
    NEEDLE=\${needle%%\\'*}
    export NEEDLE
    exec awk -F '\\t' '
      BEGIN { start = "[" }
      index(tolower($5), ENVIRON["NEEDLE"]) {
        row = "{\\"session\\":\\"" $1 "\\",\\"message\\":\\"" $2 "\\",\\"role\\":\\"" $3 "\\",\\"at\\":" $4
        printf "%s%s,\\"pos\\":%d,\\"excerpt\\":%s}", start, row, index(tolower($5), ENVIRON["NEEDLE"]) - 1, $5
        start = ","
      }
      END { if (start == ",") print "]" }
    ' "$rows/texts"
    ;;
  *) exit 0 ;;
esac
id=\${sql#*session_id = \\'}
id=\${id%%\\'*}
case $sql in
  *'FROM todo'*) kind=todos ;;
  *summary.diffs*) kind=changes ;;
  *) kind=messages ;;
esac
exec sed -n "s/^$id $kind //p" "$rows/content"
`;

/**
 * The start of a server needs a password by `od`, and then looks at once for the new process, before that could show itself to the host. So `od` marks a
 * start, and `date`, which the script runs before it looks, waits until `opencode serve` has taken the mark away.
 */
export function startingPrograms(root: string): Readonly<Record<'od' | 'date', string>> {
  const mark = `${root}/idle/starting`;
  const begin = '#!/bin/sh\nPATH=/usr/bin:/bin';
  return {
    od: `${begin}\n: >'${mark}'\nexec od "$@"\n`,
    date: `${begin}
tries=0
while [ -e '${mark}' ] && [ "$tries" -lt 50 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
exec date "$@"
`,
  };
}

/** Counts the bytes of a file as the host has it: its paths are shorter than those that `PathBridge` puts in their place. */
export function countingProgram(root: string): string {
  return `#!/bin/sh
PATH=/usr/bin:/bin
sed 's|${root}/|/|g' | wc "$@"
`;
}

/** Stands in for programs that would reach out of the demo. */
export const REFUSING_PROGRAM = `#!/bin/sh
echo 'not simulated in the demo' >&2
exit 1
`;

/** The login shell: /bin/sh, which as a login shell would read this machine's profile. */
export const LOGIN_SHELL = `#!/bin/sh
[ "$1" != -l ] || shift
. "$HOME/.profile"
exec /bin/sh "$@"
`;

export const PROFILE = 'PATH=$HOME/bin:$HOME/.opencode/bin:/usr/local/bin:/usr/bin:/bin\nexport PATH\n';
