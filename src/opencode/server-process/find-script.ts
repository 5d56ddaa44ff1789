/**
 * POSIX sh that finds the user's opencode processes and their listening sockets. With a /proc, the shell reads it
 * itself: while the processes stay the same, no process is started (8 µs per process of the user). Elsewhere `ps` lists
 * the processes, and `lsof` their sockets after a change. Ports are read from the sockets, since arguments do not show
 * them (`--port 0`). Only sockets of this network namespace are seen, not those of containers. `ocr_opencode` names
 * opencode if it has another name. `ocr_asking` counts processes without a session of their own, such as `opencode
 * attach` and `opencode db`.
 */
export const FIND_FUNCTIONS = `
if [ -z "$ocr_sources" ]; then
  ocr_sources=ps
  [ ! -r /proc/self/stat ] || [ ! -r /proc/net/tcp ] || ocr_sources=proc
fi
ocr_is_opencode() {
  case $1 in opencode|opencode.exe|opencode-cli|.opencode-wrapp*) return 0 ;; esac
  [ -n "$1" ] && [ "$1" = "\${ocr_opencode##*/}" ]
}
ocr_process() {
  ocr_start= ocr_parent=
  if [ "$ocr_sources" = proc ]; then
    [ -O "/proc/$1" ] || return 1
    ocr_line=
    read -r ocr_line <"/proc/$1/stat" || return 1
    set -- \${ocr_line##*') '}
    case $1 in Z|X|'') return 1 ;; esac
    ocr_parent=$2 ocr_start=\${20}
  else
    ocr_user_id
    set -- $(LC_ALL=C ps -o uid= -o state= -o ppid= -o lstart= -p "$1")
    [ "$1" = "$ocr_uid" ] || return 1
    case $2 in Z*|'') return 1 ;; esac
    ocr_parent=$3 ocr_start=$4_$5_$6_$7_$8
  fi
  [ -n "$ocr_start" ]
} 2>/dev/null
ocr_user_id() { [ -n "$ocr_uid" ] || ocr_uid=$(id -u); }
ocr_scan() {
  ocr_found= ocr_processes=0
  if [ "$ocr_sources" = ps ]; then ocr_scan_ps; return; fi
  if [ "$ocr_named" != "x$ocr_opencode" ]; then
    ocr_named=x$ocr_opencode
    ocr_comm=$(printf '%.15s' "\${ocr_opencode##*/}")
    [ -n "$ocr_comm" ] || ocr_comm=opencode
  fi
  for ocr_folder in /proc/[0-9]*; do
    [ -O "$ocr_folder" ] || continue
    ocr_name=
    read -r ocr_name <"$ocr_folder/comm"
    case $ocr_name in opencode|opencode.exe|opencode-cli|.opencode-wrapp|"$ocr_comm") ;; *) continue ;; esac
    ocr_process "\${ocr_folder#/proc/}" || continue
    ocr_found="$ocr_found \${ocr_folder#/proc/}:$ocr_start"
    ocr_processes=$((ocr_processes + 1))
  done
} 2>/dev/null
ocr_scan_ps() {
  ocr_user_id
  ocr_list=$(LC_ALL=C ps -U "$ocr_uid" -o pid= -o lstart= -o comm= 2>/dev/null) || { ocr_processes=; return; }
  while read -r ocr_pid ocr_1 ocr_2 ocr_3 ocr_4 ocr_5 ocr_name; do
    ocr_is_opencode "\${ocr_name##*/}" || continue
    ocr_found="$ocr_found $ocr_pid:\${ocr_1}_\${ocr_2}_\${ocr_3}_\${ocr_4}_$ocr_5"
    ocr_processes=$((ocr_processes + 1))
  done <<OCR_END
$ocr_list
OCR_END
}
ocr_all_sockets() {
  [ "$ocr_sources" = proc ] || return 0
  ocr_sockets=$(awk '$4 == "0A" { print $10 "=" $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}
ocr_look() {
  ocr_ports= ocr_folder=
  if [ "$ocr_sources" = proc ]; then
    # readlink of busybox takes one file at a time.
    ocr_links=$(LC_ALL=C QUOTING_STYLE=literal ls -l "/proc/$1/exe" "/proc/$1/fd/" 2>/dev/null)
    ocr_program=\${ocr_links%%"$ocr_newline"*}
    ocr_program=\${ocr_program#*"/exe -> "}
    for ocr_socket in $ocr_sockets; do
      case $ocr_links in *"socket:[\${ocr_socket%%=*}]"*) ocr_ports="$ocr_ports,$ocr_socket" ;; esac
    done
    ocr_folder=$(cd -P "/proc/$1/cwd" 2>/dev/null && pwd -P 2>/dev/null)
  else
    ocr_program= ocr_fd=
    while IFS= read -r ocr_line; do
      case $ocr_line in f*) ocr_fd=\${ocr_line#f} ;; n*) ocr_ports="$ocr_ports,$ocr_fd=\${ocr_line#n}" ;; esac
    done <<OCR_END
$(lsof -nP -a -p "$1" -iTCP -sTCP:LISTEN -Ffn 2>/dev/null)
OCR_END
    while IFS= read -r ocr_line; do
      case $ocr_fd$ocr_line in
        fcwdn*) ocr_folder=\${ocr_line#n} ;;
        ftxtn*) [ -n "$ocr_program" ] || ocr_program=\${ocr_line#n} ;;
      esac
      ocr_fd=$ocr_line
    done <<OCR_END
$(LC_ALL=en_US.UTF-8 lsof -a -p "$1" -d cwd,txt -Ffn 2>/dev/null)
OCR_END
  fi
  ocr_program=\${ocr_program%" (deleted)"}
  ocr_program=\${ocr_program##*/}
  ocr_ports=\${ocr_ports#,}
  case $ocr_folder in *"$ocr_newline"*|"/proc/$1/cwd") ocr_folder= ;; /*) ;; *) ocr_folder= ;; esac
}
ocr_only_asks() {
  if [ "$ocr_sources" = proc ]; then
    ocr_words=$(tr '\\000' ' ' <"/proc/$1/cmdline")
  else
    ocr_words=$(ps -o args= -p "$1")
  fi
  [ -n "$ocr_words" ] || return 0
  ocr_words=\${ocr_words#* }
  case $ocr_words in */opencode' '*) ocr_words=\${ocr_words#* } ;; esac
  case \${ocr_words%% *} in
    attach|db|debug|session|export|import|models|providers|auth|mcp|stats|upgrade|uninstall|completion) return 0 ;;
    --version|-v|--help|-h) return 0 ;;
  esac
  return 1
} 2>/dev/null
ocr_describe_servers() {
  ocr_servers= ocr_silent= ocr_asking=0
  [ -n "$ocr_found" ] || return 0
  ocr_all_sockets
  for ocr_entry in $ocr_found; do
    ocr_look "\${ocr_entry%%:*}"
    if [ -z "$ocr_ports" ]; then
      ocr_silent=1
      ! ocr_only_asks "\${ocr_entry%%:*}" || ocr_asking=$((ocr_asking + 1))
      continue
    fi
    ocr_is_opencode "$ocr_program" || continue
    ocr_servers="$ocr_servers@ocr server \${ocr_entry%%:*} \${ocr_entry#*:} $ocr_ports $ocr_folder$ocr_newline"
  done
}
ocr_uptime() {
  if [ "$ocr_sources" = proc ]; then read -r ocr_time ocr_line </proc/uptime; ocr_time=\${ocr_time%%.*}; else ocr_time=$(date +%s); fi
}
ocr_find_servers() {
  ocr_scan
  if [ "$ocr_found" != "$ocr_described" ]; then
    ocr_described=$ocr_found
    ocr_uptime
    ocr_settled=$((ocr_time + 30))
    ocr_describe_servers
  elif [ -n "$ocr_silent" ]; then
    ocr_uptime
    [ "$ocr_time" -ge "$ocr_settled" ] || ocr_describe_servers
  fi
}
ocr_newline='
'
`;
