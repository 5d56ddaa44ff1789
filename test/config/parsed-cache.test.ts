import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ParsedCache } from '../../src/config/parsed-cache.ts';
import { loadTheme } from '../../src/config/theme.ts';
import { makeTempDir } from '../support/temp-dir.ts';

let folder: string;
let file: string;
const open = (build = 'one') => ParsedCache.open(file, build);

beforeEach(async () => {
  folder = await makeTempDir();
  file = join(folder, 'cache', 'parsed.json');
});

describe('what YAML files were parsed to', () => {
  it('is known to the next start while the text is the same', async () => {
    await (await open()).set('a.yaml', 'a: 1', { a: 1 });
    await (await open()).set('b.yaml', 'b: 1', { b: 1 });
    const cache = await open();
    expect(cache.get('a.yaml', 'a: 1')).toEqual({ a: 1 });
    expect(cache.get('b.yaml', 'b: 1')).toEqual({ b: 1 });
    expect(cache.get('a.yaml', 'a: 2')).toBeUndefined();
    expect(cache.get('c.yaml', 'a: 1')).toBeUndefined();
  });

  it('is remembered of the latest eight files', async () => {
    const cache = await open();
    for (let file = 0; file < 10; file += 1) await cache.set(`${file}.yaml`, 'a: 1', { file });
    const known = (await open()).get('2.yaml', 'a: 1');
    expect([cache.get('1.yaml', 'a: 1'), known]).toEqual([undefined, { file: 2 }]);
  });

  it('is not known to another build', async () => {
    await (await open()).set('a.yaml', 'a: 1', { a: 1 });
    expect((await open('two')).get('a.yaml', 'a: 1')).toBeUndefined();
  });

  it.each(['', 'not json', '7', '{"build":"one"}', '{"build":"one","entries":{"a.yaml":{"value":1}}}'])(
    'is nothing when the file is %j',
    async (text) => {
      await (await open()).set('a.yaml', 'a: 1', { a: 1 });
      await writeFile(file, text);
      const cache = await open();
      expect(cache.get('a.yaml', 'a: 1')).toBeUndefined();
      await cache.set('a.yaml', 'a: 1', { a: 1 });
      expect((await open()).get('a.yaml', 'a: 1')).toEqual({ a: 1 });
    },
  );

  it('is for that user alone, and a folder that cannot be written costs nothing but time', async () => {
    await (await open()).set('a.yaml', 'a: 1', { a: 1 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lost = await ParsedCache.open('/proc/self/nowhere.json', 'one');
    await lost.set('a.yaml', 'a: 1', { a: 1 });
    expect(lost.get('a.yaml', 'a: 1')).toEqual({ a: 1 });
  });
});

describe('the configuration', () => {
  it('is the same from the cache', async () => {
    const path = join(folder, 'config.yaml');
    await writeFile(
      path,
      'poling: 1\nkeybindings: {quit: x}\npolling: {interval: 2m}\nssh: {control_persist: yes}\nhosts: {overrides: {web1: {label: Web}}}\n',
    );
    const { config, ...rest } = await loadConfig(path, true, await open());
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ build: 'one' });
    expect(await loadConfig(path, true, await open())).toEqual({ config, ...rest });
    expect(config.polling.interval).toBe(120_000);
    expect(rest).toEqual({ warnings: [expect.stringContaining('"poling"')], keyLines: { quit: 2 } });
  });

  it('is not kept if it holds a password', async () => {
    const path = join(folder, 'config.yaml');
    await writeFile(path, 'hosts: {overrides: {web1: {server_password: secret}}}\n', { mode: 0o600 });
    await loadConfig(path, true, await open());
    await expect(readFile(file, 'utf8')).rejects.toThrow('ENOENT');
  });
});

it('a theme is the same from the cache', async () => {
  const theme = await loadTheme('nightops', await open());
  expect(await loadTheme('nightops', await open())).toEqual(theme);
});
