import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { authenticationAttempted } from '../../ssh-lab/sshd-log.ts';
import { FakeUser } from './fake-user.ts';
import { addAliases, createClient, failureOf, followLog, forBothKinds } from './matrix-client.ts';

const can = findLabCapabilities();

/** `key` is the host's own, `wrong` another of the same type, `foreign` one of another type; `name` is as known_hosts writes it. */
interface Known {
  readonly name: string;
  readonly bareName: string;
  readonly key: string;
  readonly wrong: string;
  readonly foreign: string;
}

interface Refusal {
  readonly lines: readonly string[];
  readonly client?: readonly string[];
  readonly kind: 'host-key-changed' | 'host-key-unknown';
  /** The line to blame, counted from 1. */
  readonly line?: number;
  /** True if a command fixes it. */
  readonly command?: boolean;
}

const changed = (known: Known) => ({
  ...({
    lines: ['# first', `${known.name} ${known.wrong}`],
    kind: 'host-key-changed',
    line: 2,
    command: true,
  } as const),
});

const refusals: { readonly [name: string]: (known: Known) => Refusal } = {
  'unknown, ask': () => ({ lines: [], kind: 'host-key-unknown' }),
  'unknown, yes': () => ({ lines: [], client: ['StrictHostKeyChecking yes'], kind: 'host-key-unknown' }),
  'unknown, BatchMode': () => ({ lines: [], client: ['BatchMode yes'], kind: 'host-key-unknown' }),
  'known under another port': ({ bareName, key }) => ({ lines: [`[${bareName}]:1 ${key}`], kind: 'host-key-unknown' }),
  negated: ({ name, key }) => ({ lines: [`[127.*]:*,!${name} ${key}`], kind: 'host-key-unknown' }),
  'known by address, asked for by alias': ({ name, key }) => ({
    ...{ lines: [`${name} ${key}`], client: ['HostKeyAlias another'], kind: 'host-key-unknown' },
  }),
  'changed, ask': changed,
  'changed, yes': (known) => ({ ...changed(known), client: ['StrictHostKeyChecking yes'] }),
  'changed, accept-new': (known) => ({ ...changed(known), client: ['StrictHostKeyChecking accept-new'] }),
  'changed, in one file of two': (known) => ({
    ...changed(known),
    client: ['UserKnownHostsFile /nonexistent/known_hosts FILE'],
  }),
  'changed to another type': ({ name, foreign }) => ({
    ...{ lines: [`${name} ${foreign}`], kind: 'host-key-changed', line: 1, command: true },
  }),
  'revoked, ask': ({ name, key }) => ({
    ...{ lines: [`${name} ${key}`, `@revoked ${name} ${key}`], kind: 'host-key-changed', line: 2 },
  }),
  'revoked everywhere, accept-new': ({ key }) => ({
    ...{
      lines: [`@revoked * ${key}`],
      client: ['StrictHostKeyChecking accept-new'],
      kind: 'host-key-changed',
      line: 1,
    },
  }),
};
const names = Object.keys(refusals);
const aliasOf = (name: string) => `refused-${name.replaceAll(/\W+/g, '-')}`;

let lab: Lab<'stranger' | 'password' | 'hop' | 'inner' | 'strange-hop' | 'beyond'>;

const fileOf = (alias: string) => join(lab.directory, `known-${alias}`);

/** Another way to a host, with a known_hosts file of its own. */
async function addHost(
  alias: string,
  host: 'stranger' | 'password',
  lines: readonly string[],
  client: readonly string[],
) {
  const file = fileOf(alias);
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  const identity = `IdentityFile ${lab.key('plain').path}`;
  const own = client.map((line) => line.replace('FILE', file));
  const way = [`HostName ${lab.host(host).address}`, identity, `UserKnownHostsFile ${file}`];
  await addAliases(lab, { [alias]: [...own, ...way] });
}

beforeAll(async () => {
  lab = await startLab({
    stranger: {},
    password: { access: 'password' },
    hop: {},
    inner: { behind: 'hop', trust: 'changed' },
    'strange-hop': { trust: 'unknown' },
    beyond: { behind: 'strange-hop' },
  });
  const { address, port, publicKeys } = lab.host('stranger');
  const withoutComment = (key = '') => key.split(' ').slice(0, 2).join(' ');
  const known: Known = {
    ...{ name: `[${address}]:${port}`, bareName: address, key: withoutComment(publicKeys[0]) },
    wrong: withoutComment(lab.key('other').publicKey),
    foreign: withoutComment((await lab.createKey('foreign', { type: 'ecdsa' })).publicKey),
  };
  await mkdir(join(lab.directory, 'records'));
  for (const name of names) {
    const { lines, client = [] } = refusals[name]?.(known) ?? { lines: [] };
    await addHost(aliasOf(name), 'stranger', lines, client);
  }
  const wrong = `[${lab.host('password').address}]:${port} ${known.wrong}`;
  await addHost('unchecked', 'password', [wrong], ['StrictHostKeyChecking no']);
  await addHost('unchecked-key', 'stranger', [`${known.name} ${known.wrong}`], ['StrictHostKeyChecking no']);
  for (const kind of ['ssh2', 'openssh']) await addHost(`asked-${kind}`, 'stranger', [], []);
});
afterAll(() => lab?.close());

const refusalOf = (name: string) => {
  const blank = { name: '', bareName: '', key: '', wrong: '', foreign: '' };
  return refusals[name]?.(blank);
};

describe('refused before anything is sent:', () => {
  it.each(forBothKinds(names.map((name) => [name] as const)))('by %s, %s', async (kind, name) => {
    const alias = aliasOf(name);
    const expected = refusalOf(name);
    const before = await readFile(fileOf(alias), 'utf8');
    const log = await followLog(lab.host('stranger'));
    const failure = await failureOf((await createClient(lab, kind)).connect(alias));
    expect(failure).toMatchObject({ kind: expected?.kind });
    const text = `${failure.message}\n${failure.hint}`;
    if (expected?.line !== undefined) expect(text).toContain(`${fileOf(alias)}:${expected.line}`);
    if (expected?.command) expect(text).toMatch(/ssh-keygen .*-R/);
    expect(await readFile(fileOf(alias), 'utf8')).toBe(before);
    expect(authenticationAttempted(await log.untilEnd())).toBe(false);
  });

  it.each(forBothKinds([['changed, ask'], ['revoked, ask']]))(
    'by %s, %s, and no user is asked to let it pass',
    async (kind, name) => {
      const person = new FakeUser([], { trusts: true });
      const log = await followLog(lab.host('stranger'));
      const attempt = (await createClient(lab, kind)).connect(aliasOf(name), { interaction: person });
      await expect(attempt).rejects.toMatchObject({ kind: 'host-key-changed' });
      expect([...person.shown, ...person.asked]).toEqual([]);
      expect(authenticationAttempted(await log.untilEnd())).toBe(false);
    },
  );
});

describe('a user who is asked', () => {
  it.each(forBothKinds([[]]))('and says no leaves it unknown, by %s', async (kind) => {
    const person = new FakeUser([], { trusts: false });
    const log = await followLog(lab.host('stranger'));
    const attempt = (await createClient(lab, kind)).connect(`asked-${kind}`, { interaction: person });
    await expect(attempt).rejects.toMatchObject({ kind: 'host-key-unknown' });
    expect(person.shown).toEqual([expect.stringContaining('SHA256:')]);
    expect(await readFile(fileOf(`asked-${kind}`), 'utf8')).toBe('');
    expect(authenticationAttempted(await log.untilEnd())).toBe(false);
  });
});

describe('StrictHostKeyChecking no and a changed key', () => {
  it.each(forBothKinds([[]]))('connect by a key, with a word about it, by %s', async (kind) => {
    const transport = await (await createClient(lab, kind)).connect('unchecked-key');
    expect(transport.connection.notes.join()).toMatch(/host key .*not the one/);
  });

  it.skipIf(!can.passwords).each(forBothKinds([[]]))('never send a password, by %s', async (kind) => {
    const person = new FakeUser([[/password/i, lab.password, lab.password]]);
    const log = await followLog(lab.host('password'));
    const attempt = (await createClient(lab, kind)).connect('unchecked', { interaction: person });
    const failure = await failureOf(attempt);
    expect(failure.kind).toBe(kind === 'ssh2' ? 'auth' : 'host-key-changed');
    expect(`${failure.message}\n${failure.hint}`).toContain(`${fileOf('unchecked')}:1`);
    expect(person.asked).toEqual([]);
    expect(await log.untilEnd()).not.toMatch(/(Failed|Accepted) (password|keyboard)/);
  });
});

describe('on the way', () => {
  it.each(forBothKinds([[]]))('a hop with an unknown key blocks who is behind it, by %s', async (kind) => {
    const logs = [await followLog(lab.host('strange-hop')), await followLog(lab.host('beyond'))] as const;
    const failure = await failureOf((await createClient(lab, kind)).connect('beyond'));
    expect(failure).toMatchObject({ kind: 'blocked', by: 'strange-hop' });
    expect(failure.message).toContain('behind strange-hop');
    expect(authenticationAttempted(await logs[0].untilEnd())).toBe(false);
    expect(await logs[1].read()).toBe('');
  });

  it.each(forBothKinds([[]]))('a host with a changed key is refused behind a good hop, by %s', async (kind) => {
    const log = await followLog(lab.host('inner'));
    const attempt = (await createClient(lab, kind)).connect('inner');
    await expect(attempt).rejects.toMatchObject({ kind: 'host-key-changed' });
    expect(authenticationAttempted(await log.untilEnd())).toBe(false);
  });
});
