import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allScripts } from './all-scripts.ts';
import { commandsOf } from './commands.ts';
import { HOST_PROGRAMS, LOCAL_PROGRAMS } from './programs.ts';
import { unwrap } from './unwrap.ts';

it('commands and their flags are found wherever a script may run one', () => {
  const script = `
a() { b=$(one -x "$(two --long 'three -n')" | four) || five -a -b; }
if [ -n "$x" ]; then A=1 B= six -c <<END >/dev/null 2>&1 &
text $(seven -q) # not a comment; eight
END
fi
case $(nine) in ten|'eleven') twelve ;; *) for i in thirteen; do exec fourteen -z; done ;; esac
a # fifteen
while ! sixteen; do (seventeen; { eighteen; }); done <file
printf '%s' nineteen; echo "\${twenty:-twentyone}" $((x + 1))`;
  const found = commandsOf(script).map(({ name, flags }) => [name, ...flags].join(' '));
  expect(found.sort()).toEqual(
    [
      ...['one -x', 'two --long', 'four', 'five -a -b', 'six -c', 'seven -q', 'nine', 'twelve', 'fourteen -z'],
      ...['sixteen', 'seventeen', 'eighteen', 'printf'],
    ].sort(),
  );
});

it('hosts need the programs of the list, with its flags, and no others', async () => {
  const used = new Map<string, Set<string>>();
  for (const script of (await allScripts()).values()) {
    for (const { name, flags } of unwrap(script).flatMap(commandsOf)) {
      used.set(name, new Set([...(used.get(name) ?? []), ...flags]));
    }
  }
  const list = (flags: Iterable<string>) => [...flags].sort();
  const found = Object.fromEntries([...used].map(([name, flags]) => [name, list(flags)]));
  expect(found).toEqual(
    Object.fromEntries(Object.entries(HOST_PROGRAMS).map(([name, { flags }]) => [name, list(flags)])),
  );
});

it('this machine needs the programs of the list, and no others', async () => {
  const root = new URL('../../src/', import.meta.url).pathname;
  const files = (await readdir(root, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(root, name), 'utf8')));
  const run = texts.flatMap((text) =>
    [
      ...text.matchAll(
        /(?<!actions\.)\b(?:spawn|spawnSync|execFile|execFileSync|run|runProgram)\(\s*'([^']+)'|\bfile: '([^']+)'/g,
      ),
    ].map(([, program, file]) => program ?? file),
  );
  expect([...new Set(run)].filter((name) => name !== ':').sort()).toEqual([...LOCAL_PROGRAMS]);
});
