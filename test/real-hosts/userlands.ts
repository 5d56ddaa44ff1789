import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../fleet/requirements.ts';
import { HOST_PROGRAMS } from '../remote-scripts/programs.ts';

/** Programs of a userland other than GNU's, as one folder for PATH. */
export interface Userland {
  readonly name: string;
  /** Takes the place of /bin/sh. */
  readonly shell: string;
  /** Has no /proc, except for the few programs that need it. */
  readonly hidesProc: boolean;
  /** Writes the folder. `opencode` is the real one. */
  write(folder: string): Promise<void>;
}

const names = Object.keys(HOST_PROGRAMS).filter((name) => !name.startsWith('/'));

/** Runs a program with the machine's own /proc, which is hidden from all others. */
const withProc = (command: string) =>
  `exec /usr/bin/unshare --mount -- /bin/sh -c '/usr/bin/mount -t proc proc /proc && exec "$0" "$@"' ${command} "$@"`;

/** A flag with a port is listed with an example of one. */
function flagPattern(flag: string): string {
  const end = /:\d+$/.exec(flag)?.index;
  return end === undefined ? `'${flag}'` : `'${flag.slice(0, end)}:'*`;
}

/** Accepts the flags of the list, but no GNU ones, and hands them on. */
function strictScript(name: string, program: string): string {
  const { flags, gnuOnly = [] } = HOST_PROGRAMS[name] ?? { flags: [] };
  const allowed = flags.filter((flag) => !gnuOnly.includes(flag)).map((flag) => `${flagPattern(flag)}) ;;`);
  // The same everywhere, or followed by another program with flags of its own.
  if (['git', 'perl', 'nohup'].includes(name)) return `#!/bin/sh\nexec ${program} "$@"\n`;
  return `#!/bin/sh
for argument; do
  case $argument in
    ${allowed.join('\n    ')}
    -[A-Za-z]*|--*) echo "${name}: illegal option $argument" >&2; exit 64 ;;
  esac
done
${OWN[name]?.(program) ?? `exec ${program} "$@"`}
`;
}

/** Programs whose output differs on macOS, or that need /proc here. */
const OWN: Readonly<Record<string, (program: string) => string>> = {
  // `stat -L -f FORMAT` with the formats of macOS, which prints times as %Fm with nine decimals.
  stat: (program) => `[ "$1 $2" = '-L -f' ] || { echo "stat: usage" >&2; exit 64; }
format=$(printf '%s' "$3" | sed 's/%z/%s/g; s/%N/%n/g; s/%Fm/%.9Y/g')
shift 3
exec ${program} -L -c "$format" "$@"`,
  // The path of the program stands under comm, whole and with its blanks.
  ps: (program) => `list=$(/usr/bin/unshare --mount -- /bin/sh -c '/usr/bin/mount -t proc proc /proc
"$0" "$@" | case " $* " in
  *comm=*) while read -r pid line; do
    path=$(/usr/bin/readlink "/proc/$pid/exe") || continue
    echo "$pid \${line% *} $path"
  done ;;
  *) cat ;;
esac' ${program} "$@")
[ -n "$list" ] || exit 1
printf '%s\\n' "$list"`,
  lsof: withProc,
  mktemp: (program) => `case $*: in *X:) exec ${program} "$@" ;; esac
echo 'mktemp: usage: mktemp [-d] template' >&2
exit 64`,
};

async function link(folder: string, from: string, programs: readonly string[]): Promise<void> {
  await Promise.all(programs.map((name) => symlink(from, join(folder, name))));
}

/** Programs that a multi-call binary lacks. */
async function linkRest(folder: string, has: ReadonlySet<string>): Promise<void> {
  for (const name of names.filter((program) => !has.has(program))) {
    const program = findProgram(name);
    if (program !== undefined) await symlink(program, join(folder, name));
  }
}

export function multiCall(name: 'busybox' | 'toybox', shell: string, applets: readonly string[]): Userland {
  const has = new Set(names.filter((program) => applets.includes(program)));
  return {
    ...{ name, shell, hidesProc: false },
    async write(folder) {
      await mkdir(folder, { recursive: true });
      await link(folder, `/usr/bin/${name}`, [...has]);
      await linkRest(folder, has);
    },
  };
}

/** macOS as far as it can be had here: no /proc, no setsid, and no flag that its manuals do not have. */
export const strictBsd: Userland = {
  ...{ name: 'bsd', shell: '/bin/bash', hidesProc: true },
  async write(folder) {
    await mkdir(folder, { recursive: true });
    for (const name of names.filter((program) => program !== 'setsid')) {
      const program = findProgram(name);
      if (program === undefined) continue;
      await writeFile(join(folder, name), strictScript(name, program));
      await chmod(join(folder, name), 0o755);
    }
  },
};

/** An opencode that sees /proc, which its runtime needs on Linux. */
export function opencodeWithProc(binary: string): string {
  return `#!/bin/sh\nexec /usr/bin/unshare --mount -- /bin/sh -c '/usr/bin/mount -t proc proc /proc && exec "$0" "$@"' '${binary}' "$@"\n`;
}
