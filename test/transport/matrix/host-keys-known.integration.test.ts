import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatHashedKnownHost, formatKnownHost } from '../../fleet/known-hosts.ts';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import { FakeUser } from './fake-user.ts';
import { addAliases, createClient, forBothKinds } from './matrix-client.ts';

const run = promisify(execFile);

/** The known facts about a host before the connection, and its configuration. */
interface Record {
  readonly user: readonly string[];
  readonly global?: readonly string[];
  readonly client?: readonly string[];
}

/** A host as known_hosts names it; `key` without its comment. */
interface Known {
  readonly address: string;
  readonly port: number;
  readonly keys: { readonly [Type in 'ed25519' | 'rsa' | 'ecdsa']: string };
}

const salt = Buffer.alloc(20, 7);

/** Ways to have a host on record. `many` shows a key of each type. */
const records = {
  plain: ({ address, port, keys }) => ({ user: [formatKnownHost({ address, port, publicKey: keys.ed25519 })] }),
  hashed: ({ address, port, keys }) => ({
    user: [formatHashedKnownHost({ address, port, publicKey: keys.ed25519 }, salt)],
  }),
  wildcard: ({ port, keys }) => ({ user: [`[127.*]:${port} ${keys.ed25519}`] }),
  'question mark': ({ address, port, keys }) => ({ user: [`[${address.slice(0, -1)}?]:${port} ${keys.ed25519}`] }),
  'several names': ({ address, port, keys }) => ({ user: [`other,[${address}]:${port} ${keys.ed25519}`] }),
  'negation of another': ({ port, keys }) => ({ user: [`[127.*]:*,![127.9.9.9]:${port} ${keys.ed25519}`] }),
  'name without the port': ({ address, keys }) => ({ user: [`${address} ${keys.ed25519}`] }),
  'second line for it': ({ address, port, keys }) => ({
    user: ['# a comment', `[${address}]:${port} ${keys.rsa}`, `[${address}]:${port} ${keys.ed25519}`],
  }),
  'rsa alone': ({ address, port, keys }) => ({ user: [`[${address}]:${port} ${keys.rsa}`] }),
  'ecdsa alone': ({ address, port, keys }) => ({ user: [`[${address}]:${port} ${keys.ecdsa}`] }),
  'global file': ({ address, port, keys }) => ({ user: [], global: [`[${address}]:${port} ${keys.ed25519}`] }),
  'second file': ({ address, port, keys }) => ({
    user: [],
    global: ['# nothing', `[${address}]:${port} ${keys.ed25519}`],
    client: ['UserKnownHostsFile /nonexistent/known_hosts FOLDER/global'],
  }),
  HostKeyAlias: ({ keys }) => ({ user: [`the-alias ${keys.ed25519}`], client: ['HostKeyAlias The-Alias'] }),
  'two types, both allowed': ({ address, port, keys }) => ({
    user: [`[${address}]:${port} ${keys.ecdsa}`, `[${address}]:${port} ${keys.rsa}`],
    client: ['HostKeyAlgorithms ecdsa-sha2-nistp256,rsa-sha2-512'],
  }),
} as const satisfies { [name: string]: (known: Known) => Record };

/** The algorithm that is agreed upon, where the record decides. */
const algorithms: { [name in keyof typeof records]?: RegExp } = {
  plain: /host key algorithm: ssh-ed25519/,
  'rsa alone': /host key algorithm: rsa-sha2-/,
  'ecdsa alone': /host key algorithm: ecdsa-sha2-nistp256/,
};

const names = Object.keys(records).filter((name): name is keyof typeof records => name in records);
const aliasOf = (name: string) => name.replaceAll(/\W+/g, '-').toLowerCase();

let lab: Lab<'many' | 'authority' | 'newcomer'>;

beforeAll(async () => {
  lab = await startLab({
    many: { hostKeys: ['ed25519', 'rsa', 'ecdsa'], sshd: ['LogLevel DEBUG'] },
    authority: { trust: 'cert-authority' },
    newcomer: { trust: 'unknown' },
  });
  const { address, port, publicKeys } = lab.host('many');
  const keyOf = (type: string) => publicKeys.find((key) => key.includes(type))?.replace(/ \S*$/, '') ?? '';
  const known = { address, port, keys: { ed25519: keyOf('ed25519'), rsa: keyOf('rsa'), ecdsa: keyOf('ecdsa') } };
  for (const name of names) {
    const folder = join(lab.directory, aliasOf(name));
    await mkdir(folder);
    const { user, global = [], client = [] }: Record = records[name](known);
    await writeFile(join(folder, 'user'), user.map((line) => `${line}\n`).join(''));
    await writeFile(join(folder, 'global'), global.map((line) => `${line}\n`).join(''));
    const own = client.map((line) => line.replace('FOLDER', folder));
    const lines = [`UserKnownHostsFile ${folder}/user`, `GlobalKnownHostsFile ${folder}/global`];
    const identity = `IdentityFile ${lab.key('plain').path}`;
    await addAliases(lab, { [aliasOf(name)]: [...own, `HostName ${address}`, ...lines, identity] });
  }
});
afterAll(() => lab?.close());

describe('a key on record is trusted:', () => {
  it.each(forBothKinds(names.map((name) => [name] as const)))('%s by %s', async (kind, name) => {
    const client = await createClient(lab, kind);
    const before = (await lab.host('many').log()).length;
    expect(await client.echo(aliasOf(name))).toBe('in\n');
    expect((await lab.host('many').log()).slice(before)).toMatch(algorithms[name] ?? /host key algorithm/);
  });

  it('an authority’s, which only the system’s ssh can check', async () => {
    const client = await createClient(lab, 'auto');
    expect(await client.echo('authority')).toBe('in\n');
    expect((await client.connect('authority')).connection).toMatchObject({
      kind: 'openssh',
      reason: expect.stringMatching(/certificate .*known_hosts:\d+/),
    });
    const forced = (await createClient(lab, 'ssh2')).connect('authority');
    await expect(forced).rejects.toMatchObject({ kind: 'protocol', message: expect.stringContaining('certificate') });
  });
});

describe('an unknown key is recorded', () => {
  const policies = [
    ['accept-new', false],
    ['accept-new', true],
    ['no', false],
    ['no', true],
    ['ask', false],
    ['ask', true],
  ] as const;

  it.each(forBothKinds(policies))('by %s under %s, hashed: %s', async (kind, policy, hashed) => {
    const { address, port, publicKeys } = lab.host('newcomer');
    const alias = `new-${kind}-${policy}-${hashed}`;
    const file = join(lab.directory, alias);
    const settings = [`StrictHostKeyChecking ${policy}`, `HashKnownHosts ${hashed ? 'yes' : 'no'}`];
    const way = [`HostName ${address}`, `IdentityFile ${lab.key('plain').path}`, `UserKnownHostsFile ${file}`];
    await addAliases(lab, { [alias]: [...settings, ...way] });
    const person = policy === 'ask' ? new FakeUser([], { trusts: true }) : null;
    expect(await (await createClient(lab, kind)).echo(alias, { interaction: person })).toBe('in\n');
    expect(person?.shown ?? ['SHA256:']).toEqual([expect.stringContaining('SHA256:')]);
    const text = await readFile(file, 'utf8');
    expect(text.startsWith('|1|')).toBe(hashed);
    expect(text).toContain(publicKeys[0]?.split(' ')[1]);
    const found = await run('ssh-keygen', ['-F', `[${address}]:${port}`, '-f', file]);
    expect(found.stdout).toContain(publicKeys[0]?.split(' ')[1]);
    // From then on it is an ordinary one.
    expect(await (await createClient(lab, kind)).echo(alias)).toBe('in\n');
  });
});
