import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { allScripts, SOURCES } from './all-scripts.ts';
import { unwrap } from './unwrap.ts';

const scripts = [...(await allScripts())].flatMap(([name, script]) =>
  unwrap(script).map((text, level): [string, string] => [level === 0 ? name : `${name}, within ${level}`, text]),
);
const distinct = [...new Map(scripts.map(([name, text]) => [text, name])).entries()].map(
  ([text, name]): [string, string] => [name, text],
);

/** Findings of shellcheck that are meant: the code, the lines, and why. */
const MEANT: readonly (readonly [code: string, line: RegExp, why: string])[] = [
  ['SC2016', /./, 'a script within a script is expanded by the shell that runs it'],
  ['SC2034', /./, 'functions are shared: not every script uses all that they set'],
  ['SC2154', /./, 'and some of what they read is set by the script that came before in the same shell'],
  ['SC1091', /./, 'no file of a host can be followed'],
  ['SC1007', /(?:ocr_|[A-Z]{3})\w+= \w+=/, 'several variables are set in one line'],
  ['SC1003', /(?:033|\u001b).*\\+'/, 'a backslash ends a terminal sequence'],
  ['SC2088', /~\//, 'a tilde that the user typed is compared, not expanded'],
  ['SC2209', /ocr_sources=ps|end=more/, 'it is a word, not a command'],
  ['SC1010', /ocr_(?:say|tell) done /, 'it is a word'],
  ['SC2015', /\|\| continue$/, 'nothing follows that could fail'],
  ['SC2030', /OPENCODE_DB/, 'the change is for that subshell alone'],
  ['SC2031', /OPENCODE_DB/, 'and the shell itself keeps its own'],
  ['SC2046', /^\s*set -- \$\(/, 'the words of an answer are split'],
  ['SC2086', /^\s*set -- \$\{/, 'the words of an answer are split'],
];

describe.skipIf(!isInstalled('shellcheck'))('shellcheck finds nothing in', () => {
  it.each(distinct)('%s', (_name, text) => {
    const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', '-'], { input: text, encoding: 'utf8' });
    const lines = text.split('\n');
    const found = stdout.split('\n').flatMap((finding) => {
      const [, number = '', code = ''] = /^-:(\d+):.*\[(SC\d+)\]$/.exec(finding) ?? [];
      const line = lines[Number(number) - 1] ?? '';
      const isMeant = MEANT.some(([meant, where]) => meant === code && where.test(line));
      return finding === '' || isMeant ? [] : [`${finding}\n  ${line}`];
    });
    expect(found).toEqual([]);
  });
});

/** Shells that are /bin/sh somewhere; with -n they read and run nothing. */
const SHELLS: readonly (readonly string[])[] = [
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'ash'],
  ['ksh'],
  ['mksh'],
  ['yash'],
  ['zsh', '--emulate', 'sh'],
];

describe.each(SHELLS.map((words) => [words.join(' '), words] as const))('%s', (_name, [program = '', ...options]) => {
  it.skipIf(!isInstalled(program)).each(distinct)('can read %s', (_script, text) => {
    const { status, stderr } = spawnSync(program, [...options, '-n'], { input: text, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    // ksh93 has opinions on style.
    expect(stderr.split('\n').filter((line) => line !== '' && !line.includes('warning'))).toEqual([]);
  });
});

it('every file that makes shell for hosts is checked here', async () => {
  const root = new URL('../../', import.meta.url).pathname;
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const making: string[] = [];
  for (const name of files) {
    const text = await readFile(join(root, 'src', name), 'utf8');
    if (/^ *ocr_\w+\(\) \{|portableScript\(\n?|throughLoginShell\(|exec \/bin\/sh -c/m.test(text))
      making.push(`src/${name}`);
  }
  const elsewhere = [
    'src/lib/shell-quote.ts',
    'src/operations/sessions/attach-line.ts',
    'src/probe/prober.ts',
    // Runs what the user wrote.
    'src/commands/own-commands.ts',
  ];
  expect(making.filter((name) => !SOURCES.includes(name) && !elsewhere.includes(name))).toEqual([]);
});
