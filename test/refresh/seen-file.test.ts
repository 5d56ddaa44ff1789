import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { NOTHING_SEEN, seenUntil, withBaseline, withSeen } from '../../src/fleet/seen.ts';
import { createLogger, silentLogger } from '../../src/lib/logger.ts';
import { Notices } from '../../src/lib/notices.ts';
import { keepSeen, loadSeen } from '../../src/refresh/seen-file.ts';
import { aSnapshot, NOW, SETTINGS } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

afterEach(() => void vi.useRealTimers());

const load = (path: string) => loadSeen(path, silentLogger);

/** An ocr that keeps what it has seen in that file. */
async function open(path: string) {
  const fleet = new FleetStore(SETTINGS);
  fleet.setState({ seen: await load(path) });
  const close = keepSeen(fleet, path, silentLogger, new Notices());
  const look = (alias: string, id: string, at: number) =>
    fleet.setState(({ seen }) => ({ seen: withSeen(withBaseline(seen, alias, aSnapshot()), alias, [id], at) }));
  return { fleet, close, look };
}

describe('what was looked at', () => {
  it('is known again in the next run, in a file for its owner alone', async () => {
    const path = join(await makeTempDir(), 'state', 'seen.json');
    const { look, close } = await open(path);
    look('web1', 'ses_1', NOW + 5);
    await close();
    const seen = await load(path);
    expect(seenUntil(seen, 'web1', 'ses_1')).toBe(NOW + 5);
    expect(seenUntil(seen, 'web1', 'ses_2')).toBe(NOW);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is nothing at first, and where the file is damaged: that is logged', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    expect(await load(path)).toBe(NOTHING_SEEN);
    const lines: string[] = [];
    for (const text of ['', '{', '[]', '{"version":1,"baselines":{"a":"b"},"sessions":{}}', '{"version":2}']) {
      await writeFile(path, text);
      expect(
        await loadSeen(
          path,
          createLogger('warn', (line) => lines.push(line)),
        ),
      ).toBe(NOTHING_SEEN);
    }
    expect(lines).toHaveLength(5);
  });

  it('is not written when nothing was looked at', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const { fleet, close } = await open(path);
    fleet.setState({ nextRefreshAt: 3 });
    await close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('is written by itself a moment later', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const { look, close } = await open(path);
    look('web1', 'ses_1', NOW + 5);
    await vi.waitFor(async () => expect(seenUntil(await load(path), 'web1', 'ses_1')).toBe(NOW + 5), 5000);
    await close();
  });

  it('of thousands of sessions is kept for the newest', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const { fleet, close } = await open(path);
    const ids = Array.from({ length: 6000 }, (_, at) => `ses_${at}`);
    const sessions = new Map([['a', new Map(ids.map((id, at) => [id, at]))]]);
    fleet.setState({ seen: { ...NOTHING_SEEN, sessions } });
    await close();
    const kept = (await load(path)).sessions;
    expect(kept.get('a')?.size).toBe(5000);
    expect([kept.get('a')?.has('ses_999'), kept.get('a')?.has('ses_5999')]).toEqual([false, true]);
  });
});

describe('two ocr at once', () => {
  it('lose nothing of what the other has written, at the same moment either', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const all = await Promise.all(Array.from({ length: 6 }, () => open(path)));
    for (const [at, { look }] of all.entries()) look('web1', `ses_${at}`, NOW + 1 + at);
    await Promise.all(all.map(({ close }) => close()));
    const seen = await load(path);
    expect(all.map((_, at) => seenUntil(seen, 'web1', `ses_${at}`))).toEqual(all.map((_, at) => NOW + 1 + at));
  });

  it('keep the later look at a session, and the earlier first sight of a host', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const [first, second] = [await open(path), await open(path)];
    first.fleet.setState({ seen: withBaseline(NOTHING_SEEN, 'web1', aSnapshot({ at: NOW - 5 })) });
    first.look('web1', 'ses_1', NOW + 9);
    second.look('web1', 'ses_1', NOW + 2);
    await first.close();
    await second.close();
    const seen = await load(path);
    expect(seen.baselines.get('web1')).toBe(NOW - 5);
    expect(seenUntil(seen, 'web1', 'ses_1')).toBe(NOW + 9);
  });

  it('go on when the lock of one that has died is left behind', async () => {
    const path = join(await makeTempDir(), 'seen.json');
    const { look, close } = await open(path);
    await mkdir(`${path}.lock`);
    await utimes(`${path}.lock`, 0, 0);
    look('web1', 'ses_1', NOW + 5);
    await close();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
  });
});
