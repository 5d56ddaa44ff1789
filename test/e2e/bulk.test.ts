import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import type { HostAlias } from '../fleet/hosts.ts';
import { startOpencodeServer } from '../fleet/opencode-server.ts';
import { api } from '../fleet/seed-plan.ts';
import { isOnline, rowOf } from '../support/lab-dashboard.ts';
import {
  cursorOf,
  ManyHosts,
  makeSessions,
  markedRows,
  resultsOf,
  retitle,
  storedSessions,
} from '../support/many-hosts.ts';
import { popupOf } from '../support/popup.ts';
import { type RecordedServer, startRecordedServer } from '../support/recording-proxy.ts';

/** In all titles, and in nothing else of these hosts. */
const word = 'Quokka';
const titlesOf = (alias: HostAlias, count: number) =>
  Array.from({ length: count }, (_, index) => `${word} ${alias} ${index + 1}`);

/** How many sessions each host has; homebin dies while its fifth one is archived. */
const counts = { alpha: 6, homebin: 8, big: 6 } as const;
const aliases = ['alpha', 'homebin', 'big'] as const;
const FATAL = 5;

let fleet: Fleet;
let dashboard: ManyHosts;
let homebin: RecordedServer;

beforeAll(async () => {
  fleet = await startFleet({ hosts: aliases });
  dashboard = new ManyHosts('bulk', fleet);
  // big has no server: ocr starts its own one there.
  retitle(fleet, 'big', titlesOf('big', counts.big));
  const { machine, environment, home } = fleet.host('alpha');
  const server = await startOpencodeServer({
    machine: machine!,
    binary: fleet.opencode,
    environment,
    cwd: home,
    log: join(home, '.serve.log'),
  });
  homebin = await startRecordedServer({ host: fleet.host('homebin'), opencode: fleet.opencode, holdPatch: FATAL });
  await makeSessions(server, join(home, api), titlesOf('alpha', counts.alpha));
  await makeSessions(homebin.server, join(fleet.host('homebin').home, api), titlesOf('homebin', counts.homebin));
});
afterEach(() => dashboard?.close());
afterAll(async () => {
  await homebin?.close();
  await fleet?.close();
});

describe('20 marked sessions of 3 hosts that are archived while one host dies', () => {
  it('each say what came of them, which is what their databases say, and the rest is done later', async () => {
    await dashboard.open({ include: aliases });
    await markAll();

    await dashboard.keys('A');
    const asked = await dashboard.waitFor('Archive 20 sessions?');
    for (const alias of aliases)
      for (const title of titlesOf(alias, counts[alias]))
        expect(popupOf(asked).join('\n')).toContain(`${alias}: ${title}`);
    expect(archived()).toEqual([]);
    await dashboard.pressUntil('y', /^Archiving/);

    await expect.poll(() => homebin.requests().some(({ held }) => held), { timeout: 60_000 }).toBe(true);
    await fleet.stop('homebin');
    const done = await dashboard.waitFor(/^ +16 ok +4 failed *$/, 120_000);
    const results = await dashboard.results();
    expect(results.size).toBe(20);

    for (const alias of ['alpha', 'big'] as const)
      for (const title of titlesOf(alias, counts[alias]))
        expect(results.get(`${alias}: ${title}`), title).toEqual({ outcome: 'ok', reason: '' });
    const ofHomebin = titlesOf('homebin', counts.homebin).map((title) => ({
      title,
      ...results.get(`homebin: ${title}`)!,
    }));
    const uncertain = ofHomebin.filter(({ reason }) => /may have succeeded anyway/.test(reason));
    const untried = ofHomebin.filter(({ reason }) =>
      /^not tried: .*(connection refused|closed the connection)/.test(reason),
    );
    const certain = ofHomebin.filter(({ outcome }) => outcome === 'ok');
    expect([certain.length, uncertain.length, untried.length], done.join('\n')).toEqual([FATAL - 1, 1, 3]);

    // Sessions reported as done are done, those reported as not tried are not, and no request was sent twice.
    const truth = archived();
    for (const { title } of certain) expect(truth).toContain(title);
    for (const { title } of untried) expect(truth).not.toContain(title);
    expect(truth).toHaveLength(16 + uncertain.length);
    expect(homebin.requests().filter(({ method }) => method === 'PATCH')).toHaveLength(FATAL);

    await dashboard.pressUntil('Enter', /archived 16 of 20: 4 failed/);
    // On the row of a host e tells of the host.
    await dashboard.moveTo(word);
    const told = await dashboard.pressUntil('e', /^ +homebin: Quokka/);
    for (const { title } of [...uncertain, ...untried]) expect(told.join('\n')).toContain(`homebin: ${title}: `);
    await dashboard.pressUntil('Escape', (lines) => popupOf(lines).length === 0);

    // Sessions that were not done are still marked.
    await fleet.start('homebin');
    await dashboard.keys('r');
    await dashboard.waitFor((lines) => isOnline(rowOf(lines, 'homebin')), 120_000);
    // The one that was uncertain is not among them: it is archived, and so out of sight.
    const left = await dashboard.waitFor((lines) => markedRows(lines).length === untried.length, 120_000);
    for (const { title } of untried) expect(markedRows(left).join('\n')).toContain(title);

    await dashboard.keys('A');
    const again = await dashboard.waitFor(/Archive \d+ sessions\?/);
    expect(again.join('\n')).toContain('Archive 3 sessions?');
    await dashboard.pressUntil('y', /^Archiving/);
    const last = resultsOf(await dashboard.waitFor(/^ +3 ok *$/, 120_000));
    for (const { title } of untried) expect(last.get(`homebin: ${title}`)?.outcome).toBe('ok');
    expect(archived()).toHaveLength(20);
  });
});

/** Finds the 20 sessions and marks them by a range. */
async function markAll(): Promise<void> {
  await dashboard.search(word, 20, 3);
  await dashboard.moveTo(word);
  await dashboard.keys('Space');
  await dashboard.waitFor((lines) => markedRows(lines).length === 1);
  await dashboard.keys('G');
  await dashboard.waitFor((lines) => cursorOf(lines).includes(word) && markedRows(lines).length === 1);
  await dashboard.keys('V');
  await dashboard.waitFor((lines) => markedRows(lines).length === 20);
}

/** Titles of the sessions that the databases have as archived. */
function archived(): string[] {
  return aliases.flatMap((alias) =>
    storedSessions(fleet, alias, word).flatMap(({ title, archived: at }) => (at === null || at === 0 ? [] : [title])),
  );
}
