import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCuts, MAX_SESSIONS } from '../../src/domain/host-bounds.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import type { ServerLink } from '../../src/domain/server.ts';
import { selectHostTree } from '../../src/fleet/project-tree.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { probeFailureOf } from '../../src/probe/probe-error.ts';
import { Prober } from '../../src/probe/prober.ts';
import { LiveLink } from '../../src/refresh/live-link.ts';
import { FakeServer, sendJson } from '../opencode/server/fake-server.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { aHost, aServer, SETTINGS } from '../support/builders.ts';
import { LYING_HOSTS, type LyingHost, makeExecutable } from '../support/lying-hosts.ts';
import { createClient } from '../transport/matrix/matrix-client.ts';

let lab: Lab<LyingHost>;
beforeAll(async () => {
  lab = await startLab<LyingHost>(LYING_HOSTS);
  await makeExecutable(lab, Object.keys(LYING_HOSTS) as LyingHost[]);
});
afterAll(() => lab?.close());

async function probe(alias: LyingHost) {
  const client = await createClient(lab, 'ssh2');
  const prober = new Prober(client.pool, systemClock);
  const { signal } = new AbortController();
  const limits = { signal, timeout: 30_000, enrich: true, interaction: null, mayStartOpencode: true };
  const host = await client.host(alias);
  const ask = () => prober.probe(host, null, limits);
  return { ask, calls: async () => (await readFile(join(lab.host(alias).home, 'calls'), 'utf8')).trim().split('\n') };
}

describe('a host whose programs answer what makes no sense', () => {
  it.each(['nonsense', 'all-nonsense', 'posing', 'posing-by-turns'] as const)(
    'is not asked for ever: %s',
    async (alias) => {
      const { ask, calls } = await probe(alias);
      const failure = probeFailureOf(await ask().catch((error: unknown) => error), 1);
      expect(failure.status).toBe('error');
      expect(`${failure.reason}\n${failure.hint}`).toMatch(/cannot be read|that rows|again|failed/);
      const asked = await calls();
      expect(asked.length).toBeLessThan(20);
    },
  );

  it('is read by the next way that makes sense', async () => {
    const { ask } = await probe('honest');
    expect(await ask()).toMatchObject({ rung: 'python3', sessions: [{ id: 'one' }] });
  });
});

describe('a host that would have us keep too much', () => {
  it('has all sessions listed whose parents form circles', async () => {
    const { sessions } = await (await probe('circles')).ask();
    const tree = selectHostTree(sessions, SETTINGS);
    const roots = tree.projects.flatMap((project) => project.sessions.map(({ id }) => id));
    expect(roots.sort()).toEqual(['a', 'self']);
    expect(
      [...tree.children.values()]
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['b', 'c', 'child']);
  });

  it('has its titles cut', async () => {
    const { sessions } = await (await probe('titles')).ask();
    expect(sessions).toHaveLength(21);
    expect(JSON.stringify(sessions).length).toBeLessThan(30_000);
  });

  it('has the sessions kept that were changed last, and its row says so', async () => {
    const { sessions } = await (await probe('crowd')).ask();
    expect(sessions).toHaveLength(MAX_SESSIONS);
    expect(Math.min(...sessions.slice(0, 1000).map(({ updated }) => updated))).toBe(501);
    expect(describeCuts(sessions.length, NOTHING_LIVE)).toBe('cut: 100,000 sessions');
  });
});

describe('a host that talks on and on', () => {
  it('loses its shell, and is asked by a new one', async () => {
    const { ask } = await probe('flood');
    expect((await ask()).sessions).toHaveLength(1);
    const { home, machine } = lab.host('flood');
    const pid = async () => Number(await readFile(join(home, 'flood'), 'utf8').catch(() => '0'));
    await expect.poll(pid, { timeout: 30_000 }).toBeGreaterThan(0);
    // The flood has no reader left.
    const flood = await pid();
    await expect.poll(() => machine.isRunning(flood), { timeout: 30_000 }).toBe(false);
    expect((await ask()).sessions).toHaveLength(1);
  });

  it('has a server that tells thousands of events a second polled instead', async () => {
    const created = (at: number) =>
      `data: ${JSON.stringify({
        directory: '/srv',
        payload: {
          id: `evt_${at}`,
          type: 'session.created',
          properties: {
            sessionID: `ses_${at}`,
            info: { id: `ses_${at}`, directory: '/srv', title: 'x', time: { created: 1, updated: 2 } },
          },
        },
      })}\n\n`;
    let sent = 0;
    const { client } = await FakeServer.start({
      'GET /global/health': sendJson({ version: '1.18.33' }),
      'GET /session/status': sendJson({}),
      'GET /permission': sendJson([]),
      'GET /question': sendJson([]),
      'GET /global/event': (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const flood = setInterval(() => {
          let batch = '';
          for (let count = 0; count < 250; count += 1) batch += created(sent++);
          response.write(batch);
        }, 50);
        response.on('close', () => clearInterval(flood));
      },
    });
    const links: ServerLink[] = [];
    let told = 0;
    const link = new LiveLink(aHost(), aServer(), {
      borrow: async () => client,
      discard: () => client.close(),
      isUnauthorized: () => false,
      isUnproven: () => false,
      directories: () => ['/srv'],
      busy: () => [],
      listener: {
        linked: (state) => links.push(state),
        reported: (events) => {
          told += events.length;
        },
        read: () => {},
      },
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
    });
    link.start();
    try {
      await expect.poll(() => links.at(-1), { timeout: 30_000 }).toMatchObject({ state: 'polled', flooded: true });
      expect(told).toBeLessThan(10_000);
      const servers = new Map([['one', links.at(-1)!]]);
      expect(describeCuts(1, { ...NOTHING_LIVE, servers })).toBe('cut: events');
    } finally {
      await link.close();
    }
  });
});
