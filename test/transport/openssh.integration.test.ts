import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SecretQuestion } from '../../src/domain/question.ts';
import type { ConnectLimits, Interaction } from '../../src/transport/interaction.ts';
import { connectOpenssh, type OpensshDestination, type OpensshSettings } from '../../src/transport/openssh-connect.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { authenticationAttempted } from '../ssh-lab/sshd-log.ts';
import { runLimits } from './transport-contract.ts';

const PATIENCE = { timeout: 15_000, interval: 50 };
const run = promisify(execFile);

const plans = {
  web: {},
  password: { access: 'password' },
  refused: { access: 'refused' },
  unknown: { trust: 'unknown' },
  stranger: { trust: 'unknown' },
  unseen: { trust: 'unknown', client: ['StrictHostKeyChecking accept-new'] },
  changed: { trust: 'changed' },
  revoked: { trust: 'revoked' },
  silent: {},
  narrow: { sshd: ['MaxSessions 1'] },
  elsewhere: { client: ['ProxyCommand false'] },
  forwarding: {
    client: ['LocalForward 127.0.0.1:1 127.0.0.1:2', 'RemoteCommand echo configured', 'RequestTTY yes', 'Tunnel yes'],
  },
  inner: { behind: 'web' },
} as const;

let lab: Lab<keyof typeof plans>;
let folder: string;
const opened: Transport[] = [];

beforeAll(async () => {
  lab = await startLab(plans);
});
afterAll(() => lab?.close());

/** Short, since sockets are made in it. */
beforeEach(async () => {
  folder = await mkdtemp('/tmp/t-');
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
});

/** Nothing may be left: no file, no process that was told of one. */
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const transport of opened.splice(0)) transport.close();
  await vi.waitFor(async () => {
    expect(await readdir(folder)).toEqual([]);
    expect(await commandsWith(folder)).toEqual([]);
  }, PATIENCE);
  await rm(folder, { recursive: true });
});

async function commandsWith(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,args='], { maxBuffer: 10_000_000 });
  return stdout.split('\n').filter((line) => line.includes(text));
}

class Person implements Interaction {
  readonly asked: SecretQuestion[] = [];
  readonly #answer: (question: SecretQuestion, signal: AbortSignal) => Promise<string | null>;

  constructor(answer: (question: SecretQuestion, signal: AbortSignal) => Promise<string | null>) {
    this.#answer = answer;
  }

  async answer(question: SecretQuestion, signal: AbortSignal): Promise<readonly string[] | null> {
    this.asked.push(question);
    const text = await this.#answer(question, signal);
    return text === null ? null : [text];
  }

  trust(): Promise<boolean> {
    throw new Error('ssh asks for trust by a text');
  }

  progress(): void {}
}

interface Wishes {
  readonly destination?: Partial<OpensshDestination>;
  readonly limits?: Partial<ConnectLimits>;
  readonly settings?: Partial<OpensshSettings>;
}

async function open(alias: keyof typeof plans | 'nowhere.invalid', wishes: Wishes = {}): Promise<Transport> {
  const transport = await connectOpenssh(
    {
      ...{ alias, user: null, port: null, options: null, reason: 'a test', existingMaster: null, via: null },
      ...wishes.destination,
    },
    { signal: new AbortController().signal, timeout: 20_000, interaction: null, ...wishes.limits },
    {
      ...{ controlMaster: 'auto', controlPersist: '20', controlPath: null, configFile: lab.sshConfig },
      ...wishes.settings,
    },
  );
  opened.push(transport);
  return transport;
}

describe('a person', () => {
  it('is asked for the password, which goes nowhere else', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const person = new Person(async () => lab.password);
    const transport = await open('password', { limits: { interaction: person } });
    expect(person.asked).toEqual([
      {
        kind: 'secret',
        host: 'password',
        title: expect.stringMatching(/^Password of \S+@\S+$/),
        instruction: '',
        prompts: [{ text: expect.stringContaining('password'), echo: false }],
      },
    ]);
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
    const { stdout } = await run('ps', ['-A', 'e', '-o', 'args='], { maxBuffer: 50_000_000 });
    expect(stdout.includes(lab.password)).toBe(false);
  });

  it('may take longer than the connection may', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const person = new Person(() => new Promise((resolve) => setTimeout(resolve, 3500, lab.password)));
    const transport = await open('password', { limits: { interaction: person, timeout: 3000 } });
    expect((await transport.exec('exit 5', runLimits())).code).toBe(5);
  });

  it('who does not answer ends the attempt, with no guess sent', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const attempt = open('password', { limits: { interaction: new Person(async () => null) } });
    await expect(attempt).rejects.toMatchObject({ kind: 'auth', message: expect.stringContaining('password of') });
    expect(await lab.host('password').log()).not.toContain('Failed password');
  });

  it('is no longer asked when the connection is given up', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const abort = new AbortController();
    let given = false;
    const person = new Person(
      (_question, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            given = true;
            resolve(null);
          });
          abort.abort();
        }),
    );
    const attempt = open('password', { limits: { interaction: person, signal: abort.signal } });
    await expect(attempt).rejects.toMatchObject({ kind: 'aborted' });
    await vi.waitFor(() => expect(given).toBe(true), PATIENCE);
  });

  it('judges an unknown host key', async () => {
    const person = new Person(async () => 'no');
    const attempt = open('unknown', { limits: { interaction: person } });
    await expect(attempt).rejects.toMatchObject({ kind: 'host-key-unknown' });
    expect(person.asked[0]).toMatchObject({ title: 'Unknown host key', prompts: [{ echo: true }] });
    expect(person.asked[0]?.prompts[0]?.text).toContain('SHA256:');
    expect(authenticationAttempted(await lab.host('unknown').log())).toBe(false);
    const transport = await open('unknown', { limits: { interaction: new Person(async () => 'yes') } });
    expect(transport.closed).toBe(false);
  });
});

describe('without a person', () => {
  it.each([
    ['refused', 'auth', /^permission denied \(/],
    ['stranger', 'host-key-unknown', /not trusted/],
    ['changed', 'host-key-changed', /not the \S+ key in \S+known_hosts:\d+/],
    ['revoked', 'host-key-changed', /revoked/],
    ['nowhere.invalid', 'dns', /nowhere\.invalid does not resolve/],
  ] as const)('%s fails: %s', async (alias, kind, message) => {
    const attempt = open(alias);
    await expect(attempt).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('a key that the configuration accepts unseen is told of', async () => {
    expect((await open('unseen')).connection).toEqual({
      kind: 'openssh',
      reason: 'a test',
      notes: [expect.stringMatching(/^the ED25519 key of \S+ was accepted unseen/)],
    });
  });

  it('a port where nothing listens fails', async () => {
    await expect(open('web', { destination: { port: 1 } })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('a host that says nothing fails in time', async () => {
    const host = lab.host('silent');
    host.pause();
    onTestFinished(() => host.resume());
    const start = performance.now();
    await expect(open('silent', { limits: { timeout: 1500 } })).rejects.toMatchObject({ kind: 'timeout' });
    expect(performance.now() - start).toBeLessThan(6000);
  });

  it('a connection that is given up leaves nothing', async () => {
    await expect(open('web', { limits: { signal: AbortSignal.abort() } })).rejects.toMatchObject({ kind: 'aborted' });
    for (const delay of [20, 60, 120, 200]) {
      const attempt = open('web', { limits: { signal: AbortSignal.timeout(delay) } });
      await attempt.then(
        (transport) => transport.close(),
        (error) => expect(error.kind).toBe('aborted'),
      );
    }
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
  });

  it('what the configuration wants done besides is not done', async () => {
    const transport = await open('forwarding');
    expect(await transport.exec('echo asked', runLimits())).toEqual({ code: 0, stdout: 'asked\n', stderr: '' });
  });
});

describe('a master', () => {
  it('is one connection for all, which ends with the transport', async () => {
    const transport = await open('web');
    const shell = await transport.shell(new AbortController().signal);
    await Promise.all([1, 2, 3].map(() => transport.exec('sleep 0.2', runLimits())));
    expect(lab.host('web').connections()).toBe(1);
    transport.close();
    await expect(shell.run('true', runLimits())).rejects.toMatchObject({ kind: 'closed' });
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
  });

  it('that is gone is not made up for by a connection of a client', async () => {
    const transport = await open('web');
    const [master] = await commandsWith(`ControlPath="${folder}`);
    process.kill(Number.parseInt(master ?? '', 10), 'SIGKILL');
    // In the same turn, so before this program can know.
    const attempt = transport.exec('echo in', runLimits());
    await expect(attempt).rejects.toMatchObject({ kind: 'closed' });
    await vi.waitFor(() => expect(transport.closed).toBe(true), PATIENCE);
    expect(lab.host('web').connections()).toBe(0);
  });

  it('whose host goes away closes the transport by itself', async () => {
    const transport = await open('silent');
    await lab.host('silent').stop();
    onTestFinished(() => lab.host('silent').start());
    await vi.waitFor(() => expect(transport.closed).toBe(true), PATIENCE);
  });

  it('lasts for as long as it is held, whatever its ControlPersist', async () => {
    const transport = await open('web', { settings: { controlPersist: '1' } });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await transport.exec('exit 3', runLimits())).code).toBe(3);
  });

  it('ends by its ControlPersist when the program was killed', async () => {
    const module = fileURLToPath(new URL('../../src/transport/openssh-connect.ts', import.meta.url));
    const script = `
      const { connectOpenssh } = await import(${JSON.stringify(module)});
      await connectOpenssh(
        { alias: 'web', user: null, port: null, options: null, reason: '', existingMaster: null, via: null },
        { signal: new AbortController().signal, timeout: 20000, interaction: null },
        { controlMaster: 'auto', controlPersist: '1', controlPath: null, configFile: ${JSON.stringify(lab.sshConfig)} },
      );
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(lab.host('web').connections()).toBe(1);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
    // Its folder is all that stays.
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  });

  it('that gives no second session gets an idle shell out of the way', async () => {
    const transport = await open('narrow');
    const { signal } = new AbortController();
    for (const start of [
      () => transport.exec('exit 3', runLimits()),
      () => transport.pty('exit 3', { stdin: process.stdin, stdout: process.stdout }, signal),
    ]) {
      const shell = await transport.shell(signal);
      await shell.run('true', runLimits());
      expect((await start()).code).toBe(3);
      expect(shell.closed).toBe(true);
    }
    expect(lab.host('narrow').connections()).toBe(1);
  });

  it('that gives no second session says so while the first is at work', async () => {
    const transport = await open('narrow');
    const shell = await transport.shell(new AbortController().signal);
    await shell.run('true', runLimits());
    const work = shell.run('sleep 1; echo done', runLimits());
    await expect(transport.exec('true', runLimits())).rejects.toMatchObject({
      kind: 'protocol',
      hint: expect.stringContaining('MaxSessions'),
    });
    expect(transport.closed).toBe(false);
    expect((await work).output).toBe('done\n');
  });

  it('of the person is used and left alone', async () => {
    const path = join(lab.directory, 'own');
    const common = ['-F', lab.sshConfig, '-o', `ControlPath=${path}`];
    await run('ssh', [...common, '-f', '-N', '-o', 'ControlMaster=yes', '-E', '/dev/null', 'web']);
    onTestFinished(async () => void (await run('ssh', [...common, '-O', 'exit', 'web'])));
    const transport = await open('web', { destination: { existingMaster: path } });
    expect((await transport.exec('exit 3', runLimits())).code).toBe(3);
    transport.close();
    await run('ssh', [...common, '-O', 'check', 'web']);
    expect(lab.host('web').connections()).toBe(1);
  });

  it('of the person that no longer answers is an error', async () => {
    const attempt = open('web', { destination: { existingMaster: join(folder, 'none') } });
    await expect(attempt).rejects.toMatchObject({ kind: 'closed' });
  });

  it('at a path of the settings stays for the next, until its ControlPersist', async () => {
    const settings = { controlPath: join(lab.directory, '%n-%p'), controlPersist: '2' };
    (await open('web', { settings })).close();
    expect(lab.host('web').connections()).toBe(1);
    const second = await open('web', { settings });
    expect(lab.host('web').connections()).toBe(1);
    expect((await second.exec('exit 3', runLimits())).code).toBe(3);
    second.close();
    await vi.waitFor(() => expect(lab.host('web').connections()).toBe(0), PATIENCE);
  });
});

describe('a way of our own to the host', () => {
  const via = async () => {
    const { address, port } = lab.host('elsewhere');
    const socket = connect(port, address);
    await once(socket, 'connect');
    return socket;
  };

  it.each(['auto', 'no'] as const)('carries ssh, with ControlMaster %s', async (controlMaster) => {
    const transport = await open('elsewhere', { destination: { via }, settings: { controlMaster } });
    const { stdout } = await transport.exec('yes | head -c 1000000', runLimits());
    expect(stdout.length).toBe(1_000_000);
  });

  it('that cannot be opened tells why', async () => {
    const { TransportError } = await import('../../src/transport/transport.ts');
    const error = new TransportError('refused', 'the hop says no');
    const attempt = open('elsewhere', { destination: { via: () => Promise.reject(error) } });
    await expect(attempt).rejects.toBe(error);
  });
});

it('a jump of the configuration is ssh’s own', async () => {
  const transport = await open('inner');
  expect((await transport.exec('exit 3', runLimits())).code).toBe(3);
});

it('the folder is for this user only', async () => {
  await open('web');
  const [name = ''] = await readdir(folder);
  expect(((await stat(join(folder, name))).mode & 0o777).toString(8)).toBe('700');
});
