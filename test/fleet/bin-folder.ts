import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPlan } from './hosts.ts';
import { findProgram, type Requirements } from './requirements.ts';

/** Programs of any small Debian; skips those that this machine lacks. */
const basics = `
  [ awk basename bash cat chmod cksum cp cut date df dirname du echo env expr false find flock free getent git grep gzip head
  hostname id kill less ln ls mkdir mkfifo mktemp mv nl nohup od pgrep pkill printf ps pwd readlink realpath rm rmdir sed seq
  setsid sh sha256sum sleep sort ss stat stty sync tail tar tee test timeout touch tput tr true tty uname uniq uptime vi wc
  which whoami xargs`
  .trim()
  .split(/\s+/);

/** Makes the folder that is a host's whole PATH. */
export async function createBinFolder(
  bin: string,
  plan: HostPlan,
  opencode: string,
  system: Requirements,
): Promise<void> {
  await mkdir(bin, { recursive: true });
  const links = basics.map((name) => [name, findProgram(name)] as const);
  for (const tool of plan.tools) {
    if (tool === 'old-opencode') await writeOldOpencode(bin, opencode);
    else links.push([tool, tool === 'opencode' ? opencode : system.programs[tool]]);
  }
  await Promise.all(links.map(async ([name, target]) => target && (await symlink(target, join(bin, name)))));
}

/** An opencode without `db`, as before that command existed; `opencode db` is all that differs. */
async function writeOldOpencode(bin: string, opencode: string): Promise<void> {
  const path = join(bin, 'opencode');
  const script = `#!/bin/sh\nif [ "$1" = db ]; then echo "Unknown command: db" >&2; exit 1; fi\nexec '${opencode}' "$@"\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}
