import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../src/lib/package-root.ts';
import {
  findCycles,
  findViolations,
  importsOf,
  loadedWith,
  type PackageRules,
  type Rules,
} from './support/import-graph.ts';

const LONGEST_FILE = 400;

const face = ['domain', 'lib', 'config', 'engine', 'operations', 'report', 'fleet', 'opencode'];
/** The table of the design; a folder may always import itself, and none may import `commands`. */
const rules: Rules = new Map<string, readonly string[] | 'all'>([
  ['domain', []],
  ['lib', []],
  ['config', ['domain', 'lib']],
  ['discovery', ['domain', 'lib', 'config']],
  ['transport', ['domain', 'lib']],
  ['opencode', ['domain', 'lib', 'transport']],
  ['terminal', ['domain', 'lib', 'transport']],
  ['probe', ['domain', 'lib', 'transport', 'opencode']],
  ['fleet', ['domain', 'lib']],
  ['refresh', ['domain', 'lib', 'config', 'discovery', 'probe', 'opencode', 'fleet']],
  [
    'engine',
    ['domain', 'lib', 'config', 'discovery', 'transport', 'probe', 'opencode', 'fleet', 'refresh', 'operations'],
  ],
  ['operations', ['domain', 'lib', 'transport', 'opencode', 'fleet']],
  ['report', ['domain', 'lib', 'fleet', 'operations']],
  ['verbs', [...face, 'transport']],
  ['store', ['domain', 'fleet']],
  ['actions', ['domain', 'lib', 'store', 'fleet', 'operations', 'transport', 'opencode']],
  ['components', ['domain', 'fleet', 'store', 'actions']],
  ['demo', ['domain', 'lib', 'transport']],
  ['commands', 'all'],
  ['router', face],
  ['mcp', [...face, 'verbs']],
  ['manager', face],
  ['dispatch', face],
]);

const packages: PackageRules = new Map([
  ['ssh2', ['transport', 'demo']],
  ['ink', ['components', 'commands']],
  ['react', ['components', 'commands']],
  ['@opencode-ai/sdk', ['opencode']],
  ['undici', ['opencode']],
  ['@modelcontextprotocol/sdk', ['mcp']],
  ['@lydell/node-pty', ['transport']],
  ['@xterm/headless', ['terminal']],
]);

function readSources(): Map<string, string> {
  const root = join(packageRoot(), 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  return new Map(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')]));
}

describe('the sources', () => {
  const sources = readSources();

  it('are found', () => {
    expect(sources.size).toBeGreaterThan(50);
    expect([...sources].flatMap(([file, text]) => importsOf(file, text)).length).toBeGreaterThan(200);
  });

  it('import only what the table of folders allows', () => {
    expect(findViolations(sources, rules, packages)).toEqual([]);
  });

  it('open streams to servers only with the proof of whose they are', () => {
    const opening = [...sources].filter(([file, text]) => !file.startsWith('transport/') && /\.forward\(/.test(text));
    expect(opening.map(([file]) => file)).toEqual(['opencode/server-process/proven-stream.ts']);
  });

  it('load little before the first frame', () => {
    const loaded = [...loadedWith(sources, 'commands/ocr.ts'), ...loadedWith(sources, 'commands/dashboard.ts')];
    const slow = ['react', 'ink', 'zod', 'yaml', 'ssh2', 'string-width', 'picomatch', 'fuse.js', 'node:crypto'];
    const sdk = '@modelcontextprotocol/sdk/server/mcp.js';
    expect(loaded.filter((name) => [...slow, sdk].includes(name))).toEqual([]);
    expect(loaded).toContain('commander');
    expect(loadedWith(sources, 'commands/run-dashboard.ts')).toContain('node:fs');
  });

  it('import each other in no circle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it(`have no file of more than ${LONGEST_FILE} lines`, () => {
    const long = [...sources].filter(([, text]) => text.trimEnd().split('\n').length > LONGEST_FILE);
    expect(long.map(([file]) => file)).toEqual([]);
  });
});

describe('the check of imports', () => {
  const check = (sources: Record<string, string>) =>
    findViolations(new Map(Object.entries(sources)), rules, packages).join('\n');
  const pool = { 'transport/pool.ts': '' };

  it.each([
    ['an import', `import { pool } from '../transport/pool.ts';`],
    ['an import over many lines', `import {\n  type A,\n  pool,\n} from '../transport/pool.ts';`],
    ['a type import', `import type { Pool } from "../transport/pool.ts";`],
    ['an import for its effect', `import '../transport/pool.ts';`],
    ['a dynamic import', `const { pool } = await import('../transport/pool.ts');`],
    ['a type of an import', `type Pool = import('../transport/pool.ts').Pool;`],
    ['a re-export', `export { pool } from '../transport/pool.ts';`],
    ['a re-export of all', `export * from '../transport/pool.ts';`],
  ])('catches %s that is not allowed', (_name, text) => {
    expect(check({ ...pool, 'store/rows.ts': text })).toBe(
      'store/rows.ts: imports "../transport/pool.ts"; store may import domain, fleet',
    );
  });

  it('catches an import of the commands', () => {
    const sources = { 'commands/main.ts': '', 'components/app.tsx': `import '../commands/main.ts';` };
    expect(check(sources)).toContain('components/app.tsx: imports "../commands/main.ts"; components may import');
  });

  it('catches a package in the wrong folder, whatever part of it', () => {
    expect(check({ 'probe/a.ts': `import ssh2 from 'ssh2';` })).toContain('imports "ssh2"; only transport and');
    expect(check({ 'store/a.ts': `import { jsx } from 'react/jsx-runtime';` })).toContain('only components and');
    expect(check({ 'probe/a.ts': `import type { S } from '@opencode-ai/sdk/v2';` })).toContain('only opencode may');
  });

  it('catches a folder that no one has thought of, and an import by a variable', () => {
    expect(check({ ...pool, 'helpers/a.ts': `import '../transport/pool.ts';` })).toContain('is not in the table');
    expect(check({ 'store/a.ts': 'await import(name);' })).toContain('cannot be checked');
  });

  it('allows the own folder, allowed folders and other packages, and ignores comments', () => {
    const sources = {
      ...pool,
      'domain/host.ts': '',
      'store/rows.ts': '',
      'store/a.ts': [
        `import { join } from 'node:path';`,
        `import { host } from '../domain/host.ts';`,
        `import { rows } from './rows.ts';`,
        `// import { pool } from '../transport/pool.ts';`,
        `/* import '../transport/pool.ts'; */`,
      ].join('\n'),
    };
    expect(check(sources)).toBe('');
  });

  it('catches a circle of files, type imports included', () => {
    const sources = new Map([
      ['store/a.ts', `import type { B } from './b.ts';`],
      ['store/b.ts', `import { c } from './c.ts';`],
      ['store/c.ts', `import { a } from './a.ts';`],
      ['store/d.ts', `import { a } from './a.ts';`],
    ]);
    expect(findCycles(sources)).toEqual(['store/a.ts -> store/b.ts -> store/c.ts -> store/a.ts']);
  });
});
