import { appendFile, chmod, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchConfig } from '../../src/config/watch-config.ts';
import { watchFolder } from '../../src/config/watch-folder.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const yaml = (seconds: number) => `polling: {interval: ${seconds}s}\n`;
/** Longer than the debounce: for what must not happen. */
const QUIET_MS = 600;

async function watched(change: (folder: string) => Promise<string> = async (folder) => join(folder, 'ocr.yaml')) {
  const folder = await makeTempDir();
  const path = await change(folder);
  await writeFile(path, yaml(1));
  const intervals: number[] = [];
  const [problems, themes, warnings]: [string[], string[], string[]] = [[], [], []];
  const themeFolder = join(folder, 'deep', 'themes');
  const close = watchConfig({
    path,
    themeFolders: [themeFolder],
    onConfig: (loaded) => {
      intervals.push(loaded.config.polling.interval / 1000);
      warnings.push(...loaded.warnings);
    },
    onProblem: (message) => problems.push(message),
    onTheme: (theme) => themes.push(theme),
  });
  onTestFinished(close);
  return { folder, path, intervals, problems, themes, warnings, themeFolder, close };
}

describe('a configuration that is saved', () => {
  it('in place is read again', async () => {
    const { path, intervals } = await watched();
    await writeFile(path, yaml(2));
    await vi.waitFor(() => expect(intervals).toEqual([2]));
    await writeFile(path, yaml(3));
    await vi.waitFor(() => expect(intervals).toEqual([2, 3]));
  });

  it('by rename is read again, each time', async () => {
    const { path, intervals } = await watched();
    for (const seconds of [2, 3]) {
      await writeFile(`${path}~`, yaml(seconds));
      await rename(`${path}~`, path);
      await vi.waitFor(() => expect(intervals.at(-1)).toBe(seconds));
    }
  });

  it('with the same text is not reported', async () => {
    const { path, intervals, problems } = await watched();
    await writeFile(path, yaml(1));
    await sleep(QUIET_MS);
    expect([intervals, problems]).toEqual([[], []]);
  });

  it('is not taken for empty between a cut and a slow write', async () => {
    const { path, intervals } = await watched();
    await truncate(path);
    await sleep(QUIET_MS);
    await appendFile(path, yaml(2));
    await vi.waitFor(() => expect(intervals).toEqual([2]));
  });

  it('and then emptied is that of a user without a file', async () => {
    const { path, intervals } = await watched();
    await truncate(path);
    await vi.waitFor(() => expect(intervals).toEqual([30]), { timeout: 5000 });
  });

  it('may be gone for a while', async () => {
    const { path, intervals, problems } = await watched();
    await rm(path);
    await sleep(QUIET_MS);
    await writeFile(path, yaml(2));
    await vi.waitFor(() => expect(intervals).toEqual([2]));
    expect(problems).toEqual([]);
  });

  it('comes back with its folder', async () => {
    const { path, intervals, folder } = await watched(async (at) => {
      await mkdir(join(at, 'etc'));
      return join(at, 'etc', 'ocr.yaml');
    });
    await rm(join(folder, 'etc'), { recursive: true });
    await sleep(QUIET_MS);
    await mkdir(join(folder, 'etc'));
    await writeFile(path, yaml(2));
    await vi.waitFor(() => expect(intervals).toEqual([2]));
  });

  it('behind a link is read again, also when the link leads elsewhere', async () => {
    const { path, intervals, folder } = await watched(async (at) => {
      await mkdir(join(at, 'dotfiles'));
      await mkdir(join(at, 'other'));
      await symlink('dotfiles/real.yaml', join(at, 'ocr.yaml'));
      return join(at, 'ocr.yaml');
    });
    await writeFile(join(folder, 'dotfiles', 'real.yaml'), yaml(2));
    await vi.waitFor(() => expect(intervals).toEqual([2]));
    await writeFile(join(folder, 'other', 'real.yaml'), yaml(3));
    await rm(path);
    await symlink('other/real.yaml', path);
    await vi.waitFor(() => expect(intervals).toEqual([2, 3]));
    await writeFile(join(folder, 'other', 'real.yaml'), yaml(4));
    await vi.waitFor(() => expect(intervals).toEqual([2, 3, 4]));
  });

  it('with an error is a problem with its place, and the next valid one counts', async () => {
    const { path, intervals, problems } = await watched();
    await writeFile(path, 'polling:\n  interval: soon\n');
    await vi.waitFor(() => expect(problems).toEqual([expect.stringContaining(`${path}:2:13: polling.interval`)]));
    await writeFile(path, 'polling: [\n');
    await vi.waitFor(() => expect(problems[1]).toMatch(/ocr\.yaml:\d+:\d+: /));
    await writeFile(path, yaml(1));
    await vi.waitFor(() => expect(intervals).toEqual([1]));
  });

  it('with an unknown key counts, with a warning', async () => {
    const { path, intervals, warnings } = await watched();
    await writeFile(path, `${yaml(2)}poling: 1\n`);
    await vi.waitFor(() => expect(intervals).toEqual([2]));
    expect(warnings).toEqual([`${path}:2:1: unknown key "poling"; did you mean "polling"?`]);
  });

  it.skipIf(process.getuid?.() === 0)('but cannot be read is a problem', async () => {
    const { path, problems } = await watched();
    await chmod(path, 0);
    await vi.waitFor(() => expect(problems).toEqual([expect.stringContaining('EACCES')]));
  });

  it('after the end of the watch is not reported', async () => {
    const { path, intervals, close } = await watched();
    await writeFile(path, yaml(2));
    close();
    await sleep(QUIET_MS);
    expect(intervals).toEqual([]);
  });
});

it('a theme is reported when it is new or changed, in a folder that need not be there yet', async () => {
  const { themes, themeFolder } = await watched();
  const path = join(themeFolder, 'mine.yaml');
  await mkdir(themeFolder, { recursive: true });
  await writeFile(path, 'name: mine\n');
  await vi.waitFor(() => expect(themes).toEqual([path]));
  await writeFile(path, 'name: mine\n');
  await writeFile(join(themeFolder, 'notes.txt'), 'x');
  await sleep(QUIET_MS);
  expect(themes).toEqual([path]);
  await writeFile(`${path}.tmp`, 'name: other\n');
  await rename(`${path}.tmp`, path);
  await vi.waitFor(() => expect(themes).toEqual([path, path]));
});

it('a folder without events of the system is looked at instead', async () => {
  const folder = await makeTempDir();
  const onChange = vi.fn();
  const refuse = () => {
    throw new Error('ENOSPC');
  };
  onTestFinished(watchFolder(folder, onChange, refuse));
  expect(onChange).not.toHaveBeenCalled();
  await writeFile(join(folder, 'a'), 'x');
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce(), { timeout: 10_000 });
});
