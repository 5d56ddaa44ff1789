import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { api } from '../fleet/seed-plan.ts';
import { ManyHosts, makeSessions, markedRows, resultsOf, storedSessions } from '../support/many-hosts.ts';
import { popupOf } from '../support/popup.ts';
import { type RecordedServer, startRecordedServer } from '../support/recording-proxy.ts';

const aliases = ['alpha', 'homebin'] as const;
const REASON = 'alpha is read-only (--readonly, or readonly: true)';

let fleet: Fleet;
let dashboard: ManyHosts;
let alpha: RecordedServer;
let homebin: RecordedServer;

beforeAll(async () => {
  fleet = await startFleet({ hosts: aliases });
  const start = async (alias: (typeof aliases)[number]) => {
    const recorded = await startRecordedServer({ host: fleet.host(alias), opencode: fleet.opencode });
    const directory = join(fleet.host(alias).home, api);
    await makeSessions(recorded.server, directory, [`Numbat ${alias} one`, `Numbat ${alias} two`]);
    return recorded;
  };
  alpha = await start('alpha');
  homebin = await start('homebin');
  dashboard = new ManyHosts('readonly-host', fleet);
});
afterEach(() => dashboard?.close());
afterAll(async () => {
  await alpha?.close();
  await homebin?.close();
  await fleet?.close();
});

describe('readonly: true for one of two hosts', () => {
  it('keeps that one as it is and says so, and lets the other one be changed', async () => {
    await dashboard.open({ include: aliases, overrides: '{alpha: {readonly: true}}' });
    for (const alias of aliases) await dashboard.waitFor(new RegExp(` ${alias} .* live( |$)`));
    const before = storedSessions(fleet, 'alpha', '');
    await dashboard.search('Numbat', 4, 2);

    // One of each is marked: nothing is done to either.
    await dashboard.mark('Numbat alpha one');
    await dashboard.mark('Numbat homebin one');
    for (const key of ['A', 'd', 'x', 'p', 'y']) await refused(key);
    await dashboard.mark('Numbat homebin two');
    await dashboard.goHome();
    await dashboard.moveTo('Numbat alpha one');
    await dashboard.keys('Space');
    await dashboard.waitFor((lines) => markedRows(lines).length === 2);

    // The two of the other host are marked now.
    await dashboard.pressUntil('A', 'Archive 2 sessions?');
    await dashboard.pressUntil('y', /^Archiving/);
    const results = resultsOf(await dashboard.waitFor(/^ +2 ok *$/));
    expect([...results.keys()].sort()).toEqual(['homebin: Numbat homebin one', 'homebin: Numbat homebin two']);
    await dashboard.pressUntil('Escape', (lines) => popupOf(lines).length === 0);

    await dashboard.goHome();
    await dashboard.moveTo('Numbat alpha one');
    for (const key of ['A', 'R', 'd', 'Enter', 'n', 'g', 'P', 'u', 'C-r']) await refused(key);

    const archived = storedSessions(fleet, 'homebin', 'Numbat').map(({ archived: at }) => (at ?? 0) > 0);
    expect(archived).toEqual([true, true]);
    expect(storedSessions(fleet, 'alpha', '')).toEqual(before);
    expect(alpha.requests().length).toBeGreaterThan(0);
    expect(alpha.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
    const changes = homebin.requests().filter(({ method }) => method !== 'GET');
    expect(changes.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
  });
});

/** Presses a key, and waits for the reason why it is disabled. Shows another toast first, so that an old reason does not count. */
async function refused(key: string): Promise<void> {
  await dashboard.pressUntil('e', 'No error');
  await dashboard.keys(key);
  await dashboard.waitFor((lines) => lines.at(-2)?.trim() === REASON, 20_000);
}
