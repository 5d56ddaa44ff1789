/**
 * POSIX sh. `ocr_tell_machine` reports load and memory: see `parseMachine`. With a /proc, the shell reads it itself, and no process is started. Elsewhere
 * `sysctl` and, on macOS, `vm_stat` tell. Needs `ocr_sources` of FIND_FUNCTIONS.
 */
export const MACHINE_FUNCTIONS = `
ocr_tell_machine() {
  if [ "$ocr_sources" != proc ]; then
    ocr_tell_sysctl
    return
  fi
  ocr_load= ocr_cpus= ocr_memory= ocr_free=
  [ ! -r /proc/loadavg ] || read -r ocr_load ocr_rest </proc/loadavg
  [ ! -r /sys/devices/system/cpu/online ] || read -r ocr_cpus </sys/devices/system/cpu/online
  [ ! -r /proc/meminfo ] || while read -r ocr_field ocr_value ocr_rest; do
    case $ocr_field in
      MemTotal:) ocr_memory=$ocr_value ;;
      MemAvailable:) ocr_free=$ocr_value; break ;;
      MemFree:|Buffers:) ocr_free=$ocr_free+$ocr_value ;;
      Cached:) ocr_free=$ocr_free+$ocr_value; break ;;
    esac
  done </proc/meminfo
  ocr_say machine "proc load=$ocr_load cpus=$ocr_cpus total=$ocr_memory available=$ocr_free"
} 2>/dev/null
ocr_tell_sysctl() {
  set -- $(sysctl vm.loadavg hw.ncpu hw.memsize hw.physmem hw.pagesize vm.stats.vm.v_free_count vm.stats.vm.v_inactive_count)
  [ "$#" = 0 ] || ocr_say machine "sysctl $*"
  command -v vm_stat >/dev/null || return 0
  set -- $(vm_stat)
  [ "$#" = 0 ] || ocr_say pages "$*"
} 2>/dev/null
`;
