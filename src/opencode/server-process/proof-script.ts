import type { Server } from '../../domain/server.ts';
import { quoteArgument } from '../../lib/shell-quote.ts';
import { kernelAddresses } from './kernel-address.ts';

/** A process, and its listening address as the survey saw it. */
export type ProvenProcess = Pick<Server, 'pid' | 'startId' | 'hostname' | 'port'>;

/**
 * POSIX sh that defines `ocr_prove`: true if the process still is the one that the survey saw, belongs to the user, and owns its port. Otherwise
 * `ocr_why` says what is wrong. It starts three processes at most, and needs no other function.
 *
 * Connect first and prove then. The proof holds for a connection that is open when it begins:
 * - The kernel gave the connection to a socket that listened on the port at that time.
 * - Where /proc has the kernel's table, all sockets whose near end is that address and port must be held by the process: those that listen and those
 *   that were accepted. A connection that another process has accepted is in the table and fails the proof, even if its listener is gone by
 *   now. A connection that waits to be accepted belongs to a listener that is still there, since the kernel resets the rest.
 * - Elsewhere `lsof` shows only the user's own sockets. There the process must listen on the port, and be older than the connection. Another
 *   user's listener would need the process to have closed its port and opened it again, which opencode does not do.
 * - The number and the start of the process are compared last. So the process lived on since the survey, and the files listed before are its own.
 * A socket that is accepted or closed while the two lists are read looks foreign, so that they are read again before the proof fails.
 */
export function proofFunction(server: ProvenProcess): string {
  // A start time from `ps` has words; one from /proc is a number.
  return /^\d+$/.test(server.startId) ? proofByProc(server) : proofByLsof(server);
}

/** Runs the proof and prints `@ocr proven`, or `@ocr unproven` and why. */
export function proofScript(server: ProvenProcess): string {
  return [
    proofFunction(server),
    `if ocr_prove; then printf '@ocr proven\\n'; else printf '@ocr unproven %s\\n' "$ocr_why"; fi`,
  ].join('\n');
}

function proofByProc({ pid, startId, hostname, port }: ProvenProcess): string {
  const { exact, any } = kernelAddresses(hostname);
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const ends = (addresses: readonly string[]) => addresses.map((address) => `${address}${end}`).join(' ');
  const folder = `/proc/${Math.trunc(pid)}`;
  return `
ocr_prove() {
  ocr_round=0
  while [ "$ocr_round" -lt 3 ]; do
    ocr_round=$((ocr_round + 1))
    ocr_ends=$(awk -v exact=' ${ends(exact)} ' -v any=' ${ends(any)} ' '
      $4 == "0A" && index(exact any, " " $2 " ") { print "L" $10 }
      $4 != "0A" && $10 != "0" && index(exact, " " $2 " ") { print "A" $10 }
    ' /proc/net/tcp /proc/net/tcp6)
    ocr_files=$(ls -l ${folder}/fd)
    ocr_line=
    read -r ocr_line <${folder}/stat
    set -- \${ocr_line##*') '}
    if [ "\${20}" != ${quoteArgument(startId)} ] || [ ! -O ${folder} ]; then
      ocr_why='process ${Math.trunc(pid)} has ended'
      return 1
    fi
    ocr_why='its process does not listen there'
    for ocr_end in $ocr_ends; do
      case $ocr_files in
        *"socket:[\${ocr_end#?}]"*) [ "\${ocr_end%%[0-9]*}" != L ] || ocr_why= ;;
        *) ocr_why='another process uses that port'; break ;;
      esac
    done
    [ -n "$ocr_why" ] || return 0
  done
  return 1
} 2>/dev/null
`;
}

function proofByLsof({ pid, startId, hostname, port }: ProvenProcess): string {
  const six = hostname.includes(':');
  const names = (six ? [`[${hostname}]`] : [hostname, `[::ffff:${hostname}]`]).map((name) =>
    quoteArgument(`n${name}:${port}`),
  );
  return `
ocr_prove() {
  ocr_type='' ocr_why='its process does not listen there'
  while IFS= read -r ocr_line; do
    case $ocr_line in
      t*) ocr_type=\${ocr_line#t} ;;
      ${names.join('|')}) ocr_why= ;;
      n'*':${port}) [ "$ocr_type" != ${six ? 'IPv6' : 'IPv4'} ] || ocr_why= ;;
    esac
  done <<OCR_END
$(lsof -nP -a -p ${Math.trunc(pid)} -iTCP:${port} -sTCP:LISTEN -Ftn)
OCR_END
  set -- $(LC_ALL=C ps -o uid= -o lstart= -p ${Math.trunc(pid)})
  if [ "$1" != "$(id -u)" ] || [ "\${2}_\${3}_\${4}_\${5}_\${6}" != ${quoteArgument(startId)} ]; then
    ocr_why='process ${Math.trunc(pid)} has ended'
  fi
  [ -z "$ocr_why" ]
} 2>/dev/null
`;
}
