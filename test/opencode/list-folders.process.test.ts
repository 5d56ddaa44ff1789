import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { quoteArgument } from '../../src/lib/shell-quote.ts';
import { enterFolder, folderFault, listFolders } from '../../src/opencode/list-folders.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { FakeTransport } from '../support/fake-transport.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const HOSTILE = [
  "it's",
  '"double" quotes',
  '$(touch canary)',
  '`touch canary`',
  '; touch canary #',
  '&& touch canary',
  '-rf',
  '--help',
  '--parents=x',
  'a\nb',
  'ends with a line break\n',
  '* [a-z] ? {a,b}',
  '$HOME ~ !history',
  'back\\slash \\n \\000',
  '100% %s %n',
  'Grüße 世界 😀',
  '\u001b[31mred\u0007',
  ' blank around ',
];

/** A home on this machine, reached through real `sh`s that stand in it. */
async function openHome(prelude = '') {
  const home = await realpath(await makeTempDir("home it's $(x)"));
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  const here = {
    exec: (command: string, limits: Parameters<LocalTransport['exec']>[1]) =>
      transport.exec(`${prelude}HOME=${quoteArgument(home)}; export HOME; cd -- "$HOME" && ${command}`, limits),
  };
  const limits = { signal: new AbortController().signal, timeout: 10_000 };
  return {
    home,
    make: (...names: string[]) => Promise.all(names.map((name) => mkdir(join(home, name), { recursive: true }))),
    list: (typed: string) => listFolders(here, typed, limits),
    enter: (typed: string, create = false) => enterFolder(here, typed, create, limits),
  };
}

describe('listFolders', () => {
  it('lists folders whose path begins with what was typed, links to folders too, and no files', async () => {
    const { home, make, list } = await openHome();
    await make('work', 'worm', 'other', '.hidden');
    await symlink('other', join(home, 'world'));
    await symlink('nowhere', join(home, 'worse'));
    await writeFile(join(home, 'words'), '');
    expect(await list(join(home, 'wor'))).toEqual({
      folders: ['work/', 'world/', 'worm/'].map((name) => join(home, name)),
      more: false,
      unreadable: 0,
    });
    expect((await list(`${home}/`)).folders).not.toContain(join(home, '.hidden/'));
    expect((await list(`${home}/.`)).folders).toEqual([join(home, '.hidden/')]);
  });

  it('knows the home of the host, and leaves the ~ as it was typed', async () => {
    const { make, list } = await openHome();
    await make('work/shop');
    expect((await list('~')).folders).toEqual(['~/']);
    expect((await list('~/w')).folders).toEqual(['~/work/']);
    expect((await list('~/work/')).folders).toEqual(['~/work/shop/']);
  });

  it('says that there are more than 200', async () => {
    const { make, list } = await openHome();
    await make(...Array.from({ length: 205 }, (_, index) => `f${1000 + index}`));
    const found = await list('~/f');
    expect(found.folders).toHaveLength(200);
    expect(found.folders[0]).toBe('~/f1000/');
    expect(found.more).toBe(true);
  });

  it('leaves out names that are not UTF-8, and says how many', async () => {
    const { home, make, list } = await openHome();
    await make('x-fine');
    execFileSync('sh', ['-c', `mkdir "$1/x-$(printf '\\377')"`, 'sh', home]);
    expect(await list('~/x')).toEqual({ folders: ['~/x-fine/'], more: false, unreadable: 1 });
  });

  it.each(HOSTILE)('lists and enters %j, and runs nothing', async (name) => {
    const { home, make, list, enter } = await openHome();
    await make(join('in', name, 'below'));
    expect((await list('~/in/')).folders).toEqual([`~/in/${name}/`]);
    expect((await list(`~/in/${name}`)).folders).toEqual([`~/in/${name}/`]);
    expect((await list(`${home}/in/${name}/`)).folders).toEqual([`${home}/in/${name}/below/`]);
    expect(await enter(`~/in/${name}`)).toBe(join(home, 'in', name));
    expect(existsSync(join(home, 'canary'))).toBe(false);
  });

  it('reads no more out of what a login shell prints before', async () => {
    const { make, list, enter, home } = await openHome(`printf 'welcome\\000ocr folders\\000x\\000'; `);
    await make('work');
    expect((await list('~/w')).folders).toEqual(['~/work/']);
    expect(await enter('~/work/')).toBe(join(home, 'work'));
  });

  it('rejects where the host does not answer as asked', async () => {
    const transport = new FakeTransport();
    transport.onExec = async () => ({ code: 1, stdout: 'This account is not available.\n', stderr: 'no sh here\n' });
    const limits = { signal: new AbortController().signal, timeout: 1000 };
    await expect(listFolders(transport, '/', limits)).rejects.toThrow('the host did not list its folders: no sh here');
    transport.onExec = async () => ({ code: 0, stdout: '\0ocr folders\0cut in the mid', stderr: '' });
    await expect(listFolders(transport, '/', limits)).rejects.toThrow('did not list');
  });
});

describe('enterFolder', () => {
  it('gives the whole path, without ~, links and slashes at the end', async () => {
    const { home, make, enter } = await openHome();
    await make('work/shop');
    await symlink('work', join(home, 'link'));
    expect(await enter('~')).toBe(home);
    expect(await enter('~/work/')).toBe(join(home, 'work'));
    expect(await enter(`${home}//link/./shop/`)).toBe(join(home, 'work/shop'));
  });

  it('refuses a folder that is not there, and makes it when it is told to', async () => {
    const { home, enter } = await openHome();
    await expect(enter('~/new/shop')).rejects.toMatchObject({
      kind: 'missing',
      message: 'there is no folder ~/new/shop',
    });
    expect(await readdir(home)).toEqual([]);
    expect(await enter('~/new/shop', true)).toBe(join(home, 'new/shop'));
    expect(await enter('~/new/shop', true)).toBe(join(home, 'new/shop'));
  });

  it.each(HOSTILE)('makes a folder called %j, and runs nothing', async (name) => {
    const { home, enter } = await openHome();
    expect(await enter(`~/in/${name}`, true)).toBe(join(home, 'in', name));
    expect(await readdir(join(home, 'in'))).toEqual([name]);
    expect(await readdir(home)).toEqual(['in']);
  });

  it("says it in mkdir's own words when it cannot be made", async () => {
    const { home, enter } = await openHome();
    await writeFile(join(home, 'file'), '');
    await expect(enter('~/file/below', true)).rejects.toMatchObject({ kind: 'not-created' });
    await expect(enter('~/file/below', true)).rejects.toThrow(/was not created: mkdir: .*Not a directory/);
    await expect(enter('~/file', true)).rejects.toMatchObject({ kind: 'not-a-folder' });
    await expect(enter('/proc/nowhere', true)).rejects.toThrow(/was not created/);
  });

  it('says when it cannot be entered', async () => {
    const transport = new FakeTransport();
    const stdout = '\0ocr folder\0denied\0sh: cd: Permission denied\n\0';
    transport.onExec = async () => ({ code: 0, stdout, stderr: '' });
    const limits = { signal: new AbortController().signal, timeout: 1000 };
    await expect(enterFolder(transport, '/root', false, limits)).rejects.toMatchObject({
      kind: 'denied',
      message: '/root cannot be entered: sh: cd: Permission denied',
    });
  });

  it('refuses a path that begins with neither / nor ~/, and one that no shell can hold', async () => {
    const { enter } = await openHome();
    for (const typed of ['', 'work', '-rf', '~root/x', './x', '../x', ' /tmp', '$(touch canary)']) {
      expect(folderFault(typed)).toBe('a path must start with / or ~/');
      await expect(enter(typed, true)).rejects.toThrow('a path must start with / or ~/');
    }
    expect(folderFault('/a\0b')).toMatch(/NUL/);
    expect([folderFault('~'), folderFault('~/x'), folderFault('/')]).toEqual([null, null, null]);
  });
});
