import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutShare } from '../../../../src/opencode/export-import.ts';
import { type Deleted, forget, remember } from '../../../../src/operations/delete/deleted.ts';
import { exportName, readExportFile, safeName, writeExport } from '../../../../src/operations/delete/export-file.ts';
import { NOW } from '../../../support/builders.ts';
import { makeTempDir } from '../../../support/temp-dir.ts';
import { anExport } from './an-export.ts';
import { lastDeleted } from './last-deleted.ts';

const all = () => true;
const aDeleted = (changes: Partial<Deleted> = {}): Deleted => ({
  ...{ alias: 'web1', at: NOW, batch: 'b1', id: 'ses_1', title: 'Fix', exports: [] },
  ...changes,
});

describe('the file of an export', () => {
  it.each([
    ['Fix the login page', 'Fix-the-login-page'],
    ['../../etc/passwd', 'etc-passwd'],
    ['-rf $(x) `y` "z"\n', 'rf-x-y-z'],
    ['Größe 😀', 'Gro-e'],
    ['😀', 'untitled'],
    ['.', 'untitled'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('has the title %j as %s', (title, name) => {
    expect(safeName(title, 'untitled')).toBe(name);
  });

  it('is called by host, date, title and id, whatever they are', () => {
    expect(exportName('web1', NOW, { id: 'ses_1', title: 'Fix it' })).toBe('web1_2026-01-02T030405Z_Fix-it_ses_1.json');
    expect(exportName('../x', NOW, { id: '../../ses_/x', title: '/' })).toBe(
      'x_2026-01-02T030405Z_untitled_ses_x.json',
    );
  });

  it('is private and whole', async () => {
    const folder = join(await makeTempDir(), 'exports');
    const exported = anExport({ id: 'ses_1', messages: 3 });
    const path = await writeExport(folder, 'a.json', exported);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readExportFile(path)).toEqual(exported);
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('makes the folder private that others could read', async () => {
    const folder = join(await makeTempDir(), 'exports');
    await mkdir(folder, { mode: 0o755 });
    await writeExport(folder, 'a.json', anExport({}));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is refused when it is not what was to be written, and when it cannot be', async () => {
    const folder = await makeTempDir();
    const exported = anExport({ id: 'ses_1', messages: 3 });
    await expect(writeExport(folder, 'a.json', { ...exported, messages: 4 })).rejects.toThrow('not written completely');
    await expect(writeExport(folder, 'b.json', { ...exported, text: exported.text.slice(0, -3) })).rejects.toThrow(
      'cannot be read',
    );
    await writeFile(join(folder, 'file'), '');
    await expect(writeExport(join(folder, 'file'), 'c.json', exported)).rejects.toThrow('cannot be written');
  });

  it('is imported without the link that has ended', () => {
    const { text } = anExport({ share: { url: 'https://opencode.ai/s/x' } });
    expect(JSON.parse(withoutShare(text))).toEqual(JSON.parse(anExport({}).text));
  });
});

describe('what was deleted', () => {
  it('is remembered for each host, the last press of the key first', async () => {
    const folder = await makeTempDir();
    for (const id of ['a', 'b']) await remember(folder, aDeleted({ id, batch: 'b1' }));
    await remember(folder, aDeleted({ id: 'c', batch: 'b2' }));
    await remember(folder, aDeleted({ alias: 'web2', id: 'd', batch: 'b3' }));
    const ids = async (alias: string, which: (one: Deleted) => boolean = all) =>
      (await lastDeleted(folder, alias, which)).map(({ id }) => id);
    expect(await ids('web1')).toEqual(['c']);
    expect(await ids('web1', ({ id }) => id !== 'c')).toEqual(['a', 'b']);
    expect(await ids('web2')).toEqual(['d']);
    expect(await ids('web3')).toEqual([]);
    await forget(folder, aDeleted({ id: 'c', batch: 'b2' }));
    expect(await ids('web1')).toEqual(['a', 'b']);
    expect((await stat(join(folder, 'deleted.json'))).mode & 0o777).toBe(0o600);
  });

  it('is remembered twenty presses back, and of all that write at the same time', async () => {
    const folder = await makeTempDir();
    await Promise.all(
      Array.from({ length: 25 }, (_, at) => remember(folder, aDeleted({ id: `${at}`, batch: `${at}` }))),
    );
    const { deleted } = JSON.parse(await readFile(join(folder, 'deleted.json'), 'utf8'));
    expect(deleted).toHaveLength(20);
    await remember(folder, aDeleted({ alias: 'web2' }));
    expect(JSON.parse(await readFile(join(folder, 'deleted.json'), 'utf8')).deleted).toHaveLength(21);
  });

  it('begins again where the file is damaged, which is kept', async () => {
    const folder = await makeTempDir();
    await writeFile(join(folder, 'deleted.json'), '{"version":1,"deleted":[{}');
    expect(await lastDeleted(folder, 'web1', all)).toEqual([]);
    await remember(folder, aDeleted());
    expect(await lastDeleted(folder, 'web1', all)).toEqual([aDeleted()]);
    expect((await readdir(folder)).sort()).toEqual(['deleted.json', 'deleted.json.damaged']);
  });
});
