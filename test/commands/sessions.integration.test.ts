import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type HostAlias, hostAliases } from '../fleet/hosts.ts';
import { api, hostileDirectory, notes, web } from '../fleet/seed-plan.ts';
import { type Outcome, runOnHost, runProgram, writeConfiguration } from '../support/fleet-program.ts';

/** A session as `opencode session list --format json` prints it; times are epoch milliseconds. */
const listedSessions = z.array(
  z.object({ id: z.string(), title: z.string(), created: z.number(), updated: z.number(), directory: z.string() }),
);
/** The compared fields of a session of `ocr sessions --json`; times are ISO 8601. */
const ownSessions = z.array(
  z.object({
    host: z.string(),
    id: z.string(),
    parentId: z.string().nullable(),
    title: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    directory: z.string(),
  }),
);
const ownHosts = z.array(
  z.strictObject({
    name: z.string(),
    label: z.string(),
    group: z.string().nullable(),
    address: z.string().nullable(),
    port: z.number().nullable(),
    user: z.string().nullable(),
    url: z.string().nullable(),
    status: z.string(),
    reason: z.string().nullable(),
    hint: z.string().nullable(),
    keyWarning: z.string().nullable(),
    blockedBy: z.string().nullable(),
    transport: z.enum(['ssh2', 'openssh', 'local']).nullable(),
    latencyMs: z.number().positive().nullable(),
    opencode: z.strictObject({ path: z.string(), version: z.string().nullable() }).nullable(),
    database: z.string().nullable(),
    profile: z.string().nullable(),
    live: z.boolean(),
    servers: z.array(z.looseObject({ pid: z.number(), port: z.number(), own: z.boolean() })).nullable(),
    sessions: z.number().nullable(),
    updatedAt: z.iso.datetime().nullable(),
  }),
);

/** The slow rungs need more than 3 s of silence where two CPUs serve a whole fleet. */
const configuration = `
polling: {timeout: 60s}
hosts:
  local: false
  overrides: {silent: {timeout: 3s}}
`;

let fleet: Fleet;
let options: string[];
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  fleet = await startFleet();
  const config = await writeConfiguration(fleet, 'fleet-only', configuration);
  options = ['--ssh-config', fleet.sshConfig, '--config', config];
  environment = fleet.environment;
});
afterAll(() => fleet?.close());

describe('ocr sessions --json', () => {
  /** Sorted by id, with times as epoch milliseconds. */
  let own: z.infer<typeof ownSessions>;
  let outcome: Outcome;

  beforeAll(async () => {
    outcome = await runProgram(['sessions', '--json', ...options], environment);
    own = ownSessions.parse(JSON.parse(outcome.stdout));
  });

  it.each<{ alias: HostAlias; directories: string[]; by: string; subagents?: string[] }>([
    {
      alias: 'alpha',
      directories: [api, web, notes, hostileDirectory],
      by: 'sqlite3',
      subagents: ['Explore the schema'],
    },
    { alias: 'beta', directories: [api, web, notes], by: 'python3' },
    { alias: 'gamma', directories: [api, web, notes], by: 'opencode db' },
    { alias: 'delta', directories: [api, web, notes], by: 'opencode session list' },
    { alias: 'homebin', directories: [api, web, notes], by: 'an opencode outside PATH' },
    { alias: 'big', directories: [api], by: 'sqlite3, 500 at once' },
  ])('tells of $alias by $by what opencode lists there', async ({ alias, directories, subagents = [] }) => {
    const listed = await listOnHost(alias, directories);
    const ours = own.filter(({ host }) => host === alias);
    const roots = ours.filter(({ parentId }) => parentId === null);
    expect(roots.map(comparable).sort(byId)).toEqual(listed);
    expect(ours.filter(({ parentId }) => parentId !== null).map(({ title }) => title)).toEqual(subagents);
    expect(ours.every(({ parentId }) => parentId === null || roots.some(({ id }) => id === parentId))).toBe(true);
  });

  it('ends well although some hosts failed, and names those on stderr', () => {
    expect(outcome.code).toBe(0);
    for (const alias of ['refused', 'silent', 'password', 'changed', 'unknown', 'bare']) {
      expect(outcome.stderr).toContain(`ocr: ${alias}: `);
    }
    expect(outcome.stderr.trim().split('\n')).toHaveLength(6);
  });
});

describe('ocr hosts --json', () => {
  it('tells the state of every host and why, with the same keys for each', async () => {
    const { code, stdout } = await runProgram(['hosts', '--json', ...options], environment);
    expect(code).toBe(0);
    const hosts = new Map(ownHosts.parse(JSON.parse(stdout)).map((host) => [host.name, host]));
    expect([...hosts.keys()].sort()).toEqual([...hostAliases].sort());
    for (const alias of ['alpha', 'beta', 'gamma', 'delta', 'homebin', 'big', 'slow']) {
      expect(hosts.get(alias), alias).toMatchObject({
        status: 'online',
        reason: null,
        opencode: { version: '1.18.33' },
      });
    }
    expect(hosts.get('big')).toMatchObject({ sessions: 500 });
    expect(hosts.get('homebin')?.opencode?.path).toBe(join(fleet.host('homebin').home, '.opencode/bin/opencode'));
    expect(hosts.get('refused')).toMatchObject({ status: 'offline', reason: 'connection refused' });
    expect(hosts.get('silent')).toMatchObject({ status: 'offline', reason: 'no SSH answer within 3s' });
    expect(hosts.get('password')).toMatchObject({ status: 'auth-required', reason: expect.stringMatching(/password/) });
    expect(hosts.get('changed')).toMatchObject({
      status: 'host-key-changed',
      reason: expect.stringContaining(fleet.knownHosts),
    });
    expect(hosts.get('unknown')).toMatchObject({
      status: 'host-key-unknown',
      reason: expect.stringMatching(/SHA256:[\w+/]{43}/),
    });
    expect(hosts.get('bare')).toMatchObject({ status: 'no-opencode', reason: expect.stringMatching(/\w/) });
    for (const alias of hostAliases) {
      const { address, port } = fleet.host(alias);
      expect(hosts.get(alias), alias).toMatchObject({ address, port, user: process.env.USER ?? expect.any(String) });
    }
  });
});

/**
 * The sessions that the host's own opencode lists in those directories below its home, one call after the other, sorted
 * by id.
 */
async function listOnHost(alias: HostAlias, directories: readonly string[]) {
  const { home } = fleet.host(alias);
  const binary = alias === 'homebin' ? '"$HOME/.opencode/bin/opencode"' : 'opencode';
  const sessions = new Map<string, z.infer<typeof listedSessions>[number]>();
  for (const directory of directories) {
    // By itself it lists the newest 100 only, and into a pipe no more than 128 KiB.
    const list = `${binary} session list --format json --max-count 1000 >"$HOME/listed" && cat "$HOME/listed"`;
    const script = `cd ${quote(join(home, directory))} && ${list}`;
    const printed = await runOnHost(fleet, alias, script);
    for (const session of printed.trim() === '' ? [] : listedSessions.parse(JSON.parse(printed))) {
      sessions.set(session.id, session);
    }
  }
  return [...sessions.values()].sort(byId);
}

function comparable({ id, title, createdAt, updatedAt, directory }: z.infer<typeof ownSessions>[number]) {
  return { id, title, created: Date.parse(createdAt), updated: Date.parse(updatedAt), directory };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
