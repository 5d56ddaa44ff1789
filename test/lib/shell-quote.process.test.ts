import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { portableScript, quoteArgument } from '../../src/lib/shell-quote.ts';
import { isInstalled } from '../support/programs.ts';
import { randomText, seededRandom } from '../support/random.ts';

const HOSTILE = [
  '',
  ' ',
  'plain',
  "it's",
  "'",
  "''",
  `'"'"'`,
  '"double"',
  '$(touch /tmp/pwned)',
  '`id`',
  '$HOME',
  '$' + '{IFS}',
  'a\nb',
  '\n',
  'trailing newline\n',
  'a\tb\rc',
  '-rf',
  '--',
  '!history !! !$',
  '100% %s %n %%',
  'back\\slash \\n \\\\ \\',
  'a;b&c|d>e<f',
  '* ? [a-z] {a,b} ~',
  '# comment',
  'Grüße 世界 😀 e\u0301',
  '\u001b[31m\u0007',
  "'; rm -rf / #",
  '\u0001\u007f',
];

/** Runs a command line in a shell. Gives the words that it was made to print, each ended by NUL. */
function wordsOf(shell: string, line: string): string[] {
  const output = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

const PRINT = 'printf "%s\\0"';
const shells = ['/bin/sh', ...['bash', 'zsh', 'ksh'].filter(isInstalled)];
/** Login shells that are no POSIX shells; the script has to survive them. */
const loginShells = [...shells, ...['fish', 'csh', 'tcsh'].filter(isInstalled)];

describe.each(shells)('quoteArgument in %s', (shell) => {
  it('hands every argument over as it is', () => {
    expect(wordsOf(shell, `${PRINT} ${HOSTILE.map(quoteArgument).join(' ')}`)).toEqual(HOSTILE);
  });

  it('hands any text over as it is', () => {
    const random = seededRandom(5);
    const alphabet = [...'\'"`$(){}[]\\!%*?~#&;|<> \n\tabé😀-'];
    const texts = Array.from({ length: 300 }, () => randomText(random, alphabet, 12));
    expect(wordsOf(shell, `${PRINT} ${texts.map(quoteArgument).join(' ')}`)).toEqual(texts);
  });
});

describe.each(loginShells)('portableScript in %s', (shell) => {
  it('runs the script with every argument as it is', () => {
    expect(wordsOf(shell, portableScript(`${PRINT} ${HOSTILE.map(quoteArgument).join(' ')}`))).toEqual(HOSTILE);
  });

  it('runs a script of many lines, and inside another one', () => {
    const script = `count=0\nfor word in a 'b c' "d'e"; do\n  count=$((count + 1)) # don't stop\ndone\n${PRINT} "$count"`;
    expect(wordsOf(shell, portableScript(script))).toEqual(['3']);
    expect(wordsOf(shell, portableScript(portableScript(script)))).toEqual(['3']);
  });

  it('ends with the exit status of the script', () => {
    expect(() => execFileSync(shell, ['-c', portableScript('exit 66')], { stdio: 'ignore' })).toThrow(
      expect.objectContaining({ status: 66 }),
    );
  });
});

it('refuses a NUL, which no argument can hold', () => {
  expect(() => quoteArgument('a\0b')).toThrow(RangeError);
});

it('sends a script as plain characters that no shell takes for anything else', () => {
  expect(portableScript(HOSTILE.filter((text) => !text.includes('\0')).join('\n'))).toMatch(
    /^exec \/bin\/sh -c 'eval "\$\(printf "[A-Za-z0-9 _./:=,@+\\-]*"\)"'$/,
  );
});
