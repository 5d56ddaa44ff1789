import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { setUp } from '../../src/commands/options.ts';
import { type HostEntry, hostStatus } from '../../src/domain/fleet.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { Instruments } from '../soak/instruments.ts';
import { listDescriptors, MARK, observe } from '../soak/observe.ts';
import { findSessions } from '../soak/sshd-sessions.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';

const plans = {
  near: { opencode: true },
  gate: { opencode: true },
  inner: { opencode: true, behind: 'gate' },
  deep: { opencode: true, behind: 'inner' },
  system: { opencode: true },
  watched: { opencode: true, client: ['ServerAliveInterval 1', 'ServerAliveCountMax 2'] },
} as const satisfies Record<string, LabHostPlan>;
type Alias = keyof typeof plans;

/** Plain, a hop, behind one and two, and through the system's ssh. */
const everyKind = ['near', 'gate', 'inner', 'deep', 'system'] as const satisfies readonly Alias[];
/** Longer than any test: nothing is asked but what the test asks for. */
const NEVER = '10m';
const PATIENCE = { timeout: 20_000, interval: 20 };
const instruments = new Instruments();

let lab: Lab<Alias>;
beforeAll(async () => {
  instruments.watchProbes();
  instruments.watchHandshakes();
  lab = await startLab(plans);
});
afterAll(() => lab?.close());

beforeEach(async () => {
  const temporary = join(lab.directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const marks = {
    HOME: join(lab.directory, 'client'),
    TMPDIR: temporary,
    SSH_AUTH_SOCK: undefined,
    [MARK]: lab.directory,
  };
  for (const [name, value] of Object.entries(marks)) vi.stubEnv(name, value);
});
/** Whatever a test did, the next one finds every host up. */
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const alias of Object.keys(plans) as Alias[]) {
    await lab.host(alias).resume();
    await lab.host(alias).start();
  }
});

interface EngineOptions {
  readonly interval?: string;
  readonly timeout?: string;
  readonly maxParallel?: number;
  /** Text of an ssh config that names these hosts again. */
  readonly more?: string;
}

/** The program without its screen, looking at some hosts of the lab. */
async function startEngine(aliases: readonly string[], options: EngineOptions = {}) {
  const { interval = NEVER, timeout = '2s', maxParallel = 10, more = '' } = options;
  const [config, sshConfig] = [join(lab.directory, 'endurance.yaml'), join(lab.directory, 'endurance_config')];
  await writeFile(sshConfig, `${more}Host *\n  Include "${lab.sshConfig}"\n`);
  await writeFile(
    config,
    [
      `polling: {interval: ${interval}, timeout: ${timeout}, max_parallel: ${maxParallel}}`,
      `hosts: {local: false, include: [${aliases.join(', ')}], overrides: {system: {transport: openssh}}}\n`,
    ].join('\n'),
  );
  const setup = await setUp({ config, sshConfig, cache: false, logLevel: 'error' });
  const opened = await openFleet(setup, Number.POSITIVE_INFINITY);
  const refresher = new Engine(opened, setup);
  const { fleet } = opened;
  const close = async () => {
    await refresher.close();
  };
  onTestFinished(close);
  const entry = (alias: string): HostEntry => {
    const found = fleet.getState().entries.get(alias);
    if (found === undefined) throw new Error(`${alias} is not listed`);
    return found;
  };
  const failures: string[] = [];
  onTestFinished(
    fleet.subscribe(({ entries }) => {
      for (const { host, failure } of entries.values()) {
        if (failure !== null) failures.push(`${host.alias}: ${failure.reason}`);
      }
    }),
  );
  return {
    refresher,
    close,
    entry,
    /** Every failure that was ever shown. */
    failures,
    until: (alias: string, status: ReturnType<typeof hostStatus>) =>
      vi.waitFor(
        () => expect(hostStatus(entry(alias)), `${alias}: ${entry(alias).failure?.reason}`).toBe(status),
        PATIENCE,
      ),
    /** A snapshot that is newer than that time. */
    untilAnswered: (alias: string, since: number) =>
      vi.waitFor(
        () => expect(entry(alias)).toMatchObject({ failure: null, snapshot: { at: newerThan(since) } }),
        PATIENCE,
      ),
  };
}

function newerThan(since: number) {
  return expect.toSatisfy((at: unknown) => typeof at === 'number' && at > since);
}

it('notices a frozen host, and has it back after the thaw by itself', async () => {
  const engine = await startEngine(['near'], { interval: '300ms', timeout: '1s' });
  engine.refresher.start();
  await engine.until('near', 'online');
  await lab.host('near').pause();
  await engine.until('near', 'offline');
  expect(engine.entry('near').snapshot?.sessions.length).toBeGreaterThan(0);
  await lab.host('near').resume();
  await engine.until('near', 'online');
});

it('shows those behind a hop that is down as blocked by it, and has them back when it is', async () => {
  const engine = await startEngine(['gate', 'inner', 'deep'], { interval: '400ms' });
  engine.refresher.start();
  for (const alias of ['gate', 'inner', 'deep']) await engine.until(alias, 'online');
  await lab.host('gate').stop();
  await engine.until('gate', 'offline');
  for (const alias of ['inner', 'deep']) {
    await engine.until(alias, 'blocked');
    await vi.waitFor(() => expect(engine.entry(alias).failure).toMatchObject({ blockedBy: 'gate' }), PATIENCE);
  }
  await lab.host('gate').start();
  for (const alias of ['gate', 'inner', 'deep']) await engine.until(alias, 'online');
});

it('asks those behind a hop as soon as it is connected, however long they would have waited', async () => {
  const engine = await startEngine(['gate', 'inner', 'deep']);
  await lab.host('gate').stop();
  engine.refresher.start();
  for (const alias of ['inner', 'deep']) await engine.until(alias, 'blocked');
  await lab.host('gate').start();
  await engine.refresher.refreshHost('gate');
  for (const alias of ['gate', 'inner', 'deep']) await engine.until(alias, 'online');
});

it('has a host behind a frozen hop back as soon as the hop is connected', async () => {
  const engine = await startEngine(['gate', 'inner'], { timeout: '1s' });
  engine.refresher.start();
  for (const alias of ['gate', 'inner']) await engine.until(alias, 'online');
  await lab.host('gate').pause();
  engine.refresher.refreshAll();
  await engine.until('gate', 'offline');
  await vi.waitFor(() => expect(engine.entry('inner').failure).toMatchObject({ blockedBy: 'gate' }), PATIENCE);
  await lab.host('gate').resume();
  await engine.refresher.refreshHost('gate');
  await engine.until('inner', 'online');
});

it.for(['near', 'system'] as const)(
  '%s: answers on after its server ended the connection, and is never shown as failed',
  async (alias) => {
    const engine = await startEngine([alias]);
    engine.refresher.start();
    await engine.until(alias, 'online');
    for (const pid of findSessions(lab.host(alias).machine.pid)) process.kill(pid, 'SIGKILL');
    const since = Date.now();
    engine.refresher.refreshAll();
    await engine.untilAnswered(alias, since);
    expect(engine.failures).toEqual([]);
  },
);

it.for(['near', 'system', 'inner'] as const)(
  '%s: answers on a new connection when the old one died unheard, as in a sleep',
  async (alias) => {
    const engine = await startEngine([alias], { timeout: '1s' });
    engine.refresher.start();
    await engine.until(alias, 'online');
    for (const pid of findSessions(lab.host(alias).machine.pid)) process.kill(pid, 'SIGSTOP');
    const since = Date.now();
    engine.refresher.refreshAll();
    await engine.untilAnswered(alias, since);
    expect(engine.failures).toEqual([]);
  },
);

it('finds a new way through a hop whose connection died unheard, though no one asks the hop itself', async () => {
  const engine = await startEngine(['inner'], { timeout: '1s' });
  engine.refresher.start();
  await engine.until('inner', 'online');
  for (const pid of findSessions(lab.host('gate').machine.pid)) process.kill(pid, 'SIGSTOP');
  const since = Date.now();
  engine.refresher.refreshAll();
  await engine.untilAnswered('inner', since);
  expect(engine.failures).toEqual([]);
});

it('gives up a dead connection after ServerAliveInterval x ServerAliveCountMax, without asking the host anything', async () => {
  const engine = await startEngine(['watched']);
  engine.refresher.start();
  await engine.until('watched', 'online');
  const { machine } = lab.host('watched');
  // A version is asked for a little later, and would be in the way.
  await vi.waitFor(() => expect(engine.entry('watched').snapshot?.opencode.version).toBeTruthy(), PATIENCE);
  for (const pid of findSessions(machine.pid)) process.kill(pid, 'SIGSTOP');
  const since = Date.now();
  await vi.waitFor(() => expect(lab.host('watched').connections()).toBe(0), PATIENCE);
  engine.refresher.refreshAll();
  await engine.untilAnswered('watched', since);
  expect(engine.failures).toEqual([]);
});

it('never shakes more hands at a time than it may', async () => {
  const aliases = Array.from({ length: 12 }, (_, index) => `again-${index}`);
  const [address, { path }] = [lab.host('near').address, lab.key('plain')];
  const more = aliases.map((alias) => `Host ${alias}\n  HostName ${address}\n  IdentityFile "${path}"\n`).join('');
  const engine = await startEngine(aliases, { more, maxParallel: 3, timeout: '10s' });
  instruments.mostHandshakes = 0;
  engine.refresher.start();
  for (const alias of aliases) await engine.until(alias, 'online');
  expect(instruments.mostHandshakes).toBe(3);
  instruments.mostHandshakes = 0;
  await lab.host('near').stop();
  await lab.host('near').start();
  const since = Date.now();
  engine.refresher.refreshAll();
  for (const alias of aliases) await engine.untilAnswered(alias, since);
  expect(instruments.mostHandshakes).toBeLessThanOrEqual(3);
});

/** Resources of this process. */
const held = () => ({
  descriptors: listDescriptors(process.pid).filter((name) => !name.startsWith('anon_inode')),
  children: observe(process.pid, lab.directory).children,
  timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
});

/** A probe that outlasts the test: closing must not wait for it. */
const ENDLESS = '10m';

/** Closes it and fails when more is held then than before. */
async function expectNothingLeft(engine: { close(): Promise<void> }, before: ReturnType<typeof held>): Promise<void> {
  await engine.close();
  expect(instruments.probing).toBe(0);
  await vi.waitFor(() => {
    const { children, descriptors } = held();
    expect(children).toEqual([]);
    expect(descriptors.filter((name) => !before.descriptors.includes(name))).toEqual([]);
  }, PATIENCE);
  expect(held().timers).toBeLessThanOrEqual(before.timers);
}

const freeze = async (...aliases: Alias[]) => {
  for (const alias of aliases) await lab.host(alias).pause();
};

it('leaves nothing when it is closed while hosts that answered are frozen', async () => {
  const before = held();
  const engine = await startEngine(everyKind, { interval: '300ms', timeout: ENDLESS });
  engine.refresher.start();
  for (const alias of ['near', 'deep', 'system']) await engine.until(alias, 'online');
  await freeze('near', 'gate', 'system');
  await vi.waitFor(() => expect(instruments.probing).toBe(everyKind.length), PATIENCE);
  await expectNothingLeft(engine, before);
});

it('leaves nothing when it is closed while it connects to frozen hosts', async () => {
  const before = held();
  const engine = await startEngine(everyKind, { interval: '300ms', timeout: ENDLESS });
  await freeze('near', 'gate', 'system');
  engine.refresher.start();
  await vi.waitFor(() => expect(instruments.probing).toBe(everyKind.length), PATIENCE);
  await expectNothingLeft(engine, before);
});

it('leaves nothing when it is closed after a hop froze that others were reached through', async () => {
  const before = held();
  const engine = await startEngine(['gate', 'inner', 'deep'], { timeout: '1s' });
  engine.refresher.start();
  for (const alias of ['gate', 'inner', 'deep']) await engine.until(alias, 'online');
  await freeze('gate');
  engine.refresher.refreshAll();
  await engine.until('gate', 'offline');
  await expectNothingLeft(engine, before);
});
