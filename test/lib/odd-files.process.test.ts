import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRouteCache, saveRouteCache } from '../../src/discovery/route-cache.ts';
import { NOTHING_SEEN } from '../../src/fleet/seen.ts';
import { openFileLogger, silentLogger } from '../../src/lib/logger.ts';
import { Notices } from '../../src/lib/notices.ts';
import { warningOfAccess } from '../../src/lib/open-to-others.ts';
import { makeRoomForFile, readRegularFile, readRegularFileSync, setAside } from '../../src/lib/regular-file.ts';
import { createSnapshotCache } from '../../src/probe/snapshot-cache.ts';
import { loadSeen } from '../../src/refresh/seen-file.ts';
import { aSnapshot } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Odd things in place of a file. */
const ODD: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['a FIFO', async (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdir(join(path, 'with', 'more'), { recursive: true })],
];

describe.each(ODD)('%s where a file belongs', (_name, make) => {
  it('is refused without blocking', async () => {
    const path = join(await makeTempDir(), 'odd');
    await make(path);
    await expect(readRegularFile(path)).rejects.toThrow(`${path} is not a file`);
    expect(() => readRegularFileSync(path)).toThrow(`${path} is not a file`);
  });

  it('is set aside, also where something was before', async () => {
    const folder = await makeTempDir();
    const path = join(folder, 'odd');
    for (let times = 0; times < 3; times += 1) {
      await make(path);
      await makeRoomForFile(path);
      expect(await readdir(folder)).not.toContain('odd');
    }
    await writeFile(path, 'a file');
    await makeRoomForFile(path);
    expect(await readFile(path, 'utf8')).toBe('a file');
    expect(await setAside(path)).toContain(`${path}.damaged`);
    expect(await setAside(path)).toBeNull();
  });

  it('is set aside for a snapshot, which is then kept', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    await cache.save('web1', aSnapshot());
    const [name = ''] = await readdir(folder);
    execFileSync('rm', [join(folder, name)]);
    await make(join(folder, name));
    const { warnings, snapshots } = await cache.load(['web1']);
    expect(warnings).toEqual([expect.stringContaining(`${name} was damaged (not a file) and is now `)]);
    expect(snapshots.size).toBe(0);
    await cache.save('web1', aSnapshot());
    expect((await cache.load(['web1'])).snapshots.size).toBe(1);
  });

  it('is set aside for the routes and for what was seen', async () => {
    const folder = await makeTempDir();
    const [routes, seen] = [join(folder, 'routes.json'), join(folder, 'seen.json')];
    await make(routes);
    await make(seen);
    expect(await loadRouteCache(routes, 'x')).toEqual(new Map());
    await saveRouteCache(routes, 'x', new Map());
    expect(await loadSeen(seen, silentLogger)).toBe(NOTHING_SEEN);
    expect((await readdir(folder)).sort()).toEqual(['routes.json', 'routes.json.damaged', 'seen.json.damaged']);
  });

  it('is no log', async () => {
    const path = join(await makeTempDir(), 'log');
    await make(path);
    expect(() => openFileLogger(path, 'info', () => {})).toThrow(/ENXIO|EISDIR/);
  });
});

it('a log on a full disk loses its lines, says so each time, and goes on', () => {
  const lost: unknown[] = [];
  const { logger, close } = openFileLogger('/dev/full', 'info', (error) => lost.push(error));
  for (const message of ['one', 'two']) logger.info(message);
  close();
  expect(lost).toEqual([expect.objectContaining({ code: 'ENOSPC' }), expect.objectContaining({ code: 'ENOSPC' })]);
});

it('each notice is shown once, also one from before the listener was set', () => {
  const told: string[] = [];
  const notices = new Notices();
  notices.add('disk', 'the disk is full');
  notices.add('disk', 'the disk is still full');
  notices.listen((text) => told.push(text));
  notices.add('disk', 'full');
  notices.add('log', 'no log');
  expect(told).toEqual(['the disk is full', 'no log']);
});

describe('a private file', () => {
  it.each([
    [0o600, null],
    [0o400, null],
    [0o644, 'mode 644'],
    [0o620, 'mode 620'],
    [0o604, 'mode 604'],
  ])('of mode %o is warned of as %j', async (mode, expected) => {
    const path = join(await makeTempDir(), "it's a log");
    await writeFile(path, '');
    await chmod(path, mode);
    const warning = await warningOfAccess(path, 'is the log');
    if (expected === null) return expect(warning).toBeNull();
    expect(warning).toContain(`${path} is the log, and other users can reach it (${expected}): chmod 600 `);
    execFileSync('sh', ['-c', warning?.slice(warning.indexOf('chmod')) ?? '']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is not warned of where it is a device or is not there', async () => {
    expect(await warningOfAccess('/dev/null', 'is the log')).toBeNull();
    expect(await warningOfAccess('/nonexistent', 'is the log')).toBeNull();
  });
});
