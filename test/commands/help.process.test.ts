import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/lib/package-root.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Runs `ocr` with a home of its own. */
async function ocr(...args: readonly string[]) {
  const main = join(packageRoot(), 'src', 'commands', 'ocr.ts');
  const env = { PATH: process.env.PATH, HOME: await makeTempDir('ocr-help') };
  return await new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(process.execPath, [main, ...args], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('ocr help', () => {
  it.each([[[]], [['sessions']], [['permissions', 'saved']], [['config', 'check']]])(
    'with %j prints what --help does',
    async (words) => {
      const [asWord, asOption] = await Promise.all([ocr('help', ...words), ocr(...words, '--help')]);
      expect(asWord).toEqual(asOption);
      expect(asWord).toMatchObject({ code: 0, stderr: '' });
      expect(asWord.stdout).toContain(`Usage: ${['ocr', ...words].join(' ')} `);
    },
  );

  it('names the nearest verb to an unknown one', async () => {
    expect(await ocr('help', 'sesions')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'ocr: unknown command "sesions"; did you mean "sessions"?\n',
    });
  });
});
