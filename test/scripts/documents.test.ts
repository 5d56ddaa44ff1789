import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfigKeys } from '../../scripts/docs/config-keys.ts';
import { readDocument, writeDocuments } from '../../scripts/docs/documents.ts';
import { bindingInTree, HANDS } from '../../scripts/docs/hands.ts';
import { fillIn, table } from '../../scripts/docs/markdown.ts';
import { escapeRoff } from '../../scripts/docs/roff.ts';
import { DEFAULT_BINDINGS } from '../../src/components/keys/bindings.ts';
import { packageRoot } from '../../src/lib/package-root.ts';

describe('the documents', () => {
  it('are those that npm run docs writes', async () => {
    for (const [path, text] of await writeDocuments()) {
      expect(await readDocument(path), `${path} is out of date: run npm run docs`).toBe(text);
    }
  });

  it('link only to files that exist', async () => {
    const names = (await readdir(join(packageRoot(), 'docs'))).filter((name) => name.endsWith('.md'));
    for (const path of ['README.md', ...names.map((name) => `docs/${name}`)]) {
      const text = await readFile(join(packageRoot(), path), 'utf8');
      const links = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
      const broken = links.filter(
        (link) => !/^https?:/.test(link) && !existsSync(join(packageRoot(), dirname(path), link)),
      );
      expect(broken, path).toEqual([]);
    }
  });

  it.each(HANDS)('name keys of $program that exist', ({ same }) => {
    expect(same.filter((key) => bindingInTree(key, DEFAULT_BINDINGS) === undefined)).toEqual([]);
  });
});

describe('the writers', () => {
  it('read keys of the configuration with their defaults and comments', () => {
    const text = 'polling:\n  interval: 30s # how often\nfilters: {} # saved. Longer, such as\n#   mine: x\nplain: 1\n';
    expect(parseConfigKeys(text)).toEqual([
      { path: 'polling', value: '', note: '' },
      { path: 'polling.interval', value: '30s', note: 'how often' },
      { path: 'filters', value: '{}', note: 'saved' },
      { path: 'plain', value: '1', note: '' },
    ]);
  });

  it('fill a marked place, again and again', () => {
    const once = fillIn('a\n<!-- x -->\n<!-- /x -->\nb', 'x', 'new');
    expect(once).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb');
    expect(fillIn(once, 'x', 'new')).toBe(once);
    expect(() => fillIn('a', 'x', 'new')).toThrow('no place for "x"');
  });

  it('escape bars in tables, and commands of troff', () => {
    expect(table(['a'], [['on|off']])).toBe('| a |\n|---|\n| on\\|off |');
    expect(escapeRoff('.x `a` -b \\')).toBe('\\&.x a \\-b \\e');
  });
});
