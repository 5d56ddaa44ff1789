/** A program that is run, and all the flags that it may be given. */
export interface Program {
  readonly flags: readonly string[];
  /** Flags that macOS and the BSDs refuse: a script must do without them when they fail. */
  readonly gnuOnly?: readonly string[];
  /** Where it may be missing, and what happens then. */
  readonly without?: string;
}

/**
 * Programs that scripts run on hosts, besides the user's own shell and opencode. The flags are those of POSIX, or of the manuals of macOS 14, FreeBSD 14,
 * busybox 1.35 and toybox 0.8 alike, where nothing else is said.
 */
export const HOST_PROGRAMS: Readonly<Record<string, Program>> = {
  '/bin/sh': { flags: ['-c'] },
  awk: { flags: ['-v'] },
  cat: { flags: [] },
  chmod: { flags: [] },
  cksum: { flags: [] },
  cp: { flags: [] },
  cut: { flags: ['-c'] },
  date: { flags: [] },
  find: { flags: ['-type', '-name', '-size', '-exec', '-newer', '-prune', '-mmin'] },
  git: { flags: ['-c', '--', '--get'], without: 'nothing can be cloned there, which is said' },
  grep: { flags: [] },
  head: { flags: ['-c', '-n'] },
  id: { flags: ['-u'] },
  ls: { flags: ['-dnL', '-l', '-A'] },
  lsof: {
    flags: ['-nP', '-a', '-p', '-iTCP', '-iTCP:4096', '-sTCP:LISTEN', '-Ffn', '-Ftn', '-d'],
    without: 'servers are found by /proc; with neither none is found',
  },
  mkdir: { flags: ['-p', '--'] },
  mktemp: { flags: ['-d'] },
  mv: { flags: ['-f'] },
  nohup: { flags: [] },
  od: { flags: ['-An', '-vtx1', '-N32'] },
  perl: { flags: ['-e'], without: 'nohup takes its place' },
  printf: { flags: [], without: 'all shells but some builds of mksh have it built in' },
  ps: { flags: ['-o', '-p', '-U'], without: 'only used where there is no /proc' },
  python3: { flags: ['-I', '-S', '-c'], without: 'the next way to read the database is tried' },
  readlink: { flags: [] },
  rm: { flags: ['-rf', '-f'] },
  rmdir: { flags: [] },
  sed: { flags: ['-n'] },
  script: {
    flags: ['--version', '-qefc'],
    gnuOnly: ['--version', '-qefc'],
    without: 'only that of util-linux is used; python3 takes its place where commands on a terminal of ssh are lost',
  },
  setsid: { flags: [], without: 'macOS has none: perl takes its place, then nohup' },
  sleep: { flags: [] },
  sqlite3: {
    flags: ['-batch', '-init', '-cmd', '-readonly', '-json'],
    without: 'the next way to read the database is tried',
  },
  stat: { flags: ['-L', '-c', '-f'], gnuOnly: ['-c'] },
  stty: { flags: ['-echo'] },
  sysctl: { flags: [], without: 'load and memory are read from /proc; with neither they are not shown' },
  tty: { flags: [] },
  tail: { flags: ['-n', '-c'] },
  tr: { flags: ['-d'] },
  uname: { flags: ['-n'] },
  vm_stat: { flags: [], without: 'only macOS has it; elsewhere the free memory is read by sysctl or from /proc' },
  wc: { flags: ['-c'] },
};

/** Programs that `ocr` runs on the machine it runs on, besides what the user's configuration names. */
export const LOCAL_PROGRAMS: readonly string[] = ['/bin/sh', 'klist', 'ssh'];
