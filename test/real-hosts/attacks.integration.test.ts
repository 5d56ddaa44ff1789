import { chmod, lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { discoverHosts } from '../../src/discovery/discover.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Server } from '../../src/domain/server.ts';
import { ChangeableConfig } from '../../src/engine/config-source.ts';
import { Servers } from '../../src/engine/servers.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { portableScript, quoteArgument } from '../../src/lib/shell-quote.ts';
import { attachScript, PASSWORD_ASKED, PASSWORD_TAKEN, SERVER_NOT_PROVEN } from '../../src/opencode/attach-command.ts';
import { throughLoginShell } from '../../src/opencode/login-shell.ts';
import { ServerClient } from '../../src/opencode/server/server-client.ts';
import { OwnPasswords } from '../../src/opencode/server-process/own-passwords.ts';
import { ensureOwnServer, type ServerSource } from '../../src/opencode/server-process/own-server.ts';
import { Prober } from '../../src/probe/prober.ts';
import { AnsweredPty } from '../../src/transport/answered-pty.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type { TransportPool } from '../../src/transport/transport-pool.ts';
import { findFreePort } from '../fleet/free-port.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { SETTINGS } from '../support/builders.ts';
import { LabDashboard, rowOf } from '../support/lab-dashboard.ts';
import { PortThief } from '../support/port-thief.ts';
import { createRealPool } from '../support/real-pool.ts';
import { ATTACKER, addTwoAccounts, asUser, NO_ACCOUNTS, VICTIM } from '../support/two-accounts.ts';

const PASSWORD = 'correct-horse-battery';
const BASIC = Buffer.from(`opencode:${PASSWORD}`).toString('base64');
const { signal } = new AbortController();
const NOT_PROVEN = /process \d+ has ended|another process uses that port|its process does not listen there/;
/** Sets the window's title, clears the screen, opens a link, asks for the cursor's place and hides text. */
const HOSTILE_TITLE = 'ow\u{e0100}ned\u001b]0;pwned\u0007\u001b[2J\u001b]8;;http://evil.example\u001b\\\u001b[6n\u202e';
const RAW = /\u001b\]0;pwned|\u001b\]8;;http:\/\/evil|\u001b\[6n|\u202e|\u{e0100}/u;
const LIMITS = { signal, timeout: 60_000, enrich: true, mayStartOpencode: false, interaction: null };
const RUN = { signal, idleTimeout: 60_000, maxBytes: 2 ** 20 };

describe.skipIf(NO_ACCOUNTS !== null)(`another user of the host (${NO_ACCOUNTS ?? 'two real accounts'})`, () => {
  let lab: Lab<'victim'>;
  let den: string;
  let host: Host;
  let pool: TransportPool;
  let transport: Transport;
  let prober: Prober;
  let servers: Servers;

  beforeAll(async () => {
    lab = await startLab({ victim: { opencode: true, client: [`User ${VICTIM.name}`] } });
    den = await addTwoAccounts(lab, 'victim');
    const config = { ...defaultConfig.hosts, local: false, include: ['victim'] };
    const { hosts, resolver } = await discoverHosts(config, {
      ...{ sshConfigFile: lab.sshConfig, sshConfigGiven: true, home: '/', routeCacheFile: null },
    });
    const [found] = hosts;
    if (found === undefined) throw new Error('the lab has no host');
    host = { ...found, route: await resolver.resolve('victim', signal) };
    pool = createRealPool();
    transport = await pool.get(host, LIMITS);
    prober = new Prober(pool, Date.now);
    const fleet = new FleetStore(SETTINGS);
    const yaml = `hosts: {overrides: {victim: {server_password: ${PASSWORD}}}}`;
    servers = new Servers({
      ...{ config: new ChangeableConfig(parseConfig(yaml, 'test.yaml').config), fleet, passwords: new OwnPasswords() },
      transport: () => pool.get(host, LIMITS),
    });
  });
  afterAll(async () => {
    pool?.close();
    await lab?.close();
  });

  /** The victim's own server, as a survey finds it once it answers. */
  async function serve(): Promise<Server> {
    const port = await findFreePort('127.0.0.1');
    const opencode = join(lab.host('victim').home, '.opencode/bin/opencode');
    const command = `exec setsid ${quoteArgument(opencode)} serve --hostname 127.0.0.1 --port ${port} </dev/null >serve.log 2>&1 &`;
    const script = `OPENCODE_SERVER_PASSWORD=${PASSWORD}; export OPENCODE_SERVER_PASSWORD; (${command})`;
    await transport.exec(portableScript(script), RUN);
    const found: Server[] = [];
    await expect
      .poll(async () => found.splice(0, 1, ...(await prober.probe(host, null, LIMITS)).servers) && found[0]?.port, {
        timeout: 60_000,
      })
      .toBe(port);
    const [server] = found;
    if (server === undefined) throw new Error('no server was found');
    const client = await servers.connect(host, server, signal);
    await expect.poll(() => client.health(signal).then(Boolean, () => false), { timeout: 60_000 }).toBe(true);
    await client.close();
    return server;
  }

  /** Kills the server and has the other user take its port. */
  async function hijack(server: Server): Promise<PortThief> {
    const thief = await PortThief.lurk(lab.host('victim').machine, den, server.port);
    onTestFinished(() => thief.close());
    // So that nothing that the victim's sshd tells is known before the port has changed hands.
    await signalSshd('STOP');
    try {
      await lab.host('victim').machine.signal(server.pid, 'KILL');
      await thief.waitUntilBound();
    } finally {
      await signalSshd('CONT');
    }
    return thief;
  }

  async function signalSshd(name: 'STOP' | 'CONT'): Promise<void> {
    const { machine } = lab.host('victim');
    const pid = await machine.start('/usr/bin/pkill', [`-${name}`, '-u', String(VICTIM.id), 'sshd']);
    await expect.poll(() => machine.isRunning(pid)).toBe(false);
  }

  const session = async () => (await prober.probe(host, null, LIMITS)).sessions[0]!;

  /** Opens a session through a server as the dashboard does, and gives what the terminal showed and how it ended. */
  async function attach(server: Server) {
    const { id, directory } = await session();
    const opencode = join(lab.host('victim').home, '.opencode/bin/opencode');
    const through = {
      ...{ url: `http://127.0.0.1:${server.port}`, process: server, username: 'opencode' },
      secret: { kind: 'value', password: PASSWORD } as const,
    };
    const line = throughLoginShell(attachScript(opencode, { id, directory }, through));
    const pty = await transport.pty(line, { columns: 80, rows: 24, term: 'xterm' }, signal);
    const answered = new AnsweredPty(pty, { asks: PASSWORD_ASKED, taken: PASSWORD_TAKEN, answer: PASSWORD });
    const seen = { text: '' };
    answered.onData((chunk) => {
      seen.text += chunk.toString('utf8');
    });
    onTestFinished(() => answered.close());
    return { pty: answered, seen };
  }

  /** Sends the same request without the proof: the attacker gets the password. */
  async function expectTrapIsReal({ hostname, port }: Server, thief: PortThief): Promise<void> {
    const naive = new ServerClient({
      open: (target, until) => transport.forward(target, until),
      access: { hostname, port, username: 'opencode', password: PASSWORD },
      ...{ timeout: 30_000, clock: Date.now },
    });
    onTestFinished(() => naive.close());
    await expect(naive.health(signal)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(await thief.loot()).toContain(BASIC);
  }

  it('who takes the port of a killed server hears not one byte, however it is asked', async () => {
    const server = await serve();
    const client = await servers.connect(host, server, signal);
    onTestFinished(() => client.close());
    const { directory, id } = await session();
    expect(await client.health(signal)).toMatchObject({ version: '1.18.33' });
    const events = client.events(signal);
    await events.next();

    const thief = await hijack(server);
    const rest = (async () => {
      for await (const _ of events);
    })();
    await rest.catch(() => {});
    const unproven = { name: 'ServerError', kind: 'unproven' };
    // The attempts in order: the health check after the lost link, then the stream of events again.
    await expect(client.health(signal)).rejects.toMatchObject(unproven);
    await expect(client.events(signal).next()).rejects.toMatchObject(unproven);
    await expect(
      client.prompt({ id, directory, text: 'a private prompt', agent: null, model: null }, signal),
    ).rejects.toMatchObject(unproven);
    await expect(client.sessions(signal)).rejects.toMatchObject(unproven);
    const anew = await servers.connect(host, server, signal);
    onTestFinished(() => anew.close());
    await expect(anew.health(signal)).rejects.toMatchObject({
      ...unproven,
      reason: expect.stringMatching(NOT_PROVEN),
    });
    const attached = await attach(server);
    expect((await attached.pty.exit).code).toBe(SERVER_NOT_PROVEN);
    // The reason is all that the user sees.
    expect(attached.seen.text).toMatch(/^process \d+ has ended\r\n$/);
    await expect.poll(() => thief.count('accepted'), { message: 'the attack was real' }).toBeGreaterThanOrEqual(5);
    expect(await thief.loot()).toBe('');

    await expectTrapIsReal(server, thief);
  });

  it('who takes the port while opencode is attached hears not one byte', async () => {
    const server = await serve();
    const { pty, seen } = await attach(server);
    await expect.poll(() => seen.text.length, { timeout: 60_000 }).toBeGreaterThan(2000);
    const thief = await hijack(server);
    expect((await pty.exit).code).toBe(SERVER_NOT_PROVEN);
    // A process gives its files up some time before it is gone.
    expect(seen.text.slice(-200)).toMatch(NOT_PROVEN);
    // The relay may have seen the end of the process first, and then it has not even connected.
    expect(await thief.count('heard')).toBe(0);
    expect(seen.text).not.toContain('stolen');
    expect(await thief.loot()).toBe('');
    await expectTrapIsReal(server, thief);
  });

  /** Runs a script as the attacker on the victim's machine. */
  async function attack(script: string): Promise<void> {
    const { machine } = lab.host('victim');
    const [program, words] = asUser(ATTACKER);
    const pid = await machine.start(program, [...words, '/bin/sh', '-c', script], { cwd: '/' });
    await expect.poll(() => machine.isRunning(pid)).toBe(false);
  }

  /** The victim's host with its state below a folder that every user may write to. */
  async function inSharedState(): Promise<{ source: ServerSource; shared: string; state: string }> {
    const shared = join(lab.directory, `shared-${Math.random().toString(36).slice(2)}`);
    await mkdir(shared);
    await chmod(shared, 0o1777);
    const shell = async (until: AbortSignal) => {
      const opened = await transport.shell(until);
      await opened.run(`XDG_STATE_HOME=${quoteArgument(shared)}; export XDG_STATE_HOME`, RUN);
      return opened;
    };
    const forward: Transport['forward'] = (target, until) => transport.forward(target, until);
    return { source: { shell, forward, note: () => {} }, shared, state: join(shared, 'opencode-remote') };
  }

  const startOptions = () => ({
    opencodePath: join(lab.host('victim').home, '.opencode/bin/opencode'),
    mayStart: true,
    timeout: 60_000,
  });

  it.each([
    ['a folder of the attacker', (state: string) => `mkdir -m 777 ${state}`],
    ['a link to a folder of the victim', (state: string, home: string) => `ln -s ${home}/work ${state}`],
    ['a FIFO', (state: string) => `mkfifo -m 666 ${state}`],
  ])(
    "ocr's own server is not started, and nothing is written or changed, where its folder is %s",
    async (_name, plant) => {
      const { source, state } = await inSharedState();
      const { home } = lab.host('victim');
      const modeBefore = (await stat(join(home, 'work'))).mode;
      await attack(plant(state, home));
      await expect(ensureOwnServer(source, startOptions(), signal)).rejects.toMatchObject({ kind: 'start-failed' });
      expect((await stat(join(home, 'work'))).mode).toBe(modeBefore);
      expect(await readdir(state).catch(() => [])).not.toContainEqual(expect.stringMatching(/^server|^lock/));
    },
  );

  it("ocr's own server is started past what the attacker planted in its folder, and tells its password to no one", async () => {
    const { source, state } = await inSharedState();
    const { home } = lab.host('victim');
    const hostname = (await transport.exec('uname -n', RUN)).stdout.trim();
    await transport.exec(`umask 000; mkdir -m 777 ${state}; echo precious >${home}/precious`, RUN);
    await attack(
      [
        `: >${den}/bait; chmod 666 ${den}/bait`,
        `ln -s ${den}/bait ${state}/server-${hostname}.json`,
        `ln -s ${den}/bait ${state}/server-${hostname}.json.new`,
        `ln -s ${home}/precious ${state}/server-${hostname}.log`,
        `mkfifo -m 666 ${state}/server.json`,
      ].join('; '),
    );
    const own = await ensureOwnServer(source, startOptions(), signal);
    onTestFinished(() => lab.host('victim').machine.signal(own.server.pid, 'KILL'));
    expect(own.started).toBe(true);
    expect(await readFile(join(den, 'bait'), 'utf8')).toBe('');
    expect(await readFile(join(home, 'precious'), 'utf8')).toBe('precious\n');
    expect((await stat(state)).mode & 0o777).toBe(0o700);
    const written = await lstat(own.path);
    expect([written.isFile(), written.mode & 0o777, written.uid]).toEqual([true, 0o600, VICTIM.id]);
    await attack(`cat ${own.path} /proc/${own.server.pid}/environ >${den}/loot-of-files 2>/dev/null`);
    expect(await readFile(join(den, 'loot-of-files'), 'utf8')).toBe('');
  });

  it('who takes the port under the dashboard hears not one byte and paints nothing', async () => {
    const server = await serve();
    const client = await servers.connect(host, server, signal);
    await client.rename(await session(), HOSTILE_TITLE, signal);
    await client.close();
    const dashboard = new LabDashboard('attacks', lab);
    onTestFinished(() => dashboard.close());
    await dashboard.open({ include: ['victim'], overrides: `{victim: {server_password: ${PASSWORD}}}` });
    await dashboard.waitForRow('victim', / live/);
    await dashboard.keys('/');
    await dashboard.terminal.type('evil.example');
    await dashboard.waitFor(/ owned /);
    // Before its first frame ocr itself asks the terminal where the cursor is.
    const [, ...frames] = (await readFile(dashboard.recording, 'utf8')).split('\u001b[?1049h');
    expect(frames.join().length).toBeGreaterThan(0);
    expect(frames.join()).not.toMatch(RAW);
    await dashboard.keys('Escape');
    await dashboard.waitForRow('victim', / live/);
    const thief = await hijack(server);
    await dashboard.waitFor((lines) => !/ live /.test(rowOf(lines, 'victim') ?? ' live '));
    await expect.poll(() => thief.count('accepted')).toBeGreaterThanOrEqual(1);
    await expect.poll(() => thief.count('left')).toBeGreaterThanOrEqual(1);
    await dashboard.waitForRow('victim', /polled/);
    expect(await thief.loot()).toBe('');
    expect((await dashboard.terminal.screen()).join('\n')).not.toContain('stolen');
  });
});
