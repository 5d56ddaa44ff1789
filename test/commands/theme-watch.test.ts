import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ChosenLook } from '../../src/commands/look.ts';
import { watchTheme } from '../../src/commands/theme-watch.ts';
import { loadTheme } from '../../src/config/theme.ts';
import { messageOf } from '../../src/lib/errors.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const FACTS = { background: null, widths: null, depth: 'truecolor', colorFgBg: undefined } as const;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const yaml = (accent: string) => `name: mine\ncolours: {accent: ${accent}}`;

/** Writes a theme and watches it. `errors` collects failures. */
async function watched(): Promise<{ path: string; look: ChosenLook; errors: string[]; changes: () => number }> {
  const path = join(await makeTempDir(), 'mine.yaml');
  await writeFile(path, yaml('"#dddddd"'));
  const look = new ChosenLook({ theme: path, unicode: true }, await loadTheme(path, null), FACTS, null);
  const errors: string[] = [];
  let changes = 0;
  closers.push(watchTheme(look, { changed: () => (changes += 1), failed: (error) => errors.push(messageOf(error)) }));
  return { path, look, errors, changes: () => changes };
}

describe('the theme`s file', () => {
  it('is taken over when it is saved', async () => {
    const { path, look, changes } = await watched();
    await writeFile(path, yaml('"#eeeeee"'));
    await expect.poll(() => look.painter.theme.colours.accent).toBe('#eeeeee');
    expect(changes()).toBeGreaterThan(0);
  });

  it('is taken over when an editor replaces it', async () => {
    const { path, look } = await watched();
    await writeFile(`${path}.new`, yaml('"#eeeeee"'));
    await rename(`${path}.new`, path);
    await expect.poll(() => look.painter.theme.colours.accent).toBe('#eeeeee');
  });

  it('keeps the look while it is broken, says why, and is taken over when it is whole', async () => {
    const { path, look, errors } = await watched();
    await writeFile(path, yaml('blu'));
    await expect.poll(() => errors.at(-1)).toBe(`${path}:2:19: colour "blu"; did you mean blue?`);
    expect(look.painter.theme.colours.accent).toBe('#dddddd');
    await writeFile(path, yaml('"#eeeeee"'));
    await expect.poll(() => look.painter.theme.colours.accent).toBe('#eeeeee');
  });

  it('is watched for the theme that was chosen last', async () => {
    const { path, look } = await watched();
    const other = join(await makeTempDir(), 'other.yaml');
    await writeFile(other, yaml('"#cccccc"'));
    await look.change({ theme: other });
    await writeFile(path, yaml('"#111111"'));
    await writeFile(other, yaml('"#bbbbbb"'));
    await expect.poll(() => look.painter.theme.colours.accent).toBe('#bbbbbb');
  });
});
