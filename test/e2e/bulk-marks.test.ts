import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LiveFleet, type MadeSession } from '../support/live-fleet.ts';
import { cursorOf, ManyHosts, markedRows, resultsOf, storedSessions } from '../support/many-hosts.ts';
import { popupOf } from '../support/popup.ts';

let live: LiveFleet;
let dashboard: ManyHosts;

beforeAll(async () => {
  live = await LiveFleet.start();
  dashboard = new ManyHosts('bulk-marks', live.fleet);
});
// A test that is tried again finds none of the sessions of its first try.
afterEach(async () => {
  await dashboard?.close();
  await live?.clear();
});
afterAll(() => live?.close());

describe('marks', () => {
  it('are made by space, as a range by V, and taken away by space and esc; space folds what is no session', async () => {
    await restAll(['Numbat one', 'Numbat two', 'Numbat three', 'Numbat four']);
    await open('Numbat', 4);
    await dashboard.moveTo('Numbat');
    const first = titleAt(await dashboard.cursor());
    await dashboard.keys('Space');
    // The cursor goes on to the next one.
    await dashboard.waitFor((lines) => markedTitles(lines).join() === first && titleAt(cursorOf(lines)) !== first);
    const second = titleAt(await dashboard.cursor());
    await dashboard.keys('Up', 'Space');
    await dashboard.waitFor((lines) => markedRows(lines).length === 0 && titleAt(cursorOf(lines)) === second);

    await dashboard.keys('Space', 'G', 'V');
    const range = await dashboard.waitFor((lines) => markedRows(lines).length === 3);
    expect(markedTitles(range)).not.toContain(first);
    expect(markedTitles(range)[0]).toBe(second);

    // One esc takes the marks, with the filter left; the next one takes that.
    await dashboard.keys('Escape');
    await dashboard.waitFor((lines) => / > Numbat /.test(lines[1] ?? '') && markedRows(lines).length === 0);
    await dashboard.keys('Escape');
    await dashboard.waitFor(/ \[1 Fleet\] /);
    expect(markedRows(await dashboard.terminal.screen())).toEqual([]);

    await dashboard.moveTo('work/api', 'Up');
    await dashboard.keys('Space');
    await dashboard.waitFor(
      (lines) => /^>.* > /.test(cursorOf(lines)) && !lines.some((line) => line.includes('Numbat')),
    );
    await dashboard.keys('Space');
    await dashboard.waitFor((lines) => lines.some((line) => line.includes('Numbat one')));
    expect(markedRows(await dashboard.terminal.screen())).toEqual([]);
  });
});

describe('y with marked sessions', () => {
  it('approves once what each of them asks, after a list of it, and nothing that is not marked', async () => {
    const sessions = await beginAll(['Bilby one', 'Bilby two', 'Bilby three'], 'ask permission for it');
    await waitUntilAsked(3);
    await open('Bilby', 3);
    await mark(2);
    const marked = markedTitles(await dashboard.terminal.screen());

    await dashboard.keys('y');
    const asked = await dashboard.waitFor('Allow 2 permissions, once each?');
    for (const title of marked) expect(popupOf(asked).join('\n')).toContain(`alpha: ${title}: touch approved`);
    await dashboard.pressUntil('Escape', (lines) => markedRows(lines).length === 2);
    expect(await live.pending('permission')).toHaveLength(3);

    await dashboard.keys('y');
    await dashboard.waitFor('Allow 2 permissions, once each?');
    await dashboard.pressUntil('y', /^Approving/);
    const done = await dashboard.waitFor(/^ +2 ok *$/);
    expect([...resultsOf(done).values()].map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    for (const session of sessions) if (marked.includes(session.title)) await live.waitUntilDone(session);
    const [left, ...more] = await live.pending('permission');
    expect(more).toEqual([]);
    const replied = sessions.map(({ id }) => live.watch.all('permission.replied', { sessionID: id }).length);
    expect(replied.sort()).toEqual([0, 1, 1]);
    expect(live.watch.all('permission.replied', { requestID: left })).toHaveLength(0);
    await dashboard.pressUntil('Escape', (lines) => popupOf(lines).length === 0);
    await dashboard.waitFor((lines) => markedRows(lines).length === 0);
    // An abort would leave the request where it is.
    await answerElsewhere(left ?? '');
    await expect.poll(() => live.pending('permission'), { timeout: 30_000 }).toEqual([]);
  });

  it('says of one that was answered meanwhile that it is no longer pending', async () => {
    await beginAll(['Dunnart one', 'Dunnart two'], 'ask permission for it');
    await waitUntilAsked(2);
    await open('Dunnart', 2);
    await mark(2);
    await dashboard.keys('y');
    await dashboard.waitFor('Allow 2 permissions, once each?');
    const [other = ''] = await live.pending('permission');
    await answerElsewhere(other);
    await expect.poll(() => live.pending('permission'), { timeout: 30_000 }).toHaveLength(1);
    await dashboard.pressUntil('y', /^Approving/);
    const done = await dashboard.waitFor(/^ +1 ok +1 failed *$/);
    const failed = [...resultsOf(done).values()].filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ reason }) => reason).join()).toContain('is no longer pending');
    expect(live.watch.all('permission.replied', { requestID: other })).toHaveLength(1);
    await expect.poll(() => live.pending('permission'), { timeout: 30_000 }).toEqual([]);
  });
});

describe('other keys with marked sessions', () => {
  it('x stops those that work, says of the rest that they do not, and leaves what is not marked at work', async () => {
    const sessions = await beginAll(['Quoll one', 'Quoll two', 'Quoll three'], 'count slowly');
    await restAll(['Quoll four']);
    await open('Quoll', 4);
    await dashboard.waitFor(/^ +[D*] Quoll four /);
    for (const title of ['Quoll one', 'Quoll two', 'Quoll four']) await dashboard.mark(title);
    await dashboard.keys('x');
    const asked = popupOf(await dashboard.waitFor('Stop the turns of 2 sessions?')).join('\n');
    expect(asked).not.toMatch(/Quoll (three|four)/);
    await dashboard.pressUntil('y', /^Stopping/);
    const results = resultsOf(await dashboard.waitFor(/^ +2 ok +1 skipped *$/));
    expect(results.get('alpha: Quoll four')?.reason).toContain('it is not working');
    await expect.poll(() => working(sessions), { timeout: 30_000 }).toEqual(['Quoll three']);
    for (const { id, directory } of sessions) await live.server.request('POST', `/session/${id}/abort`, directory);
  });

  it('p sends all of them the same prompt once the user has seen which', async () => {
    const sessions = await restAll(['Potoroo one', 'Potoroo two', 'Potoroo three']);
    await open('Potoroo', 3);
    await mark(2);
    const marked = markedTitles(await dashboard.terminal.screen());
    await dashboard.keys('p');
    await dashboard.waitFor('Prompt 2 sessions');
    await dashboard.terminal.type('tell me "$(touch x)"');
    await dashboard.waitFor('tell me "$(touch x)"');
    await dashboard.keys('Enter');
    const asked = popupOf(await dashboard.waitFor('Send this prompt to 2 sessions?')).join('\n');
    for (const title of marked) expect(asked).toContain(`alpha: ${title}`);
    await dashboard.pressUntil('y', /^Sending the prompt/);
    await dashboard.waitFor(/^ +2 ok *$/);
    for (const session of sessions) {
      const told = async () => (await live.transcript(session)).includes('You said: tell me \\"$(touch x)\\"');
      if (marked.includes(session.title)) await expect.poll(told, { timeout: 30_000 }).toBe(true);
      else expect(await told()).toBe(false);
    }
    expect(existsSync(join(live.directory, 'x'))).toBe(false);
  });

  it('d exports each of them and deletes it, and u restores all of them', async () => {
    const sessions = await restAll(['Bettong one', 'Bettong two', 'Bettong three']);
    await open('Bettong', 3);
    const before = storedSessions(live.fleet, 'alpha', 'Bettong');
    await mark(2);
    const marked = markedTitles(await dashboard.terminal.screen());
    await dashboard.keys('d');
    const asked = popupOf(await dashboard.waitFor('Delete 2 sessions?')).join('\n');
    for (const title of marked) expect(asked).toContain(`alpha: ${title}`);
    expect(storedSessions(live.fleet, 'alpha', 'Bettong')).toEqual(before);
    await dashboard.pressUntil('y', /^Exporting and deleting/);
    const results = resultsOf(await dashboard.waitFor(/^ +2 ok *$/));
    for (const title of marked) expect(results.get(`alpha: ${title}`)?.outcome).toBe('ok');
    const left = storedSessions(live.fleet, 'alpha', 'Bettong');
    expect(left).toEqual(before.filter(({ title }) => !marked.includes(title)));
    const files = readdirSync(live.fleet.operatorHome, { recursive: true, encoding: 'utf8' });
    const isExport = (file: string) => /exports\/.*\.json$/.test(file) && sessions.some(({ id }) => file.includes(id));
    expect(files.filter(isExport)).toHaveLength(2);

    await dashboard.pressUntil('Escape', (lines) => popupOf(lines).length === 0);
    await dashboard.keys('u');
    await dashboard.waitFor((lines) => /^ alpha: restored .*; restored /.test(lines.at(-2) ?? ''), 120_000);
    expect(storedSessions(live.fleet, 'alpha', 'Bettong')).toEqual(before);
  });
});

/** Opens the dashboard and leaves only those sessions of alpha on the screen. */
async function open(word: string, count: number): Promise<void> {
  await dashboard.open({ include: ['alpha'] });
  await dashboard.waitFor(/ alpha .* live( |$)/);
  await dashboard.search(word, count, 1);
}

/** Marks the first sessions of those on the screen. */
async function mark(count: number): Promise<void> {
  const titles = (await dashboard.terminal.screen()).slice(2).map(titleAt).filter(Boolean);
  for (const title of titles.slice(0, count)) await dashboard.mark(title);
}

function beginAll(titles: readonly string[], prompt: string): Promise<MadeSession[]> {
  return Promise.all(titles.map((title) => live.begin(title, prompt)));
}

/** Rejects a permission as another client would. */
async function answerElsewhere(id: string): Promise<void> {
  await live.server.request('POST', `/permission/${id}/reply`, live.directory, { reply: 'reject' });
}

/** Sessions whose turns have ended, so that their rows stay where they are. */
async function restAll(titles: readonly string[]): Promise<MadeSession[]> {
  const sessions = await beginAll(titles, 'hello');
  for (const session of sessions) {
    const told = async () => (await live.transcript(session)).includes('You said: hello');
    await expect.poll(told, { timeout: 30_000 }).toBe(true);
  }
  await expect.poll(() => working(sessions), { timeout: 30_000 }).toEqual([]);
  return sessions;
}

async function waitUntilAsked(count: number): Promise<void> {
  await expect.poll(() => live.pending('permission'), { timeout: 60_000 }).toHaveLength(count);
}

/** Titles of those that the server says are at work. */
async function working(sessions: readonly MadeSession[]): Promise<string[]> {
  const status = await live.server.request('GET', '/session/status', live.directory);
  const busy = new Set(Object.keys(status ?? {}));
  return sessions.filter(({ id }) => busy.has(id)).map(({ title }) => title);
}

/** `Numbat one`, of the line of a session. */
function titleAt(line: string): string {
  return /[A-Z][a-z]+ (one|two|three|four)\b/.exec(line)?.[0] ?? '';
}

function markedTitles(lines: readonly string[]): string[] {
  return markedRows(lines).map(titleAt);
}
