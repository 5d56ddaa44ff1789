import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSnapshotCache } from '../../src/probe/snapshot-cache.ts';
import { encodeSnapshot } from '../../src/probe/snapshot-file.ts';
import { aSession, aSnapshot } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const full = aSnapshot({
  passedOver: [{ rung: 'sqlite3', reason: 'not installed' }],
  processes: 2,
  servers: [
    { pid: 7, startId: '70', hostname: '127.0.0.1', port: 4096, directory: null, version: null, own: false },
    { pid: 8, startId: 'x', hostname: '::1', port: 4097, directory: '/srv', version: '1.18.33', own: true },
  ],
  machine: { load: 0.5, cpus: 8, memoryTotal: 1024, memoryUsed: null },
  connection: { kind: 'openssh', reason: 'CertificateFile ~/.ssh/cert.pub', notes: ['a note'] },
  sessions: [
    aSession(),
    aSession({
      id: 'ses_2',
      parentId: 'ses_1',
      title: '世界 \u001b[31m "x"',
      archived: 5,
      turn: 'failed',
      error: 'APIError',
      agent: 'build',
      model: 'a/b',
      messages: 3,
      cost: 0.5,
      tokens: { input: 1, output: 2, reasoning: 3, cacheRead: 4, cacheWrite: 5 },
      today: { since: 5, cost: 0.25, tokensIn: 6, tokensOut: 2, cached: 4, turns: 1 },
      additions: 1,
      deletions: 2,
      files: 3,
    }),
  ],
});

/** The only file in a cache of one host. */
async function fileIn(folder: string): Promise<string> {
  const [name = ''] = await readdir(folder);
  return join(folder, name);
}

describe('the cache of snapshots', () => {
  it('gives back what it was given', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const bare = aSnapshot({ rung: null, databasePath: null, fingerprint: null });
    const cache = createSnapshotCache(folder);
    await Promise.all([cache.save('web1', full), cache.save('db', bare)]);
    const { snapshots, warnings } = await createSnapshotCache(folder).load(['web1', 'db', 'never']);
    expect(snapshots.get('web1')).toEqual(full);
    expect(snapshots.get('db')).toEqual(bare);
    expect(snapshots.size).toBe(2);
    expect(warnings).toEqual([]);
  });

  it('reads what a version wrote that did not say how the host was connected, nor which servers it has', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    await cache.save('web1', full);
    const { connection: _, servers: __, ...rest } = full;
    await writeFile(await fileIn(folder), JSON.stringify({ version: 1, alias: 'web1', snapshot: rest }));
    const { snapshots, warnings } = await cache.load(['web1']);
    expect(snapshots.get('web1')).toEqual({ ...full, connection: null, servers: [] });
    expect(warnings).toEqual([]);
  });

  it('is for its owner alone', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    await createSnapshotCache(folder).save('web1', full);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const path = await fileIn(folder);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    await createSnapshotCache(folder).save('web1', full);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('takes any alias, and keeps those apart that look alike', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    const aliases = [
      '../../etc/passwd',
      'a/b',
      'a_b',
      '..',
      '.',
      'ü',
      '世',
      'x'.repeat(300),
      'x'.repeat(301),
      'A b',
      '-',
    ];
    for (const [index, alias] of aliases.entries()) await cache.save(alias, { ...full, latency: index });
    const { snapshots, warnings } = await cache.load(aliases);
    expect(aliases.map((alias) => snapshots.get(alias)?.latency)).toEqual([...aliases.keys()]);
    expect(warnings).toEqual([]);
    expect(await readdir(folder)).toHaveLength(aliases.length);
  });

  it('keeps the last of many that are saved at once', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    for (let latency = 0; latency < 20; latency += 1) void cache.save('web1', { ...full, latency });
    await cache.flush();
    expect((await cache.load(['web1'])).snapshots.get('web1')?.latency).toBe(19);
  });

  it.each([
    ['cut off', '{"version":1,"alias":"web1"', 'not JSON'],
    ['empty', '', 'not JSON'],
    ['of another form', '{"version":1,"alias":"web1","snapshot":{}}', 'unexpected snapshot.at'],
    ['not even an object', '7', 'unexpected content'],
    ['without a version', '{"alias":"web1"}', 'unexpected version'],
    [
      'with a session of another form',
      encodeSnapshot('web1', full).replace('"turn":"ended"', '"turn":"soon"'),
      'unexpected snapshot.sessions',
    ],
  ])('sets a file aside that is %s, and says so', async (_name, text, reason) => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    await cache.save('web1', full);
    await cache.save('db', full);
    const path = (await readdir(folder)).map((name) => join(folder, name)).find((name) => name.includes('web1'))!;
    await writeFile(path, text);
    const { snapshots, warnings } = await cache.load(['web1', 'db']);
    expect([...snapshots.keys()]).toEqual(['db']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${path} was damaged (${reason}`);
    expect(warnings[0]).toContain(`) and is now ${path}.damaged`);
    expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
    expect((await cache.load(['web1'])).warnings).toEqual([]);
  });

  it('leaves the file of a newer version as it is', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    await cache.save('web1', full);
    const path = await fileIn(folder);
    await writeFile(path, '{"version":99,"else":true}');
    const { snapshots, warnings } = await cache.load(['web1']);
    expect(snapshots.size).toBe(0);
    expect(warnings).toEqual([`${path} was written by a newer ocr and is not used`]);
    expect(await readFile(path, 'utf8')).toBe('{"version":99,"else":true}');
  });

  it('does not take the snapshot of another host', async () => {
    const folder = join(await makeTempDir(), 'snapshots');
    const cache = createSnapshotCache(folder);
    await cache.save('web1', full);
    await writeFile(await fileIn(folder), encodeSnapshot('web2', full));
    expect((await cache.load(['web1'])).snapshots.size).toBe(0);
  });

  it('is empty where there is no folder', async () => {
    const cache = createSnapshotCache(join(await makeTempDir(), 'none'));
    expect(await cache.load(['web1'])).toEqual({ snapshots: new Map(), warnings: [] });
    await cache.flush();
  });
});
