import { describe, expect, it } from 'vitest';
import { pulseRows } from '../../../src/fleet/pulse/busiest-projects.ts';
import { samplePulse } from '../../../src/fleet/pulse/pulse-sample.ts';
import { hostUse } from '../../../src/fleet/pulse/use-today.ts';
import { aDayUse, NOON } from '../../support/a-pulse.ts';
import { aHost, anEntry, answered, aSession, aSnapshot, DAY, SETTINGS } from '../../support/builders.ts';

const shop = aSession({ id: 'a', project: '/srv/shop', today: aDayUse({ cost: 2 }) });
const subagent = aSession({ id: 'b', parentId: 'a', project: '/srv/shop', today: aDayUse({ cost: 0.5 }) });
const docs = aSession({ id: 'c', project: '/srv/docs', today: aDayUse({ cost: 1, tokensIn: 90_000, turns: 9 }) });
const unused = aSession({ id: 'd', project: '/srv/old', today: null });

const fleet = (...entries: ReturnType<typeof answered>[]) => ({
  entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
  ...{ seen: { baselines: new Map(), sessions: new Map() }, settings: SETTINGS, snoozed: new Map() },
});

describe('the use of today', () => {
  it('is summed up by project and host, with subagents, whose prompts are no turns', () => {
    const { total, projects } = hostUse(answered('web1', [shop, subagent, docs, unused]), NOON);
    expect(total).toMatchObject({ cost: 3.5, turns: 11 });
    expect(projects.map(({ path, cost, turns }) => [path, cost, turns])).toEqual([
      ['/srv/shop', 2.5, 2],
      ['/srv/docs', 1, 9],
    ]);
  });

  it('is nothing after midnight until the database changes', () => {
    expect(hostUse(answered('web1', [shop]), NOON + DAY)).toMatchObject({ total: { cost: 0 }, projects: [] });
  });

  it('is unknown where the source does not tell, and nothing on a host without sessions', () => {
    expect(hostUse(answered('web1', [aSession()]), NOON).total).toBeNull();
    expect(hostUse(anEntry(), NOON).total).toBeNull();
    expect(hostUse(answered('web1', []), NOON).total).toMatchObject({ cost: 0 });
  });
});

describe('the busiest projects', () => {
  it('come first by the chosen measure, from all hosts', () => {
    const state = fleet(answered('web1', [shop, unused]), answered('db', [docs]));
    const listed = (measure: 'money' | 'tokens' | 'turns') =>
      pulseRows(state, NOON, measure).map(({ alias, path }) => `${alias} ${path}`);
    expect(listed('money')).toEqual(['web1 /srv/shop', 'db /srv/docs']);
    expect(listed('tokens')).toEqual(['db /srv/docs', 'web1 /srv/shop']);
    expect(listed('turns')).toEqual(['db /srv/docs', 'web1 /srv/shop']);
  });
});

describe('a sample of the fleet', () => {
  it('counts root sessions by state, and the use of all hosts that tell', () => {
    const failed = aSession({ id: 'e', turn: 'failed', error: 'APIError', updated: NOON - 5000, messages: 2 });
    const archived = aSession({ id: 'f', turn: 'failed', updated: NOON - 5000, archived: NOON });
    const recent = aSession({ id: 'g', updated: NOON - 6000, messages: 2 });
    const machine = { load: 0.4, cpus: 2, memoryTotal: null, memoryUsed: null };
    const host = anEntry({
      host: aHost({ alias: 'web1' }),
      snapshot: aSnapshot({ sessions: [shop, failed, archived, recent], latency: 14, machine }),
      fresh: true,
    });
    const stale = anEntry({ host: aHost({ alias: 'old' }), snapshot: aSnapshot({ sessions: [docs] }) });
    const state = fleet(host, stale, answered('core', [aSession()]));
    const sample = samplePulse({ ...state, seen: seenUntil(NOON - 10_000) }, NOON);
    expect(sample.fleet).toMatchObject({ at: NOON, error: 1, done: 1, active: 1, working: 0, waiting: 0 });
    expect(sample.fleet).toMatchObject({ cost: 3, hosts: 1 });
    expect([...sample.hosts.hosts]).toEqual([
      ['web1', { rtt: 14, load: 0.4 }],
      ['core', { rtt: 12, load: null }],
    ]);
  });
});

function seenUntil(at: number) {
  return { baselines: new Map(['web1', 'old', 'core'].map((alias) => [alias, at])), sessions: new Map() };
}
