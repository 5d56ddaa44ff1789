import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BINDINGS } from '../../src/components/keys/bindings.ts';
import { checkConfig, parseConfig } from '../../src/config/parse.ts';
import { configSchema, defaultConfig } from '../../src/config/schema.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

const example = readFileSync(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8');

/** The part of a zod schema that this test reads. */
interface Part {
  readonly def?: {
    readonly type?: string;
    readonly innerType?: Part;
    readonly in?: Part;
    readonly shape?: Readonly<Record<string, Part>>;
  };
}

function shapeOf({ def }: Part): Readonly<Record<string, Part>> | null {
  const inner = def?.innerType ?? def?.in;
  return inner === undefined ? (def?.shape ?? null) : shapeOf(inner);
}

/** Every setting with its path, from the schema itself. Records such as `filters` count as one. */
function settingsOf(part: Part, path: readonly string[] = []): string[][] {
  const shape = shapeOf(part);
  if (shape === null) return [[...path]];
  return Object.entries(shape).flatMap(([name, inner]) => settingsOf(inner, [...path, name]));
}

const settings = settingsOf(configSchema as unknown as Part);

/** YAML that sets one path to a flow value. */
function yamlOf(path: readonly string[], value: string): string {
  return path
    .map((name, depth) => `${'  '.repeat(depth)}${name}:${depth === path.length - 1 ? ` ${value}` : ''}\n`)
    .join('');
}

function valueAt(config: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
    config,
  );
}

it('the list of settings is found in the schema', () => {
  expect(settings.length).toBeGreaterThan(90);
  expect(settings.map((path) => path.join('.'))).toContain('attention.enter');
  expect(settings.map((path) => path.join('.'))).toContain('keybindings.stop');
});

describe.each(settings.map((path) => ({ name: path.join('.'), path })))('the setting $name', ({ path }) => {
  it('refuses a value of no use with the place of the mistake', () => {
    const { config, problems } = checkConfig(yamlOf(path, '{nonsense: [{}]}'), 'remote-tui.yaml');
    expect(config).toBeNull();
    expect(problems.join('\n')).toMatch(new RegExp(`^remote-tui\\.yaml:${path.length}:\\d+: `, 'm'));
    expect(problems.join('\n')).toContain(path[0] ?? '');
  });

  it('is named in the example, or is the name of an action', () => {
    if (path[0] === 'keybindings') return expect(DEFAULT_BINDINGS.map((binding) => binding.name)).toContain(path[1]);
    expect(example).toMatch(new RegExp(`\\b${path.at(-1)}\\b`));
  });
});

it('an empty file gives the default of every setting', () => {
  const { config } = parseConfig('', 'remote-tui.yaml');
  for (const path of settings) expect(valueAt(config, path)).toEqual(valueAt(defaultConfig, path));
});

it('a misspelt setting is a warning that names the right one', () => {
  for (const path of settings.filter((one) => one.length === 2 && one[0] !== 'keybindings')) {
    const [section = '', name = ''] = path;
    const { warnings } = parseConfig(`${section}:\n  ${name}x: 1\n`, 'remote-tui.yaml');
    expect(warnings).toEqual([expect.stringContaining(`unknown key "${section}.${name}x"; did you mean "${name}"?`)]);
  }
});
