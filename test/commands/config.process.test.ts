import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await makeTempDir("it's ocr");
  file = join(folder, 'ocr.yaml');
});

/** Runs `ocr` with a home of its own. */
function ocr(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const main = join(packageRoot(), 'src', 'commands', 'ocr.ts');
  const env = { PATH: process.env.PATH, HOME: folder, ...environment };
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(process.execPath, [main, ...args], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('ocr config check', () => {
  it('says that a file is valid, and warns of unknown keys and keys in conflict', async () => {
    await writeFile(file, 'polling: {intervall: 3s}\nkeybindings:\n  stop: x\n  archive: x\n');
    const { code, stdout, stderr } = await ocr(['config', 'check', file]);
    expect(code).toBe(0);
    expect(stdout).toBe(`Configuration is valid: ${file}\n`);
    expect(stderr).toContain(`${file}:1:11: unknown key "polling.intervall"; did you mean "interval"?`);
    expect(stderr).toContain(`${file}:4: x is the key of stop (line 3) and archive (line 4); it is off for archive`);
  });

  it('exits with 1 and names every problem of a file that is not valid', async () => {
    await writeFile(file, 'polling: {interval: soon}\nkeybindings: {quit: nokey}\nnope: 1\n');
    const { code, stdout, stderr } = await ocr(['--config', file, 'config', 'check']);
    expect([code, stdout]).toEqual([1, '']);
    for (const place of [':1:21: polling.interval', ':2:21: keybindings.quit', ':3:1: unknown key "nope"'])
      expect(stderr).toContain(`${file}${place}`);
  });

  it('tells of a theme that is not there', async () => {
    await writeFile(file, 'display: {theme: nowhere}\n');
    const { code, stderr } = await ocr(['config', 'check', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('display.theme: there is no theme "nowhere"');
  });

  it('exits with 2 if there is no file', async () => {
    expect(await ocr(['config', 'check', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('no such') });
  });
});

describe('ocr config', () => {
  it('path prints where the configuration is, also of one that is not valid', async () => {
    await writeFile(file, 'polling: [\n');
    expect(await ocr(['--config', file, 'config', 'path'])).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' });
    expect((await ocr(['config', 'path'])).stdout).toBe(`${join(folder, '.opencode', 'remote-tui.yaml')}\n`);
  });

  it('print shows the configuration in force', async () => {
    await writeFile(file, 'polling: {interval: 90s}\n');
    const { code, stdout } = await ocr(['--config', file, '--readonly', 'config', 'print']);
    expect(code).toBe(0);
    expect(stdout).toContain('  interval: 1m30s # from the file\n  timeout: 10s\n');
    expect(stdout).toContain('\nreadonly: true\n');
  });
});

describe('ocr config edit', () => {
  async function editor(script: string): Promise<NodeJS.ProcessEnv> {
    const program = join(folder, 'editor');
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o700);
    return { EDITOR: `'${program.replaceAll("'", `'\\''`)}' --wait`, VISUAL: '' };
  }

  it('opens the defaults where there is no file, and checks what comes of it', async () => {
    const path = join(folder, '.opencode', 'remote-tui.yaml');
    const result = await ocr(['config', 'edit'], await editor('echo "extra: $1" >> "$2"'));
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('unknown key "extra"') });
    expect(await readFile(path, 'utf8')).toContain('extra: --wait');
  });

  it('opens a file that is not valid, and exits with 1 if it still is not', async () => {
    await writeFile(file, 'polling: [\n');
    const same = await ocr(['--config', file, 'config', 'edit'], await editor('true'));
    expect(same).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file}:`) });
    const repaired = await ocr(['--config', file, 'config', 'edit'], await editor('echo "readonly: true" > "$2"'));
    expect(repaired).toMatchObject({ code: 0, stdout: `Configuration is valid: ${file}\n` });
  });

  it('exits with 1 if the editor fails', async () => {
    await writeFile(file, '');
    const { code, stderr } = await ocr(['--config', file, 'config', 'edit'], { EDITOR: 'false', VISUAL: '' });
    expect(code).toBe(1);
    expect(stderr).toContain('false ended with exit status 1');
  });
});
