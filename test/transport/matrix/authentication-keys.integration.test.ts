import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { FakeUser } from './fake-user.ts';
import { addAliases, createClient, failureOf, followLog, forBothKinds } from './matrix-client.ts';

const can = findLabCapabilities();
const both = forBothKinds([[]]);

/** Fillers come first in the agent, so that a server which counts has had enough before the last. */
const fillers = Array.from({ length: 11 }, (_, index) => `filler-${index}`);

let lab: Lab<'key' | 'second' | 'last' | 'open' | 'refused' | 'behind-many'>;
let agents: { readonly plain: string; readonly many: string; readonly encrypted: string };

beforeAll(async () => {
  lab = await startLab({
    key: { client: ['IdentityFile none'] },
    second: {},
    last: { authorized: ['last'], client: ['IdentityFile none'] },
    open: { access: 'none', client: ['IdentityFile none'] },
    refused: { access: 'refused' },
    'behind-many': { behind: 'last' },
  });
  await Promise.all(fillers.map((name) => lab.createKey(name)));
  const [plain, many, encrypted] = await Promise.all([
    lab.agent('plain'),
    lab.agent(...fillers, 'last'),
    lab.agent('other', 'encrypted'),
  ]);
  agents = { plain: plain.socket, many: many.socket, encrypted: encrypted.socket };
  const { address } = lab.host('key');
  const only = 'IdentitiesOnly yes';
  const [locked, other, good] = ['encrypted', 'other', 'plain'].map((name) => lab.key(name).path);
  // A copy has another path, but is the same key to an agent.
  const copy = join(lab.directory, 'keys', 'encrypted-copy');
  await copyFile(locked ?? '', copy);
  await writeFile(join(lab.directory, 'keys', 'garbage'), 'no key at all\n', { mode: 0o600 });
  await addAliases(lab, {
    locked: [`HostName ${address}`, `IdentityFile ${locked}`, only],
    'locked-too': [`HostName ${lab.host('second').address}`, `IdentityFile ${locked}`, only],
    'locked-without-pub': [`HostName ${address}`, `IdentityFile ${copy}`, only],
    ordered: [`HostName ${address}`, `IdentityFile ${other}`, `IdentityFile ${good}`, only],
    fallback: [`HostName ${address}`, 'IdentityFile /nonexistent/key', `IdentityFile ${good}`, only],
    garbage: [`HostName ${address}`, `IdentityFile ${lab.directory}/keys/garbage`, `IdentityFile ${good}`, only],
    'pub-alone': [`HostName ${lab.host('last').address}`, `IdentityFile ${lab.key('last').path}.pub`, only],
    'agent-named': [`HostName ${address}`, 'IdentityFile none', `IdentityAgent ${agents.plain}`],
    'agent-none': [`HostName ${address}`, 'IdentityFile none', 'IdentityAgent none'],
    'no-keys': [`HostName ${address}`, `IdentityFile ${good}`, 'PubkeyAuthentication no'],
  });
});
afterAll(() => lab?.close());

beforeEach(() => void vi.stubEnv('SSH_AUTH_SOCK', undefined));
afterEach(() => void vi.unstubAllEnvs());

/** The SHA256 of a key of the lab, as sshd logs it. */
async function fingerprintOf(name: string): Promise<string> {
  const blob = Buffer.from((await readFile(`${lab.key(name).path}.pub`, 'utf8')).split(' ')[1] ?? '', 'base64');
  const digest = await crypto.subtle.digest('SHA-256', blob);
  return `SHA256:${Buffer.from(digest).toString('base64').replace(/=+$/, '')}`;
}

describe('an agent', () => {
  it.each(both)('of the environment lets in, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.plain);
    expect(await (await createClient(lab, kind)).echo('key')).toBe('in\n');
  });

  it.each(both)('that the configuration names lets in, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.many);
    expect(await (await createClient(lab, kind)).echo('agent-named')).toBe('in\n');
  });

  it.each(both)('that the configuration takes away is not asked, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.plain);
    expect(await failureOf((await createClient(lab, kind)).connect('agent-none'))).toMatchObject({ kind: 'auth' });
  });

  it('of more keys than a server takes offers the others on further connections, by ssh2', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.many);
    const log = await followLog(lab.host('last'));
    expect(await (await createClient(lab, 'ssh2')).echo('last')).toBe('in\n');
    const { length } = [...(await log.read()).matchAll(/Connection from /g)];
    expect(length).toBeGreaterThan(1);
    expect(length).toBeLessThanOrEqual(3);
  });

  it('of more keys than a server takes ends as it does with ssh, by openssh', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.many);
    const failure = await failureOf((await createClient(lab, 'openssh')).connect('last'));
    expect(failure).toMatchObject({ kind: 'auth', message: 'too many authentication failures' });
  });

  it('of more keys than a hop takes lets through to who is behind it, by ssh2', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.many);
    expect(await (await createClient(lab, 'ssh2')).echo('behind-many')).toBe('in\n');
  });

  it.each(both)('gives the one key of IdentitiesOnly alone, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.many);
    const log = await followLog(lab.host('last'));
    expect(await (await createClient(lab, kind)).echo('pub-alone')).toBe('in\n');
    expect([...(await log.read()).matchAll(/Connection from /g)]).toHaveLength(1);
    expect(await log.read()).not.toContain('Failed publickey');
  });

  it.each(both)('that holds an encrypted key spares the question, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', agents.encrypted);
    const client = await createClient(lab, kind);
    for (const alias of ['locked', 'locked-without-pub']) expect(await client.echo(alias)).toBe('in\n');
  });

  it.each(both)('that is gone is no obstacle to a file, by %s', async (kind) => {
    vi.stubEnv('SSH_AUTH_SOCK', join(lab.directory, 'no-agent'));
    expect(await (await createClient(lab, kind)).echo('ordered')).toBe('in\n');
  });
});

describe('identity files', () => {
  it.each(both)('are tried in their order, by %s', async (kind) => {
    const log = await followLog(lab.host('key'));
    expect(await (await createClient(lab, kind)).echo('ordered')).toBe('in\n');
    const seen = [...(await log.read()).matchAll(/(Failed|Accepted) publickey .*(SHA256:\S+)/g)];
    expect(seen.map(([, verdict, key]) => [verdict, key])).toEqual([
      ['Failed', await fingerprintOf('other')],
      ['Accepted', await fingerprintOf('plain')],
    ]);
  });

  it.each(forBothKinds([['fallback'], ['garbage']]))(
    'that are none are passed over, by %s: %s',
    async (kind, alias) => {
      expect(await (await createClient(lab, kind)).echo(alias)).toBe('in\n');
    },
  );

  it.each(both)('are not used when PubkeyAuthentication is no, by %s', async (kind) => {
    const log = await followLog(lab.host('key'));
    expect(await failureOf((await createClient(lab, kind)).connect('no-keys'))).toMatchObject({ kind: 'auth' });
    expect(await log.untilEnd()).not.toMatch(/(Failed|Accepted|Postponed) publickey/);
  });

  it.each(both)('that no one authorized end in a reason that names them, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('refused'));
    expect(failure).toMatchObject({ kind: 'auth', message: expect.stringContaining('publickey') });
    if (kind === 'ssh2') expect(failure.hint).toContain(lab.key('plain').path);
  });
});

describe('an encrypted key', () => {
  it.each(both)('is not unlocked without the user, by %s', async (kind) => {
    const failure = await failureOf((await createClient(lab, kind)).connect('locked'));
    expect(failure).toMatchObject({ kind: 'auth' });
    if (kind === 'ssh2') expect(failure.hint).toContain(`${lab.key('encrypted').path} is encrypted`);
  });

  it('is asked for once, and serves the other hosts as well, by ssh2', async () => {
    const client = await createClient(lab, 'ssh2');
    const person = new FakeUser([[/passphrase/i, lab.key('encrypted').passphrase]]);
    expect(await client.echo('locked', { interaction: person })).toBe('in\n');
    expect(person.asked).toEqual([expect.stringContaining(lab.key('encrypted').path)]);
    expect(await client.echo('locked-too')).toBe('in\n');
    client.pool.drop('locked');
    expect(await client.echo('locked')).toBe('in\n');
  });

  it('is asked for once a connection, by openssh', async () => {
    const person = new FakeUser([[/passphrase/i, lab.key('encrypted').passphrase]]);
    expect(await (await createClient(lab, 'openssh')).echo('locked', { interaction: person })).toBe('in\n');
    expect(person.asked).toHaveLength(1);
  });

  it.each(both)('is asked for again after a wrong passphrase, by %s', async (kind) => {
    const person = new FakeUser([[/passphrase/i, 'wrong', lab.key('encrypted').passphrase]]);
    expect(await (await createClient(lab, kind)).echo('locked', { interaction: person })).toBe('in\n');
    expect(person.asked).toHaveLength(2);
  });

  it.each(both)('that no one unlocks is an error, by %s', async (kind) => {
    const person = new FakeUser([[/passphrase/i, null]]);
    const attempt = (await createClient(lab, kind)).connect('locked', { interaction: person });
    expect(await failureOf(attempt)).toMatchObject({ kind: 'auth' });
    expect(person.asked).toHaveLength(1);
  });
});

it.skipIf(!can.passwords).each(both)('a host that lets anybody in needs no key, by %s', async (kind) => {
  expect(await (await createClient(lab, kind)).echo('open')).toBe('in\n');
});
