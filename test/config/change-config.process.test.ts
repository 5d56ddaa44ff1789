import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeConfig, withSetting } from '../../src/config/change-config.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const example = await readFile(join(packageRoot(), 'remote-tui.example.yaml'), 'utf8');

describe('a changed setting', () => {
  it('leaves every other line as it is', () => {
    const changed = withSetting(example, ['keybindings', 'stop'], ['x', 'g x']).split('\n');
    const before = example.split('\n');
    const different = changed.filter((line, at) => line !== before[at]);
    expect(different).toEqual([expect.stringMatching(/^keybindings: \{stop: \[x, g x\]\} # one key/)]);
    expect(changed).toHaveLength(before.length);
  });

  it('keeps the comments of its section', () => {
    const text = 'keybindings:\n  # mine\n  stop: x # was s\n\n  quit: q\n# end\nreadonly:   true\n';
    expect(withSetting(text, ['keybindings', 'stop'], ['y'])).toBe(
      'keybindings:\n  # mine\n  stop: [y] # was s\n\n  quit: q\n# end\nreadonly:   true\n',
    );
    expect(withSetting(text, ['keybindings', 'stop'], undefined)).not.toContain('stop');
  });

  it.each([
    ['', 'filters:\n  a: {filter: x}\n'],
    ['# mine\n', '# mine\n\nfilters:\n  a: {filter: x}\n'],
    ['readonly: true', 'readonly: true\n\nfilters:\n  a: {filter: x}\n'],
    ['filters:\n', 'filters:\n  a: {filter: x}\n'],
    ['{readonly: true}\n', '{readonly: true, filters: {a: {filter: x}}}\n'],
  ])('is added where it is missing: %j', (text, expected) => {
    const changed = withSetting(text, ['filters', 'a'], { filter: 'x' });
    expect(parseConfig(changed, 'x')).toEqual(parseConfig(expected, 'x'));
    expect(parseConfig(changed, 'x').config.filters).toEqual({ a: { filter: 'x' } });
  });

  it('is read back as it was set, whatever its name and text', () => {
    const word = fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(
        word.filter((name) => name !== '__proto__'),
        word,
        (name, filter) => {
          for (const text of ['', example, 'filters: {b: x}\n']) {
            const { config } = parseConfig(withSetting(text, ['filters', name], { filter }), 'x');
            expect(config.filters[name]).toEqual({ filter });
          }
        },
      ),
    );
  });

  it('is not made in a file that is no YAML', () => {
    expect(() => withSetting('a: [', ['filters', 'a'], {})).toThrow('Flow');
    expect(() => withSetting('- a', ['filters', 'a'], {})).toThrow('has no sections');
  });
});

describe('a changed file', () => {
  it('keeps its mode, and its link', async () => {
    const folder = await makeTempDir();
    await mkdir(join(folder, 'dotfiles'));
    const [real, path] = [join(folder, 'dotfiles', 'ocr.yaml'), join(folder, 'ocr.yaml')];
    await writeFile(real, 'readonly: true\n');
    await chmod(real, 0o640);
    await symlink('dotfiles/ocr.yaml', path);
    await changeConfig(path, ['keybindings', 'stop'], ['x']);
    expect(parseConfig(await readFile(real, 'utf8'), 'x').config).toMatchObject({
      readonly: true,
      keybindings: { stop: ['x'] },
    });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect((await stat(real)).mode & 0o777).toBe(0o640);
  });

  it('stays as it is if the value is not valid', async () => {
    const path = join(await makeTempDir(), 'ocr.yaml');
    await writeFile(path, 'readonly: true\n');
    await expect(changeConfig(path, ['keybindings', 'stop'], ['nokey'])).rejects.toThrow('must be a key');
    expect(await readFile(path, 'utf8')).toBe('readonly: true\n');
  });
});
