import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withLock } from './cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
const lock = join(folder, 'lock');
afterAll(() => rmSync(folder, { recursive: true }));

test('one act at a time holds a lock, also after an act that failed', async () => {
  const order: string[] = [];
  const act = (name: string) => async () => {
    order.push(`${name} in`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} out`);
  };
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Promise.all([withLock(lock, act('a')), withLock(lock, act('b'))]);
  expect([order[0]?.[0], order[2]?.[0]].sort()).toEqual(['a', 'b']);
  expect(order[1]).toBe(`${order[0]?.[0]} out`);
});

test('the lock of a process that died is taken over', async () => {
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: 'of an earlier process with this number' }));
  expect(await withLock(lock, async () => 'done')).toBe('done');
});
