import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Notices } from '../../src/lib/notices.ts';
import { appendSample, loadPulse, rewritePulse } from '../../src/refresh/pulse-file.ts';
import { PulseSampler } from '../../src/refresh/pulse-sampler.ts';
import { aDayUse, aFleetSample, NOON } from '../support/a-pulse.ts';
import { answered, aSession, MINUTE, SETTINGS } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

afterEach(() => void vi.useRealTimers());

const aSample = (at: number) => ({
  fleet: aFleetSample({ at, cost: 0.1 + 0.2, working: 3 }),
  hosts: { at, hosts: new Map([['__proto__', { rtt: 12, load: null }]]) },
});

/** An ocr whose fleet spent two dollars today, with a clock that goes on by hand. */
async function open(path: string | null) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: NOON });
  const fleet = new FleetStore(SETTINGS);
  fleet.setState({ entries: new Map([['web1', answered('web1', [aSession({ today: aDayUse({ cost: 2 }) })])]]) });
  const told: string[] = [];
  const notices = new Notices();
  notices.listen((text) => told.push(text));
  const sampler = new PulseSampler({ fleet, path, clock: () => Date.now(), logger: silentLogger, notices });
  await sampler.start();
  return { sampler, told, pass: (minutes: number) => vi.advanceTimersByTime(minutes * MINUTE) };
}

describe('the sampler', () => {
  it('takes a sample each minute, tells it, and ends with its timer', async () => {
    const { sampler, pass } = await open(null);
    const lengths: number[] = [];
    sampler.subscribe(({ fleet }) => lengths.push(fleet.length));
    expect(sampler.getSeries().fleet).toEqual([]);
    pass(2);
    expect(lengths).toEqual([1, 2]);
    expect(sampler.getSeries().fleet[0]).toMatchObject({ at: NOON + MINUTE, cost: 2, hosts: 1 });
    await sampler.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on where the last run ended, from a file for its owner alone', async () => {
    const path = join(await makeTempDir(), 'cache', 'pulse.jsonl');
    const first = await open(path);
    first.pass(3);
    await first.sampler.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { series } = await loadPulse(path, NOON + 5 * MINUTE);
    expect(series.fleet.map(({ at }) => (at - NOON) / MINUTE)).toEqual([1, 2, 3]);
    expect(series.hosts.at(-1)?.hosts.get('web1')).toEqual({ rtt: 12, load: null });
    const second = new PulseSampler({
      ...{ fleet: new FleetStore(SETTINGS), path, clock: () => NOON + 10 * MINUTE },
      ...{ logger: silentLogger, notices: new Notices() },
    });
    await second.start();
    expect(second.getSeries().fleet).toHaveLength(3);
    await second.close();
  });

  it('rewrites the file once an hour without what is too old', async () => {
    const path = join(await makeTempDir(), 'pulse.jsonl');
    await appendSample(path, aSample(NOON - 8 * 24 * 60 * MINUTE));
    const { sampler, pass } = await open(path);
    pass(60);
    await sampler.close();
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1 + 60 + 60);
  });

  it('keeps its samples in memory where the file cannot be written, and says so once', async () => {
    const folder = await makeTempDir();
    await writeFile(join(folder, 'file'), '');
    const { sampler, told, pass } = await open(join(folder, 'file', 'pulse.jsonl'));
    pass(2);
    await sampler.close();
    expect(sampler.getSeries().fleet).toHaveLength(2);
    expect(told).toHaveLength(1);
  });
});

describe('the file of samples', () => {
  it('gives back what was appended', async () => {
    const path = join(await makeTempDir(), 'pulse.jsonl');
    for (const minute of [0, 1]) await appendSample(path, aSample(NOON + minute * MINUTE));
    const { series } = await loadPulse(path, NOON + MINUTE);
    expect(series.fleet).toHaveLength(2);
    expect(series.fleet[1]).toEqual({ ...aSample(NOON + MINUTE).fleet, cost: 0.3 });
    expect(series.hosts[1]).toEqual(aSample(NOON + MINUTE).hosts);
    await rewritePulse(path, series);
    expect((await loadPulse(path, NOON + MINUTE)).series).toEqual(series);
  });

  it('loses only a line that was cut', async () => {
    const path = join(await makeTempDir(), 'pulse.jsonl');
    await appendSample(path, aSample(NOON));
    await writeFile(path, `${await readFile(path, 'utf8')}{"fleet":[17`);
    expect(await loadPulse(path, NOON)).toMatchObject({ warning: null, series: { fleet: [{ working: 3 }] } });
  });

  it.each(['x\n', '{"version":1}\n{"fleet":[1]}\n', '{"version":1}\n{"at":1,"hosts":{"a":["b"]}}\n', '\n', '{}\n'])(
    'is set aside where it is damaged: %j',
    async (text) => {
      const folder = await makeTempDir();
      const path = join(folder, 'pulse.jsonl');
      await writeFile(path, text);
      const loaded = await loadPulse(path, NOON);
      expect(loaded).toMatchObject({ series: { fleet: [] }, mayWrite: true });
      expect(loaded.warning).toContain('pulse.jsonl.damaged');
      expect(await readdir(folder)).toEqual(['pulse.jsonl.damaged']);
    },
  );

  it('is set aside where it is a folder', async () => {
    const path = join(await makeTempDir(), 'pulse.jsonl');
    await mkdir(path);
    expect((await loadPulse(path, NOON)).mayWrite).toBe(true);
    await appendSample(path, aSample(NOON));
  });

  it('stays as it is where a newer version wrote it', async () => {
    const path = join(await makeTempDir(), 'pulse.jsonl');
    await writeFile(path, '{"version":2}\nsomething\n');
    const { sampler, told, pass } = await open(path);
    pass(1);
    await sampler.close();
    expect(told).toEqual([`${path} was written by a newer ocr and is not used`]);
    expect(await readFile(path, 'utf8')).toBe('{"version":2}\nsomething\n');
  });
});
