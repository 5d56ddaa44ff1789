import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyScreen, saveScreen } from '../../src/terminal/screen-copy.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const LINES = ['\u001b[1;38;5;203m ▲ prod\u001b[0m   ', '\u001b]8;;https://e.org\u0007link\u001b]8;;\u0007', ''];
const NOW = new Date(2026, 0, 2, 3, 4, 5);

it('a copy has the text without colours, and the colours line by line', () => {
  expect(copyScreen(LINES)).toEqual({
    text: ' ▲ prod\nlink\n\n',
    ansi: LINES.map((line) => `${line}\u001b[0m\n`).join(''),
  });
});

it('a screen is saved in two files that only the user can read', async () => {
  const folder = join(await makeTempDir(), 'state', 'screens');
  const { textPath, ansiPath } = await saveScreen(LINES, folder, NOW);
  expect([textPath, ansiPath]).toEqual(['txt', 'ans'].map((end) => join(folder, `ocr-20260102-030405.${end}`)));
  expect(await readFile(textPath, 'utf8')).toContain('▲ prod\n');
  expect(await readFile(ansiPath, 'utf8')).toContain('\u001b[1;38;5;203m');
  for (const path of [textPath, ansiPath]) expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('two screens of the same second are two pairs of files', async () => {
  const folder = await makeTempDir();
  for (const line of ['first', 'second', 'third']) await saveScreen([line], folder, NOW);
  expect((await readdir(folder)).filter((name) => name.endsWith('.txt')).sort()).toEqual([
    'ocr-20260102-030405-2.txt',
    'ocr-20260102-030405-3.txt',
    'ocr-20260102-030405.txt',
  ]);
  expect(await readFile(join(folder, 'ocr-20260102-030405.txt'), 'utf8')).toBe('first\n');
});
