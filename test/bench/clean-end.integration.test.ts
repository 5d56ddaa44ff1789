import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('main.ts', import.meta.url));

let folder: string;
let bench: ChildProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocr-bench-end-'));
  bench = spawn(process.execPath, [BENCH, 'frame'], { env: { ...process.env, TMPDIR: folder }, stdio: 'ignore' });
});
afterEach(async () => {
  bench.kill('SIGKILL');
  for (const pid of await findPrograms()) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Numbers of the processes that run `ocr` on files of this bench, and of the shells and terminals around them. */
async function findPrograms(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== bench.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.map(Number).filter((_pid, index) => lines[index]?.includes(folder));
}

/** Waits for `ocr` itself: terminal, and the program in it. */
const hasStarted = () => expect.poll(async () => (await findPrograms()).length, { timeout: 60_000 }).toBe(2);

it.each(['SIGINT', 'SIGTERM'] as const)(
  'a bench that gets %s leaves no process and no file, and fails',
  async (signal) => {
    await hasStarted();
    const ended = once(bench, 'exit');
    bench.kill(signal);
    expect(await ended).toEqual([1, null]);
    expect(await findPrograms()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  },
);

it('a bench whose program dies leaves no process and no file, and fails', async () => {
  await hasStarted();
  const ended = once(bench, 'exit');
  for (const pid of await findPrograms()) process.kill(pid, 'SIGKILL');
  expect(await ended).toEqual([1, null]);
  expect(await findPrograms()).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});
