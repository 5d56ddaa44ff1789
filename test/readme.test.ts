import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { listedBindings } from '../src/components/dialogs.ts';
import { createBindings } from '../src/components/keys/bindings.ts';
import { ACTION_NAMES } from '../src/domain/action-names.ts';

const CONFIGURABLE: ReadonlySet<string> = new Set(ACTION_NAMES);

it("the README's table of keys is the one that the program goes by", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const table = listedBindings(createBindings({})).map(({ keys, description, name }) => {
    const shown = keys.map((key) => `\`${key}\``).join(' ');
    return `| ${shown} | ${description} | ${CONFIGURABLE.has(name) ? `\`${name}\`` : ''} |`;
  });
  const written = readme.split('\n').filter((line) => line.startsWith('| `'));
  expect(written).toEqual(table);
});
