import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandTemplate, fillTemplate, parseTemplate } from '../../src/config/command-template.ts';
import { UserError } from '../../src/lib/errors.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Texts that a shell could stumble over. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', '')),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '\n',
        '$(echo x)',
        '`echo x`',
        '\\',
        '-x',
        '--',
        '*',
        '~',
        ';',
        '#',
        '{title}',
        '!',
        ' ',
        '%',
      ),
    )
    .map((parts) => parts.join('')),
);

function run(shell: string, template: CommandTemplate, values: object, cwd = '/'): string {
  const command = fillTemplate(template, values);
  const [file, args] =
    command.kind === 'shell' ? [shell, ['-c', command.shell]] : [command.argv[0]!, command.argv.slice(1)];
  // ksh never ends with some scripts that are no scripts, such as an open here-document in an open substitution.
  const limits = { timeout: 5_000, killSignal: 'SIGKILL' } as const;
  return execFileSync(file, args, { ...limits, cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe.each(['sh', 'bash', 'zsh', 'ksh'].filter(isInstalled))('under %s', (shell) => {
  it.each([
    ['words', "printf '%s\\0' {title} x{directory}y={alias}"],
    ['a substitution in quotes', 'printf \'%s\\0\' "$(printf %sE {title})" {directory}'],
  ])('a value is data, whatever it holds: %s', (name, script) => {
    const template = parseTemplate(script);
    fc.assert(
      fc.property(nasty, nasty, nasty, (title, directory, alias) => {
        const words = run(shell, template, { title, directory, alias }).split('\0').slice(0, -1);
        expect(words).toEqual(name === 'words' ? [title, `x${directory}y=${alias}`] : [`${title}E`, directory]);
      }),
    );
  });

  it('no template that is accepted runs what a value holds', async () => {
    const folder = await makeTempDir();
    const fragments = fc.constantFrom(
      ...[
        '{title}',
        'echo ',
        '"',
        "'",
        '\\',
        '$(',
        ')',
        '(',
        '#',
        '\n',
        ' ',
        ';',
        '`',
        '${x:-',
        '}',
        '$((',
        '))',
        '<<E\n',
        'E\n',
      ],
      ...["$'", 'case x in x', 'esac', '{{', '[[ ', '$x', 'a', '=', '>/dev/null '],
    );
    const values = [
      '$(touch made)',
      "';touch made;'",
      '";touch made;"',
      '`touch made`',
      '\ntouch made\n',
      ')\ntouch made\n',
    ];
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), fc.constantFrom(...values), (parts, title) => {
        let template: CommandTemplate;
        try {
          template = parseTemplate(parts.join(''));
        } catch (error) {
          if (error instanceof UserError) return;
          throw error;
        }
        try {
          run(shell, template, { title }, folder);
        } catch {
          // Most of them are no scripts.
        }
        expect(existsSync(join(folder, 'made')), parts.join('')).toBe(false);
      }),
    );
  });
});

it('an argument of a list is never split', () => {
  const template = parseTemplate(['printf', '%s\\0', '{title}', '-{alias}{title}']);
  fc.assert(
    fc.property(nasty, (title) => {
      expect(run('sh', template, { title, alias: 'a' }).split('\0')).toEqual([title, `-a${title}`, '']);
    }),
  );
});
