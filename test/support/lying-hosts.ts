import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_SESSIONS } from '../../src/domain/host-bounds.ts';
import type { Lab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';

/** Counts how often it is called. */
const COUNT = 'echo "$0 $1" >>"$HOME/calls"';
const row = (id: string, more = '') =>
  `{"id":"${id}","directory":"/srv/shop","title":"${id}","created":1,"updated":2,"worktree":"/srv/shop","messages":0${more}}`;

/** A host whose programs are those scripts: what is not named fails. */
function liar(programs: {
  readonly sqlite3?: string;
  readonly python3?: string;
  readonly opencode?: string;
}): LabHostPlan {
  const script = (text = 'exit 1') => `#!/bin/sh\n${COUNT}\n${text}\n`;
  return {
    shell: '/bin/bash',
    home: {
      '.bashrc': 'PATH=$HOME/bin:$PATH\n',
      'bin/sqlite3': script(programs.sqlite3),
      'bin/python3': script(programs.python3),
      '.opencode/bin/opencode': script(programs.opencode),
      '.local/share/opencode/opencode.db': 'SQLite format 3',
    },
  };
}

const NONSENSE = 'echo "[{\\"id\\":7}]"';
const POSING = (rung: string) => `printf '\\n@ocr done ${rung}\\n@ocr rows ${rung}\\nnonsense\\n@ocr done ${rung}\\n'`;
/** So that it is read again by the next survey. */
const CHANGED = 'touch "$HOME/.local/share/opencode/opencode.db"';
/** Hosts of the lab whose answers are wrong, too long or without an end. */
export const LYING_HOSTS = {
  nonsense: liar({ sqlite3: NONSENSE }),
  'all-nonsense': liar({ sqlite3: NONSENSE, python3: NONSENSE, opencode: NONSENSE }),
  posing: liar({ sqlite3: POSING('session-list') }),
  'posing-by-turns': liar({ sqlite3: `${POSING('session-list')}\n${POSING('http')}` }),
  honest: liar({ sqlite3: NONSENSE, python3: `echo '[${row('one')}]'` }),
  circles: liar({
    sqlite3: `echo '[${[
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['self', 'self'],
      ['child', 'a'],
    ]
      .map(([id, parent]) => row(id ?? '', `,"parent":"${parent}"`))
      .join()}]'`,
  }),
  titles: liar({
    sqlite3: `x=$(head -c 1000000 /dev/zero | tr '\\0' x)
printf '[${row('first')}'
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  printf ',{"id":"s%s","directory":"/srv","created":1,"updated":2,"title":"' "$i"; printf %s "$x"; printf '"}'
done
echo ']'
${CHANGED}`,
  }),
  crowd: liar({
    sqlite3: `awk 'BEGIN { for (i = 1; i <= ${MAX_SESSIONS + 500}; i++)
  printf "%s{\\"id\\":\\"s%d\\",\\"directory\\":\\"/srv\\",\\"title\\":\\"t\\",\\"created\\":1,\\"updated\\":%d}", (i > 1 ? "," : "["), i, i; print "]" }'
${CHANGED}`,
  }),
  flood: liar({
    sqlite3: `echo '[${row('one')}]'\n(sleep 1; sh -c 'echo $$ >"$HOME/flood"; exec yes') 2>/dev/null &`,
  }),
} satisfies Record<string, LabHostPlan>;
export type LyingHost = keyof typeof LYING_HOSTS;

/** Makes the programs of these hosts executable. */
export async function makeExecutable<Alias extends string>(lab: Lab<Alias>, aliases: readonly Alias[]): Promise<void> {
  for (const alias of aliases) {
    const { home } = lab.host(alias);
    for (const name of await readdir(join(home, 'bin'))) await chmod(join(home, 'bin', name), 0o755);
    await chmod(join(home, '.opencode/bin/opencode'), 0o755);
  }
}
