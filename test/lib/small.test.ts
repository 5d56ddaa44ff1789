import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { nearestWord } from '../../src/domain/nearest.ts';
import { onAbort, sleep } from '../../src/lib/abort.ts';
import { writePrivateFile } from '../../src/lib/atomic-file.ts';
import { Closers } from '../../src/lib/closers.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { codeOf, messageOf } from '../../src/lib/errors.ts';
import { createNameMatcher } from '../../src/lib/glob.ts';
import { createLogger, openFileLogger } from '../../src/lib/logger.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1m1ms', 60_001],
    ['2d', 172_800_000],
    ['1.5h', 5_400_000],
    ['0s', 0],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '30', 's', '-5s', '10 m', '1h 30m', '10M', 'abc', '1e3s', '1.s', '10mins', ' 5s'])(
    'does not take %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe('nearestWord', () => {
  const known = ['interval', 'timeout', 'max_parallel', 'q'];
  it.each([
    ['intervall', 'interval'],
    ['Timeout', 'timeout'],
    ['maxparallel', 'max_parallel'],
    ['tiemout', 'timeout'],
    ['colour', null],
    ['', 'q'],
  ])('of %j is %j', (word, expected) => {
    expect(nearestWord(word, known)).toBe(expected);
  });

  it('is nothing when nothing is known', () => {
    expect(nearestWord('anything', [])).toBeNull();
  });
});

describe('createNameMatcher', () => {
  it.each([
    [['*'], 'web1', true],
    [['*'], '.hidden', true],
    [[], 'web1', false],
    [['web*'], 'web1', true],
    [['web*'], 'myweb', false],
    [['web?'], 'web1', true],
    [['web?'], 'web12', false],
    [['web[0-3]'], 'web2', true],
    [['web[0-3]'], 'web4', false],
    [['{db,web}-*'], 'db-1', true],
    [['db', 'web1'], 'web1', true],
    [['WEB1'], 'web1', false],
    [['!web1'], 'db', false],
    [['a.b'], 'axb', false],
  ])('%j matches %s: %s', async (patterns, name, expected) => {
    const matches = await createNameMatcher(patterns);
    expect(matches(name)).toBe(expected);
  });
});

describe('Closers', () => {
  it('close what was acquired last first, once', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closed.push('first'));
    closers.add(async () => void closed.push('second'));
    await Promise.all([closers.close(), closers.close()]);
    expect(closed).toEqual(['second', 'first']);
  });

  it('go on when one fails, and tell of the first failure at the end', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closed.push('first'));
    closers.add(() => Promise.reject(new Error('second failed')));
    closers.add(() => {
      throw new Error('third failed');
    });
    await expect(closers.close()).rejects.toThrow('third failed');
    expect(closed).toEqual(['first']);
  });

  it('run what is added while they close', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closers.add(() => void closed.push('late')));
    await closers.close();
    expect(closed).toEqual(['late']);
  });
});

describe('sleep', () => {
  it('ends with its time, at the abort, or at once when that has been', async () => {
    vi.useFakeTimers();
    try {
      const abort = new AbortController();
      const slept = sleep(1000, abort.signal);
      await vi.advanceTimersByTimeAsync(1000);
      await slept;
      const cut = sleep(1000, abort.signal);
      abort.abort();
      await cut;
      await sleep(1000, abort.signal);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('onAbort', () => {
  it('calls once, at once when it has been, and not after it was taken off', () => {
    const listener = vi.fn();
    const first = new AbortController();
    onAbort(first.signal, listener);
    first.abort();
    expect(listener).toHaveBeenCalledTimes(1);
    onAbort(first.signal, listener);
    expect(listener).toHaveBeenCalledTimes(2);
    const second = new AbortController();
    onAbort(second.signal, listener)();
    second.abort();
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('writePrivateFile', () => {
  it('makes the folder, and a file that its owner alone can read', async () => {
    const path = join(await makeTempDir(), 'a', 'b', 'file.json');
    await writePrivateFile(path, 'content');
    expect(await readFile(path, 'utf8')).toBe('content');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  it('takes the rights of a file that everybody could read', async () => {
    const path = join(await makeTempDir(), 'file');
    await writeFile(path, 'old', { mode: 0o644 });
    await writePrivateFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('rejects with the error of the system', async () => {
    const folder = await makeTempDir();
    await mkdir(join(folder, 'taken'));
    await expect(writePrivateFile(join(folder, 'taken'), 'x')).rejects.toHaveProperty('code');
  });
});

describe('errors', () => {
  it('are told on one line', () => {
    expect(messageOf(new Error(' a\n  b\t'))).toBe('a b');
    expect(messageOf('text')).toBe('text');
    expect(messageOf(undefined)).toBe('undefined');
  });

  it('have the code of the system or none', () => {
    expect(codeOf(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(codeOf(Object.assign(new Error('x'), { code: 5 }))).toBeUndefined();
    expect(codeOf({ code: 'ENOENT' })).toBeUndefined();
  });
});

describe('the logger', () => {
  it('writes a line of JSON for each event up to its level', () => {
    const lines: string[] = [];
    const logger = createLogger('warn', (line) => lines.push(line));
    logger.error('one', { alias: 'web\n1' });
    logger.warn('two');
    logger.info('three');
    logger.debug('four');
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['one', 'two']);
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', alias: 'web\n1' });
    expect(lines.join('')).not.toContain('\n');
  });

  it('appends to a private file', async () => {
    const path = join(await makeTempDir(), 'log');
    for (const message of ['one', 'two']) {
      const { logger, close } = openFileLogger(path, 'info', (error) => expect.unreachable(String(error)));
      logger.info(message);
      close();
    }
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
