import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OpensshMemory } from '../../../src/transport/openssh/openssh-memory.ts';
import { TransportError } from '../../../src/transport/transport.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { authenticationAttempted } from '../../ssh-lab/sshd-log.ts';
import { sshOptions } from '../../support/builders.ts';
import { PATIENCE, runLimits } from '../contract-support.ts';
import { createOpensshFixture, FakeUser } from './openssh-fixture.ts';

const run = promisify(execFile);

const plans = {
  web: {},
  password: { access: 'password' },
  refused: { access: 'refused' },
  talker: { access: 'refused', banner: 'Offending ED25519 key in /home/ada/.ssh/known_hosts:7\n' },
  prompts: { access: 'keyboard-interactive' },
  unknown: { trust: 'unknown' },
  stranger: { trust: 'unknown' },
  unseen: { trust: 'unknown', client: ['StrictHostKeyChecking accept-new'] },
  changed: { trust: 'changed' },
  revoked: { trust: 'revoked' },
  silent: {},
  elsewhere: { client: ['ProxyCommand false'] },
  forwarding: {
    client: ['LocalForward 127.0.0.1:1 127.0.0.1:2', 'RemoteCommand echo configured', 'RequestTTY yes', 'Tunnel yes'],
  },
  inner: { behind: 'web' },
} as const;

let lab: Lab<keyof typeof plans>;
beforeAll(async () => {
  lab = await startLab(plans);
});
afterAll(() => lab?.close());
const { open, folder } = createOpensshFixture(() => lab.sshConfig);

describe('a user', () => {
  it('is asked for the password, which goes nowhere else', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const person = new FakeUser(async () => lab.password);
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

  it('is asked once for all the connections of a host without a master, and for none after it with one', async ({
    skip,
  }) => {
    if (!lab.can.passwords) skip();
    const person = new FakeUser(async () => lab.password);
    const options = sshOptions({ identityFiles: [] });
    const limits = { interaction: person };
    const memory = new OpensshMemory();
    const wishes = { destination: { options }, limits, memory };
    const direct = await open('password', { ...wishes, settings: { controlMaster: 'no' } });
    for (const text of ['one', 'two']) {
      expect((await direct.exec(`echo ${text}`, runLimits())).stdout).toBe(`${text}\n`);
    }
    expect(person.asked).toHaveLength(1);
    direct.close();
    const remembered = { ...wishes, limits: { interaction: null } };
    await open('password', remembered);
    const [name = ''] = await readdir(folder());
    const files = await readdir(join(folder(), name));
    expect(files).toContain('ctl');
    expect(files).not.toContain('asks');
  });

  it('is asked again for what was remembered when it did not let ssh in', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const wishes = { destination: { options: sshOptions({ identityFiles: [] }) }, memory: new OpensshMemory() };
    const person = new FakeUser(async () => lab.password);
    (await open('password', { ...wishes, limits: { interaction: person } })).close();
    const settings = { controlPath: '/nowhere/at/all' };
    await expect(open('password', { ...wishes, settings })).rejects.toBeInstanceOf(TransportError);
    await expect(open('password', wishes)).rejects.toMatchObject({ kind: 'auth' });
    expect(person.asked).toHaveLength(1);
  });

  it('is asked by a server under the server’s name, each time', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const wishes = { destination: { options: sshOptions({ identityFiles: [] }) }, memory: new OpensshMemory() };
    const person = new FakeUser(async () => lab.password);
    (await open('prompts', { ...wishes, limits: { interaction: person } })).close();
    expect(person.asked).toMatchObject([{ title: expect.stringMatching(/^Login of \S+@\S+$/) }]);
    await expect(open('prompts', wishes)).rejects.toMatchObject({ kind: 'auth' });
  });

  it('may take longer than the connection may', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const person = new FakeUser(() => new Promise((resolve) => setTimeout(resolve, 3500, lab.password)));
    const transport = await open('password', { limits: { interaction: person, timeout: 3000 } });
    expect((await transport.exec('exit 5', runLimits())).code).toBe(5);
  });

  it('who does not answer ends the attempt, with no guess sent', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const attempt = open('password', { limits: { interaction: new FakeUser(async () => null) } });
    await expect(attempt).rejects.toMatchObject({ kind: 'auth', message: expect.stringContaining('password of') });
    expect(await lab.host('password').log()).not.toContain('Failed password');
  });

  it('is no longer asked when the connection is given up', async ({ skip }) => {
    if (!lab.can.passwords) skip();
    const abort = new AbortController();
    let given = false;
    const person = new FakeUser(
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
    const person = new FakeUser(async () => 'no');
    const attempt = open('unknown', { limits: { interaction: person } });
    await expect(attempt).rejects.toMatchObject({ kind: 'host-key-unknown' });
    expect(person.asked[0]).toMatchObject({ title: 'Unknown host key', prompts: [{ echo: true }] });
    expect(person.asked[0]?.prompts[0]?.text).toContain('SHA256:');
    expect(authenticationAttempted(await lab.host('unknown').log())).toBe(false);
    const transport = await open('unknown', { limits: { interaction: new FakeUser(async () => 'yes') } });
    expect(transport.closed).toBe(false);
  });
});

describe('without the user', () => {
  it.each([
    ['refused', 'auth', /^permission denied \(/],
    ['talker', 'auth', /^permission denied \(/],
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
      notes: [expect.stringMatching(/^the ED25519 key of \S+ was accepted unchecked/)],
    });
  });

  it('a port where nothing listens fails', async () => {
    await expect(open('web', { destination: { port: 1 } })).rejects.toMatchObject({ kind: 'refused' });
  });

  it('a host that says nothing fails in time', async () => {
    const host = lab.host('silent');
    await host.pause();
    onTestFinished(() => host.resume());
    await expect(open('silent', { limits: { timeout: 1500 } })).rejects.toMatchObject({ kind: 'timeout' });
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
  const [name = ''] = await readdir(folder());
  expect(((await stat(join(folder(), name))).mode & 0o777).toString(8)).toBe('700');
});
