import { readFileSync } from 'node:fs';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DEFAULT_BINDINGS } from '../../src/components/keys/bindings.ts';
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
    expect(parseConfig(example, 'example')).toEqual({ config: defaultConfig, warnings: [], keyLines: {} });
  });

  it('that comes along has examples that are valid', () => {
    const [before, discovery] = example.split('discovery:\n');
    const sections = before!
      .replace(/^(keybindings|filters|commands): \{\}/gm, '$1:')
      .replace(/^# {3}( *\w+:)/gm, '  $1');
    const listed = discovery!
      .replace('commands: []', 'commands:')
      .replace(/^ {2}# {3}(- | {2})(command|timeout|group):/gm, '    $1$2:');
    const { config, warnings } = parseConfig(`${sections}discovery:\n${listed}`, 'example');
    expect(warnings).toEqual([]);
    expect(Object.keys(config.keybindings)).toHaveLength(11);
    const defaults = new Map(DEFAULT_BINDINGS.map(({ name, keys }) => [name, keys]));
    for (const [name, keys] of Object.entries(config.keybindings))
      expect(defaults.get(name), name).toEqual(expect.arrayContaining([...(keys ?? [])]));
    expect(Object.keys(config.filters)).toEqual(['waiting', 'mine']);
    expect(config.commands.log).toMatchObject({ key: 'ctrl+g', scope: 'session', run: 'host', output: 'popup' });
    expect(config.commands.code).toMatchObject({ confirm: 'Open it in VS Code?', dangerous: true });
    expect(config.discovery.commands).toEqual([
      { command: ['my-inventory', '--json'], timeout: 10_000, group: 'inventory' },
    ]);
  });

  it.each(['', '# nothing but a comment\n', '---\n', '{}', 'polling:\n  {}\n'])('of %j is the default', (text) => {
    expect(parseConfig(text, 'x').config).toEqual(defaultConfig);
  });

  it('turns durations into milliseconds and keeps the rest', () => {
    const { config } = parseConfig(
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
    expect(config.keybindings).toEqual({ refresh: ['ctrl+r'] });
  });
});

describe('an error in the configuration', () => {
  it.each([
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
    ['an empty pattern in a list', 'hosts:\n  include:\n    - ok\n    - ""\n', ':4:7: hosts.include.1: '],
    ['a text where a list belongs', 'hosts:\n  include: "*"\n', ':2:12: hosts.include: '],
    ['a key that no terminal sends', 'keybindings:\n  quit: shift+q\n', ':2:9: keybindings.quit: must be a key'],
    ['a chord that is too long', 'keybindings:\n  quit: [q, a b c d]\n', ':2:13: keybindings.quit.1: must be a key'],
    ['a key that is a number', 'keybindings:\n  view_log: 6\n', ':2:13: keybindings.view_log: must be a key'],
    ['a wait that is none', 'keys: {chord_wait: soon}\n', ':1:20: keys.chord_wait: must be a duration such as'],
    ['the letter of a filter', 'filters:\n  a: {filter: x, key: ab}\n', ':2:23: filters.a.key: must be one letter'],
    [
      'a placeholder in quotes',
      'commands:\n  a:\n    command: echo "{title}"\n',
      ':3:14: commands.a.command: {title} stands inside double quotes, but is quoted anyway: remove the quotes',
    ],
    [
      'an unknown placeholder',
      'commands:\n  a:\n    command: [echo, "{titel}"]\n',
      ':3:14: commands.a.command: unknown placeholder {titel}; did you mean {title}?',
    ],
    [
      'a placeholder that the rows have no value for',
      'commands:\n  a: {scope: host, command: "echo {title}"}\n',
      ':2:29: commands.a.command: {title} is not known with scope: host',
    ],
    ['a command of discovery', 'discovery:\n  commands:\n    - command: []\n', 'discovery.commands.0.command: '],
    ['an alias without an anchor', 'hosts: *nowhere\n', 'nowhere'],
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
    expect(problems[2]).toContain('unknown key "polling.nope"');
  });
});

describe('an unknown key', () => {
  it.each([
    ['a section', 'poling:\n  interval: 30s\n', ':1:1: unknown key "poling"; did you mean "polling"?'],
    ['a key', 'polling:\n  intervall: 30s\n', ':2:3: unknown key "polling.intervall"; did you mean "interval"?'],
    [
      'a key of an override',
      'hosts:\n  overrides:\n    db:\n      labels: x\n',
      ':4:7: unknown key "hosts.overrides.db.labels"; did you mean "label"?',
    ],
    [
      'a key that is like none',
      'polling: {colour: red}\n',
      ':1:11: unknown key "polling.colour"; known here: interval, timeout, max_parallel',
    ],
    ['an action', 'keybindings:\n  attatch: x\n', ':2:3: unknown key "keybindings.attatch"; did you mean "attach"?'],
    ['a key of a filter', 'filters:\n  a:\n    filter: x\n    keys: w\n', ':4:5: unknown key "filters.a.keys"; did'],
    [
      'a key of a command in a list',
      'discovery:\n  commands:\n    - command: x\n      groups: y\n',
      ':4:7: unknown key "discovery.commands.0.groups"; did you mean "group"?',
    ],
  ])('is a warning at its place: %s', (_name, text, expected) => {
    const { config, warnings } = parseConfig(text, '/etc/ocr.yaml');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`/etc/ocr.yaml${expected}`);
    expect(config.polling).toEqual(defaultConfig.polling);
  });

  it('leaves the rest of its section in force', () => {
    const { config, warnings } = parseConfig('polling:\n  nope: 1\n  timeout: 3s\nnope: [1]\n', 'x');
    expect(config).toEqual({ ...defaultConfig, polling: { ...defaultConfig.polling, timeout: 3000 } });
    expect(warnings.map((text) => text.slice(0, 6))).toEqual(['x:2:3:', 'x:4:1:']);
  });

  it('is never a reason to refuse a start', () => {
    const names = fc.string().filter((name) => !(name in defaultConfig) && name !== '<<');
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        const text = stringify({ [name]: value, polling: { [`x${name}`]: value } });
        const { config, warnings } = parseConfig(text, 'x');
        expect(config).toEqual(defaultConfig);
        expect(warnings).toHaveLength(2);
      }),
    );
  });
});

describe('the newer keys', () => {
  it('come out in one form', () => {
    const { config, keyLines } = parseConfig(
      [
        'display: {icons: ascii, mouse: false, columns: {fleet: [state, age]}}',
        'sessions: {status_line: false}',
        'attention: {enter: open}',
        'keys: {chord_wait: 0}',
        'keybindings:',
        '  attach: [enter, alt+o]',
        '  top: g g',
        '  quit: []',
        '  stop:',
        'filters: {mine: agent:build, waiting: {filter: "state:waiting", key: w}}',
        'commands: {log: {command: "git -C {directory} log"}, code: {command: [code, "{alias}"], confirm: true}}',
        'discovery: {commands: [{command: inventory}, {command: [inv, --all], timeout: 3s, group: web}]}',
      ].join('\n'),
      'x',
    );
    expect(config.display).toMatchObject({ icons: 'ascii', mouse: false, columns: { fleet: ['state', 'age'] } });
    expect([config.sessions.status_line, config.attention.enter, config.keys.chord_wait]).toEqual([false, 'open', 0]);
    expect(config.keybindings).toEqual({ attach: ['enter', 'alt+o'], top: ['g g'], quit: [], stop: [] });
    expect(keyLines).toEqual({ attach: 6, top: 7, quit: 8, stop: 9 });
    expect(config.filters).toEqual({ mine: { filter: 'agent:build' }, waiting: { filter: 'state:waiting', key: 'w' } });
    expect(config.commands.log).toEqual({
      command: 'git -C {directory} log',
      ...{ scope: 'session', run: 'local', output: 'foreground', confirm: false, dangerous: false },
    });
    expect(config.commands.code).toMatchObject({ command: ['code', '{alias}'], confirm: true });
    expect(config.discovery.commands).toEqual([
      { command: 'inventory', timeout: 10_000 },
      { command: ['inv', '--all'], timeout: 3000, group: 'web' },
    ]);
  });
});

describe('loading the configuration', () => {
  it('writes the defaults where there is none at the default place', async () => {
    const path = join(await makeTempDir(), '.opencode', 'remote-tui.yaml');
    expect(await loadConfig(path, false, null)).toEqual({ config: defaultConfig, warnings: [], keyLines: {} });
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
    expect(result.warnings.join()).toContain(`${path} could not be written`);
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
