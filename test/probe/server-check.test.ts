import { describe, expect, it } from 'vitest';
import { ServerCheck } from '../../src/probe/server-check.ts';
import { aServer, aSession, HOUR, NOW } from '../support/builders.ts';

const found = { databasePath: '/db', servers: [aServer({ port: 4096 })], at: NOW };
const reading = (...ids: string[]) => ({
  sessions: ids.map((id) => aSession({ id, created: NOW - HOUR })),
  rung: 'sqlite3' as const,
  passedOver: [],
  fingerprint: 'f1',
});
const never = () => Promise.reject(new Error('unexpected question'));

describe('comparing a database with the servers of its host', () => {
  it('takes the sessions of a server for an empty database at once, and says why', async () => {
    const check = new ServerCheck();
    const served = reading('a', 'b').sessions;
    const read = await check.settle('web', found, reading(), async () => served);
    expect(read).toMatchObject({ sessions: served, rung: 'http', fingerprint: null });
    expect(read.passedOver).toEqual([
      { rung: 'sqlite3', reason: '/db: lacks 2 of the 2 sessions that a running server lists' },
    ]);
  });

  it('asks no server while a database with sessions was not compared, and none twice', async () => {
    const check = new ServerCheck();
    expect(await check.settle('web', found, reading('a'), never)).toEqual(reading('a'));
    expect(check.isDue('web', found)).toBe(true);
    await check.compare('web', found, reading('a'), async () => reading('a').sessions);
    expect(check.isDue('web', found)).toBe(false);
    expect(await check.settle('web', found, reading(), never)).toEqual(reading());
  });

  it('stays with a server that was found to be right', async () => {
    const check = new ServerCheck();
    await check.compare('web', found, reading('old'), async () => reading('a').sessions);
    const read = await check.settle('web', found, reading('old'), async () => reading('a', 'b').sessions);
    expect(read.sessions.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('asks again when another server runs or another database is read', async () => {
    const check = new ServerCheck();
    await check.compare('web', found, reading('a'), async () => reading('a').sessions);
    expect(check.isDue('web', { ...found, servers: [aServer({ port: 5000 })] })).toBe(true);
    expect(check.isDue('web', { ...found, databasePath: '/other' })).toBe(true);
    expect(check.isDue('web', { ...found, servers: [] })).toBe(false);
  });

  it('asks a server that did not answer again, a few times', async () => {
    const check = new ServerCheck();
    const served = reading('a').sessions;
    const refuse = () => Promise.reject(new Error('timeout'));
    expect(await check.settle('web', found, reading(), refuse)).toEqual(reading());
    expect(await check.settle('web', found, reading(), async () => served)).toMatchObject({ sessions: served });
    for (let time = 0; time < 3; time += 1) {
      expect(check.isDue('db', found)).toBe(true);
      await check.compare('db', found, reading('a'), refuse);
    }
    expect(check.isDue('db', found)).toBe(false);
    expect(await check.settle('db', found, reading(), never)).toEqual(reading());
  });

  it('stays with a server that was found to be right also when that does not answer for a while', async () => {
    const check = new ServerCheck();
    const served = reading('a').sessions;
    await check.compare('web', found, reading('old'), async () => served);
    for (let time = 0; time < 5; time += 1) {
      await check.settle('web', found, reading('old'), () => Promise.reject(new Error('timeout')));
    }
    expect(await check.settle('web', found, reading('old'), async () => served)).toMatchObject({ sessions: served });
  });

  it.each([
    ['was created while the database was read', async () => [aSession({ id: 'new', created: NOW - 1000 })]],
    ['cannot be asked', () => Promise.reject(new Error('401'))],
    ['lists fewer', async () => []],
  ])('stays with the database when a server %s', async (_name, list) => {
    const check = new ServerCheck();
    expect(await check.compare('web', found, reading('a'), list)).toEqual(reading('a'));
  });
});
