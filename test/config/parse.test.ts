import { readFileSync } from 'node:fs';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { cacheDirectory } from '../../src/config/paths.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { UserError } from '../../src/lib/errors.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const example = readFileSync(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8');

/** The lines of what is wrong with a configuration. */
function problemsOf(text: string): string[] {
  try {
    parseConfig(text, '/etc/ocr.yaml');
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('that comes along is the default', () => {
    expect(parseConfig(example, 'example')).toEqual(defaultConfig);
  });

  it.each(['', '# nothing but a comment\n', '---\n', '{}', 'polling:\n  {}\n'])('of %j is the default', (text) => {
    expect(parseConfig(text, 'x')).toEqual(defaultConfig);
  });

  it('turns durations into milliseconds and keeps the rest', () => {
    const config = parseConfig(
      [
        'polling: {interval: 1h30m, timeout: 500ms}',
        'hosts:',
        '  groups: {production: ["prod-*"]}',
        '  overrides:',
        '    my-server: {label: Main, priority: 1, timeout: 20s, opencode_path: /opt/oc}',
        'keybindings: {refresh: ctrl+r}',
      ].join('\n'),
      'x',
    );
    expect(config.polling).toEqual({ interval: 5_400_000, timeout: 500, max_parallel: 10 });
    expect(config.hosts.groups).toEqual({ production: ['prod-*'] });
    expect(config.hosts.overrides).toEqual({
      'my-server': { label: 'Main', priority: 1, timeout: 20_000, opencode_path: '/opt/oc' },
    });
    expect(config.keybindings.refresh).toBe('ctrl+r');
    expect(config.keybindings.quit).toBe('q');
  });
});

describe('an error in the configuration', () => {
  it.each([
    ['a section that is misspelt', 'poling:\n  interval: 30s\n', ':1:1: unknown key "poling"; did you mean "polling"?'],
    [
      'a key that is misspelt',
      'polling:\n  intervall: 30s\n',
      ':2:3: unknown key "polling.intervall"; did you mean "interval"?',
    ],
    [
      'a key of an override that is misspelt',
      'hosts:\n  overrides:\n    db:\n      labels: x\n',
      ':4:7: unknown key "hosts.overrides.db.labels"; did you mean "label"?',
    ],
    [
      'a key that is like none',
      'polling: {colour: red}\n',
      ':1:11: unknown key "polling.colour"; known here: interval, timeout, max_parallel',
    ],
    ['a duration without a unit', 'polling:\n  interval: 30\n', ':2:13: polling.interval: must be a duration such as'],
    [
      'a duration of another language',
      'polling:\n  timeout: 5 minutes\n',
      ':2:12: polling.timeout: must be a duration',
    ],
    ['a duration of nothing', 'polling:\n  interval: 0s\n', ':2:13: polling.interval: must be a duration above zero'],
    ['a number that is too small', 'polling:\n  max_parallel: 0\n', ':2:17: polling.max_parallel: '],
    ['a number that is none', 'sessions:\n  max_display: many\n', ':2:16: sessions.max_display: '],
    ['a boolean that is none', 'display:\n  unicode: perhaps\n', ':2:12: display.unicode: '],
    ['a word that is none of those known', 'sessions:\n  sort_by: mood\n', ':2:12: sessions.sort_by: '],
    ['an empty pattern in a list', 'hosts:\n  include:\n    - ok\n    - ""\n', 'hosts.include.1: '],
    ['a text where a list belongs', 'hosts:\n  include: "*"\n', ':2:12: hosts.include: '],
    ['a key that no terminal sends', 'keybindings:\n  quit: shift+q\n', ':2:9: keybindings.quit: must be a key'],
    ['a list where a section belongs', 'polling: []\n', ':1:10: polling: '],
    ['a file that is a list', '- a\n- b\n', ':1:1: the file: '],
    ['a file that is a text', 'hello\n', ':1:1: the file: '],
    ['an override that is a text', 'hosts:\n  overrides:\n    db: fast\n', ':3:9: hosts.overrides.db: '],
  ])('is found at its place: %s', (_name, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\/etc\/ocr\.yaml:\d+:\d+: /);
    expect(problems[0]).toContain(expected);
  });

  it.each([
    ['a bracket that is not closed', 'hosts:\n  include: ["*"\n'],
    ['a tab for indentation', 'polling:\n\tinterval: 30s\n'],
    ['a key that stands twice', 'polling: {}\npolling: {}\n'],
  ])('of YAML is found at its place too: %s', (_name, text) => {
    expect(problemsOf(text)[0]).toMatch(/^\/etc\/ocr\.yaml:\d+:\d+: \S/);
  });

  it('does not hide the others', () => {
    const problems = problemsOf('polling:\n  interval: x\n  nope: 1\ndisplay:\n  unicode: 7\n');
    expect(problems).toHaveLength(3);
  });
});

describe('loading the configuration', () => {
  it('writes the defaults where there is none at the default place', async () => {
    const path = join(await makeTempDir(), '.opencode', 'remote-tui.yaml');
    expect(await loadConfig(path, false, null)).toEqual({ config: defaultConfig, warning: null });
    expect(await readFile(path, 'utf8')).toBe(example);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('writes nothing where a named file is missing', async () => {
    const path = join(await makeTempDir(), 'mine.yaml');
    await expect(loadConfig(path, true, null)).rejects.toThrow(
      `${path}: cannot read the configuration: there is no such`,
    );
    await expect(stat(path)).rejects.toThrow();
  });

  it.skipIf(process.getuid?.() === 0)('goes on with the defaults where they cannot be written', async () => {
    const folder = await makeTempDir();
    await chmod(folder, 0o500);
    const path = join(folder, 'remote-tui.yaml');
    const result = await loadConfig(path, false, null);
    expect(result.config).toEqual(defaultConfig);
    expect(result.warning).toContain(`${path} could not be written`);
  });

  it('says so when the file is none', async () => {
    const folder = await makeTempDir();
    await expect(loadConfig(folder, false, null)).rejects.toThrow(`${folder}: cannot read the configuration`);
  });

  it('leaves an invalid file as it is', async () => {
    const path = join(await makeTempDir(), 'remote-tui.yaml');
    await writeFile(path, 'polling: {interval: soon}\n');
    await expect(loadConfig(path, false, null)).rejects.toThrow(`${path}:1:21: polling.interval`);
    expect(await readFile(path, 'utf8')).toBe('polling: {interval: soon}\n');
  });
});

it('the cache is in XDG_CACHE_HOME where that is set', () => {
  expect(cacheDirectory({ XDG_CACHE_HOME: '/var/cache/ada' })).toBe('/var/cache/ada/ocr');
  expect(cacheDirectory({ XDG_CACHE_HOME: '' })).toMatch(/\/\.cache\/ocr$/);
});
