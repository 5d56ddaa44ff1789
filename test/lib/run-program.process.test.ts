import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ProgramOptions, runProgram } from '../../src/lib/run-program.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const sh = (script: string, options: Partial<ProgramOptions> = {}) =>
  runProgram('/bin/sh', ['-c', script], { timeout: 20_000, ...options });

it('returns the output and how the program ended', async () => {
  expect(await sh('echo out; echo err >&2; exit 3')).toEqual({
    ...{ code: 3, killer: null, stdout: 'out\n', stderr: 'err\n', stopped: null },
  });
  expect(await sh('kill -9 $$')).toMatchObject({ code: null, killer: 'SIGKILL', stopped: null });
});

it('gives the program neither a terminal nor anything to read', async () => {
  const script = 'cat; if (: < /dev/tty) 2> /dev/null; then echo tty; else echo none; fi';
  expect(await sh(script)).toMatchObject({ stdout: 'none\n' });
});

it('ends a program that takes too long or prints too much', async () => {
  expect(await sh('sleep 60', { timeout: 50 })).toMatchObject({ stopped: 'timeout' });
  expect(await sh('yes', { maxBytes: 1000 })).toMatchObject({ stopped: 'overflow' });
});

it('ends it, and what it has started, when the signal aborts', async () => {
  const file = join(await makeTempDir(), 'pid');
  const stop = new AbortController();
  const running = sh(`sleep 60 & echo $! > ${file}; wait`, { signal: stop.signal });
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toMatch(/\d\n/);
  stop.abort();
  expect(await running).toMatchObject({ stopped: 'aborted' });
  const pid = Number(await readFile(file, 'utf8'));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

it('starts nothing for a signal that has aborted', async () => {
  expect(await sh('exit 0', { signal: AbortSignal.abort() })).toMatchObject({ stopped: 'aborted' });
});

it('rejects if there is no such program', async () => {
  await expect(runProgram('/no/such/program', [], { timeout: 1000 })).rejects.toMatchObject({ code: 'ENOENT' });
});

/** False for a zombie as well: a container may have no process that reaps orphans. */
async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text !== '' && !/^\d+ \(.*\) Z/.test(text);
}
