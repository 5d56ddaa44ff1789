import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import {
  addAliases,
  createClient,
  failureOf,
  followLog,
  forBothKinds,
  KINDS,
  PATIENCE,
  runLimits,
} from './matrix-client.ts';

const can = findLabCapabilities();
const both = forBothKinds([[]]);

const plans = {
  plain: { sshd: ['LogLevel DEBUG', 'AcceptEnv OCR_TEST_*'] },
  frozen: { client: ['ServerAliveInterval 1', 'ServerAliveCountMax 2'] },
} as const;

let lab: Lab<keyof typeof plans>;
let agent: string;

beforeAll(async () => {
  lab = await startLab(plans);
  agent = (await lab.agent('plain')).socket;
  const { address } = lab.host('plain');
  const way = [`HostName ${address}`, `IdentityFile ${lab.key('plain').path}`];
  await addAliases(lab, {
    stranger: [...way, 'User daemon'],
    bound: [...way, 'BindAddress 127.0.0.77'],
    nowhere: [...way, 'BindAddress 192.0.2.1'],
    inet: [...way, 'AddressFamily inet'],
    inet6: [...way, 'AddressFamily inet6'],
    closed: [...way, 'Port 1'],
    'closed-twice': [...way, 'Port 1', 'ConnectionAttempts 2'],
    unknown: ['HostName no-such-host.invalid'],
    sent: [...way, 'SendEnv OCR_TEST_SENT OCR_TEST_ALSO*', 'SetEnv OCR_TEST_SET="two words" OCR_TEST_MORE=more'],
    compressed: [...way, 'Compression yes'],
    agent: [...way, 'ForwardAgent yes', `IdentityAgent ${agent}`],
    commanded: [...way, 'RemoteCommand echo configured', 'RequestTTY force', 'SessionType none', 'StdinNull yes'],
    local: [...way, 'PermitLocalCommand yes', `LocalCommand touch ${lab.directory}/local-command`],
  });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

describe('honoured on the wire:', () => {
  it.skipIf(!can.passwords).each(both)('User, by %s', async (kind) => {
    const log = await followLog(lab.host('plain'));
    // It cannot even read the list of its keys.
    expect(await failureOf((await createClient(lab, kind)).connect('stranger'))).toMatchObject({ kind: 'auth' });
    expect(await log.untilEnd()).toContain('authenticating user daemon');
  });

  it.each(both)('BindAddress, by %s', async (kind) => {
    const log = await followLog(lab.host('plain'));
    await (await createClient(lab, kind)).connect('bound');
    expect(await log.read()).toMatch(/Connection from 127\.0\.0\.77 port/);
  });

  it.each(both)('BindAddress that this machine does not have, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('nowhere'));
    expect(failure.kind).toMatch(/unreachable|closed/);
    expect(`${failure.message} ${failure.hint}`).toMatch(/EADDRNOTAVAIL|assign requested address/);
  });

  it.each(both)('AddressFamily, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    expect(await client.echo('inet')).toBe('in\n');
    const log = await followLog(lab.host('plain'));
    expect((await failureOf(client.connect('inet6'))).kind).toMatch(/dns|unreachable|protocol|refused/);
    expect(await log.read()).not.toContain('Connection from');
  });

  it.each(both)('a name that does not resolve, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('unknown'));
    expect(failure).toMatchObject({ kind: 'dns', message: 'the name no-such-host.invalid does not resolve' });
  });

  it.each(both)('ConnectionAttempts, a second apart, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    const start = performance.now();
    expect(await failureOf(client.connect('closed-twice'))).toMatchObject({ kind: 'refused' });
    // A busy machine only takes longer.
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it.each(both)('ConnectTimeout, by %s', async (kind) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const alias = `silent-${kind}`;
    await addAliases(lab, { [alias]: ['HostName 127.0.0.1', `Port ${port}`, 'ConnectTimeout 1'] });
    // A limit of our own that outlasts the test.
    const failure = await failureOf((await createClient(lab, kind)).connect(alias, { timeout: 3_600_000 }));
    expect(failure.kind).toBe('timeout');
  });

  it('ServerAliveInterval and ServerAliveCountMax, by both kinds', async () => {
    const transports = await Promise.all(KINDS.map(async (kind) => (await createClient(lab, kind)).connect('frozen')));
    await lab.host('frozen').pause();
    onTestFinished(() => lab.host('frozen').resume());
    const closed = () => expect(transports.map((transport) => transport.closed)).toEqual([true, true]);
    await vi.waitFor(closed, PATIENCE);
  });

  it.each(both)('SendEnv and SetEnv, by %s', async (kind) => {
    for (const name of ['SENT', 'ALSO_1', 'NOT_SENT']) vi.stubEnv(`OCR_TEST_${name}`, `value of ${name}`);
    const transport = await (await createClient(lab, kind)).connect('sent');
    const { stdout } = await transport.exec('env', runLimits());
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('OCR_TEST_'))
        .sort(),
    ).toEqual([
      'OCR_TEST_ALSO_1=value of ALSO_1',
      'OCR_TEST_MORE=more',
      'OCR_TEST_SENT=value of SENT',
      'OCR_TEST_SET=two words',
    ]);
    const shell = await transport.shell(new AbortController().signal);
    expect((await shell.run('echo "$OCR_TEST_SET"', runLimits())).output).toBe('two words\n');
  });

  it.each(both)('Compression, by %s', async (kind) => {
    const log = await followLog(lab.host('plain'));
    const transport = await (await createClient(lab, kind)).connect('compressed');
    expect((await transport.exec('yes | head -c 1000000', runLimits())).stdout).toHaveLength(1_000_000);
    expect(await log.read()).toMatch(/compression: zlib@openssh\.com|Enabling compression/);
  });

  it.each(both)('what ssh would do besides is not done, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    const transport = await client.connect('commanded');
    expect(await transport.exec('echo asked; tty', runLimits())).toEqual({
      ...{ code: 1, stdout: 'asked\nnot a tty\n', stderr: '' },
    });
    const shell = await transport.shell(new AbortController().signal);
    expect((await shell.run('echo asked', runLimits())).output).toBe('asked\n');
    const local = await client.connect('local');
    const look = await local.exec(`ls ${lab.directory}`, runLimits());
    expect(look.stdout).toContain('known_hosts');
    expect(look.stdout).not.toContain('local-command');
  });
});

describe('the agent', () => {
  it.each(both)('is not forwarded to a command or a shell, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('agent');
    const ask = 'echo "agent: [$SSH_AUTH_SOCK]"';
    expect((await transport.exec(ask, runLimits())).stdout).toBe('agent: []\n');
    const shell = await transport.shell(new AbortController().signal);
    expect((await shell.run(ask, runLimits())).output).toBe('agent: []\n');
  });

  it.each(both)('is forwarded to a program on a terminal, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    const run = async (alias: string) => {
      const transport = await client.connect(alias);
      const request = { columns: 80, rows: 24, term: 'dumb' };
      const pty = await transport.pty('ssh-add -l; stty size', request, new AbortController().signal);
      let printed = '';
      pty.onData((chunk) => {
        printed += chunk.toString('utf8');
      });
      expect(await pty.exit).toEqual({ code: 0, signal: null });
      return printed;
    };
    expect(await run('agent')).toMatch(/256 SHA256:\S+ plain \(ED25519\)\r\n24 80\r\n$/);
    expect(await run('inet')).toMatch(/Could not open a connection to your authentication agent/);
  });
});
