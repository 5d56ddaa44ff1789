import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../../src/domain/session.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { createSnapshotCache } from '../../src/probe/snapshot-cache.ts';

const WORDS =
  'fix login timeout refactor invoice parser add dark mode update dependencies flaky test migrate database cache layer payment webhook retry router'.split(
    ' ',
  );

/** Sessions that look like real ones, the same for the same arguments. */
export function makeSessions(host: number, count: number, now: number): Session[] {
  return Array.from({ length: count }, (_, index) => {
    const word = (step: number) => WORDS[(host * 7 + index * step + step) % WORDS.length] ?? '';
    const project = `/home/alice/work/project-${index % 5}`;
    const id = `ses_${(host * 100_003 + index).toString(36).padStart(12, '0')}ffe${((index + 17) * 7919).toString(36)}AbCdEf`;
    return {
      ...{
        id,
        parentId: null,
        title: `${word(3)} ${word(5)} ${word(11)} ${host}-${index}`,
        directory: project,
        project,
      },
      ...{ created: now - index * 90_000, updated: now - index * 60_000, archived: null, turn: 'ended', error: null },
      ...{
        agent: 'build',
        model: 'provider/some-model',
        messages: index % 40,
        cost: index / 100,
        additions: 10,
        deletions: 2,
        files: 3,
      },
      tokens: { input: 1000, output: 200, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
    } satisfies Session;
  });
}

export function makeSnapshot(host: number, sessions: number, now: number): Snapshot {
  return {
    ...{
      at: now,
      readAt: now,
      latency: 3,
      clockOffset: 0,
      clock: null,
      rung: 'sqlite3',
      passedOver: [],
      processes: null,
    },
    ...{
      opencode: { path: '/usr/bin/opencode', version: '1.18.33', identity: 'made up' },
      databasePath: null,
      confirmed: null,
      candidates: 1,
      wrapped: false,
      login: null,
      doubt: null,
      fingerprint: null,
    },
    sessions: makeSessions(host, sessions, now),
    connection: null,
    servers: [],
  };
}

export interface MadeUpHome {
  readonly home: string;
  readonly sshConfig: string;
  readonly config: string;
}

/**
 * A home with that many hosts, whose cache holds that many sessions of each; `null` for no cache.
 * @param hostOptions lines below each `Host`
 * @param listed patterns of the hosts to list; all if empty
 */
export async function makeHome(
  home: string,
  hosts: number,
  sessionsPerHost: number | null,
  hostOptions: string,
  interval: string,
  listed: readonly string[],
): Promise<MadeUpHome> {
  const aliases = Array.from({ length: hosts }, (_, index) => `host-${String(index).padStart(3, '0')}`);
  await mkdir(home, { recursive: true });
  const [sshConfig, config] = [join(home, 'ssh_config'), join(home, 'config.yaml')];
  await writeFile(sshConfig, `${aliases.map((alias) => `Host ${alias}\n`).join('')}Host *\n${hostOptions}\n`);
  const yaml = `polling: {interval: ${interval}, timeout: 10s}\nhosts: {local: false${listed.length === 0 ? '' : `, include: [${listed.map((name) => `'${name}'`).join()}]`}}\ndisplay: {theme: nightops, animation: false}\n`;
  await writeFile(config, yaml);
  if (sessionsPerHost === null) return { home, sshConfig, config };
  const cache = createSnapshotCache(join(home, '.cache', 'ocr', 'snapshots'));
  for (const [index, alias] of aliases.entries())
    await cache.save(alias, makeSnapshot(index, sessionsPerHost, Date.now()));
  return { home, sshConfig, config };
}
