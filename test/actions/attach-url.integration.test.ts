import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { openSession } from '../../src/actions/attach-open.ts';
import type { AttachPorts } from '../../src/actions/attach-ports.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { api } from '../fleet/seed-plan.ts';
import { aSetup } from '../support/a-setup.ts';
import { aHost, anEntry, aSnapshot } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { findProcessesWith } from '../support/traces.ts';

const PASSWORD = 'open sesame, number 4711';
let fleet: Fleet;
let server: OpencodeServer;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'] });
  const { machine, home, environment } = fleet.host('alpha');
  server = await startOpencodeServer({
    ...{ machine: machine!, binary: fleet.opencode, cwd: home, log: join(home, '.guarded.log') },
    environment: { ...environment, OPENCODE_SERVER_PASSWORD: PASSWORD },
  });
});
afterAll(() => fleet?.close());

it("opens a session of an instance in this machine's opencode, with its password in no argument", async () => {
  const home = await makeTempDir();
  vi.stubEnv('HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sshConfigFile = join(home, 'config');
  await writeFile(sshConfigFile, '');
  const instances = { dev: { url: server.url, password: PASSWORD } };
  const { config } = parseConfig(JSON.stringify({ instances, hosts: { local: false } }), 'test.yaml');
  const setup = aSetup(config, { sshConfigFile, sshConfigGiven: true, home, routeCacheFile: null });
  const engine = new Engine(await openFleet(setup, 1), setup);
  onTestFinished(() => engine.close());
  const { signal } = new AbortController();
  const snapshot = await engine.refreshHost('dev');
  const directory = join(fleet.host('alpha').home, api);
  const session = snapshot!.sessions.find((one) => one.directory === directory && one.parentId === null)!;

  const local = aHost({ alias: 'local', route: { kind: 'local' } });
  const opencode = { path: fleet.opencode, version: null, identity: '' };
  const dev = engine.fleet.getState().entries.get('dev')!;
  engine.fleet.setState({
    entries: new Map([
      ['dev', dev],
      ['local', anEntry({ host: local, snapshot: aSnapshot({ opencode, login: null }) })],
    ]),
  });
  const ports: Pick<AttachPorts, 'fleet' | 'serverFor' | 'signal' | 'refreshHost' | 'byUrl'> = {
    ...{ fleet: engine.fleet, serverFor: null, signal },
    refreshHost: (alias) => engine.refreshHost(alias),
    byUrl: {
      serverOf: async ({ alias }, route) => ({ url: route.url, ...(await engine.instanceLogin(alias, route, signal)) }),
      openThisMachine: () => engine.connect(local, null, signal),
    },
  };
  const size = { columns: 100, rows: 30 };
  const opened = await openSession(ports as AttachPorts, { host: dev.host, sessionId: session.id, size }, () => {});
  if (typeof opened === 'string') return expect.unreachable(opened);
  let painted = '';
  opened.pty.onData((chunk) => {
    painted += chunk.toString('utf8');
  });
  await vi.waitFor(() => expect(painted).toContain('You said'), { timeout: 60_000, interval: 200 });
  expect(opened.throughServer).toBe(true);
  expect(painted).not.toContain(PASSWORD);
  expect(findProcessesWith([PASSWORD]).filter((path) => path.endsWith('cmdline'))).toEqual([]);
  opened.pty.close();
  await opened.pty.exit.catch(() => {});
});
