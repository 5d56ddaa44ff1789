import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DEFAULT_BINDINGS } from '../src/components/keys/bindings.ts';

it('the README describes its six keys as the program does', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split('## Six keys')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(.+?)` \| (.+) \|$/gm)].map(([, key, does]) => ({ key, does }));
  expect(rows).toHaveLength(6);
  for (const { key, does } of rows) {
    const described = DEFAULT_BINDINGS.filter(({ keys }) => keys.includes(key ?? '')).map((one) => one.description);
    expect(described).toContain(does);
  }
});
