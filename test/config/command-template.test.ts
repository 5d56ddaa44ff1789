import { describe, expect, it } from 'vitest';
import { fillTemplate, parseTemplate } from '../../src/config/command-template.ts';

const fill = (command: string | string[], values = {}) => fillTemplate(parseTemplate(command), values);
const problemOf = (command: string | string[]): string | null => {
  try {
    parseTemplate(command);
    return null;
  } catch (error) {
    return String((error as Error).message);
  }
};

describe('a script', () => {
  it('gets each value as one quoted word', () => {
    expect(fill('git -C {directory} log --author={user}', { directory: '/a b', user: "o'neil" })).toEqual({
      kind: 'shell',
      shell: `git -C '/a b' log --author='o'\\''neil'`,
    });
  });

  it('keeps variables of the shell, and one brace for two', () => {
    const script = `echo $HOME \${HOME} "\${alias}" {{alias} '{{print $1}'`;
    expect(fill(script)).toEqual({ kind: 'shell', shell: `echo $HOME \${HOME} "\${alias}" {alias} '{print $1}'` });
  });

  it('gets an empty word for an empty value, and none for a missing one', () => {
    expect(fill('x {agent}/y', { agent: '' })).toEqual({ kind: 'shell', shell: "x ''/y" });
    expect(() => fill('rm -r {directory}/x')).toThrow('there is no {directory} here');
  });

  it('may put a value into a command substitution, in quotes too', () => {
    expect(problemOf('x="$(git -C {directory} rev-parse HEAD)"; echo "$x" {title}')).toBeNull();
    expect(problemOf('echo "a $(b "c") d" {title} # it ends')).toBeNull();
    expect(problemOf("echo it\\'s {title}")).toBeNull();
  });

  it.each([
    ['echo "{title}"', 'inside double quotes, but is quoted anyway: remove the quotes'],
    ["echo '{title}'", 'inside single quotes, but is quoted anyway: remove the quotes'],
    ['echo "$(echo "{title}")"', 'inside double quotes'],
    ['echo \\{title}', 'behind a backslash'],
    ['echo `basename {directory}`', 'behind a backquote'],
    ['cat <<END\n{title}\nEND', 'behind a here-document'],
    ['echo $(( {port} + 1 ))', 'behind arithmetic'],
    [`echo \${X:-{title}}`, 'behind an expansion in braces'],
    ['true # {title}', 'inside a comment'],
    ['echo "$(case x in x) echo "{title}";; esac)"', 'behind the keyword case'],
  ])('is refused where a value would not stay data: %s', (script, expected) => {
    expect(problemOf(script)).toContain(`{`);
    expect(problemOf(script)).toContain(expected);
  });

  it('does not take a sign within a word for a comment', () => {
    expect(problemOf('echo a#b $# {title}')).toBeNull();
  });
});

describe('a list', () => {
  it('gives each value to its own argument, unsplit and unquoted', () => {
    expect(
      fill(['code', '-r={alias}:{directory}', '"{title}"'], { alias: 'a', directory: '/x y', title: '$(z)' }),
    ).toEqual({
      kind: 'arguments',
      argv: ['code', '-r=a:/x y', '"$(z)"'],
    });
  });

  it('keeps braces', () => {
    expect(fill(['jq', '{{alias}', '{ a }', '{}'])).toEqual({
      kind: 'arguments',
      argv: ['jq', '{alias}', '{ a }', '{}'],
    });
  });
});

it('an unknown placeholder is named with the nearest one, and all problems at once', () => {
  expect(problemOf('echo {titel} {nothing_like_it}')?.split('\n')).toEqual([
    'unknown placeholder {titel}; did you mean {title}? ({{ is a brace)',
    expect.stringContaining('unknown placeholder {nothing_like_it}; known are alias, hostname'),
  ]);
});

it('a value with a NUL character is refused', () => {
  expect(() => fill(['x', '{title}'], { title: 'a\0b' })).toThrow('{title} holds a NUL character');
  expect(() => fill('x {title}', { title: 'a\0b' })).toThrow('{title} holds a NUL character');
});
