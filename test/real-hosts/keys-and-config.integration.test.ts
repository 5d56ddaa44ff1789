import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import { aHost } from '../support/builders.ts';
import { createRealPool } from '../support/real-pool.ts';
import { addAliases, runLimits } from '../transport/matrix/matrix-client.ts';
import { Person } from '../transport/matrix/person.ts';
import {
  convertKey,
  KEY_TYPES,
  type KeyFormat,
  type KeyType,
  makeBaseKey,
  makeOpensslEd25519,
  ODDITIES,
  PASSPHRASE,
} from './key-files.ts';

/** ssh reads these since OpenSSH 9.6 only. */
const openssl = [
  ['ed25519 openssl-pkcs8', []],
  ['ed25519 openssl-pkcs8 encrypted', ['-aes256', '-pass', `pass:${PASSPHRASE}`]],
] as const satisfies readonly (readonly [string, readonly string[]])[];

/** Hosts asked at a time. */
const PARALLEL = 4;

let lab: Lab<'keys' | 'strange'>;
const pools: { close(): void }[] = [];

/** How one got in: by which kind of connection, or why not. */
type Outcome = { readonly ssh: boolean; readonly ocr: 'ssh2' | 'openssh' | 'refused'; readonly hint: string };

type KeyRow = readonly [name: string, make: (folder: string) => Promise<string>, passphrase: string];

/** Every type in every format that ssh-keygen and openssl write it in. */
const keyRows: readonly KeyRow[] = [
  ...KEY_TYPES.flatMap((type) => [
    row(type, 'openssh'),
    row(type, 'openssh', PASSPHRASE),
    ...(type === 'ed25519'
      ? []
      : (['pem', 'pkcs8', 'openssl-pkcs8'] as const).flatMap((format) => [
          row(type, format),
          row(type, format, PASSPHRASE),
        ])),
  ]),
  row('rsa', 'des3-pem', PASSPHRASE),
  row('ecdsa-256', 'des3-pem', PASSPHRASE),
  row('rsa', 'scrypt-pkcs8', PASSPHRASE),
  row('ecdsa-256', 'ec-parameters'),
  ...['aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', '3des-cbc'].map((cipher) =>
    row('ed25519', 'openssh', PASSPHRASE, ['-Z', cipher]),
  ),
];

function row(type: KeyType, format: KeyFormat, passphrase = '', options: readonly string[] = []): KeyRow {
  const name = [type, format, ...options, ...(passphrase === '' ? [] : ['encrypted'])].join(' ');
  return [name, (folder) => convertKey(folder, type, format, passphrase, options), passphrase];
}

/** The formats in which one character too many or too few may matter. */
const oddBases = [
  ['ed25519', 'openssh'],
  ['rsa', 'pem'],
  ['rsa', 'pkcs8'],
  ['ecdsa-256', 'pkcs8'],
] as const satisfies readonly (readonly [KeyType, KeyFormat])[];
const oddRows = oddBases.flatMap(([type, format]) =>
  Object.keys(ODDITIES).map((oddity): readonly [string, KeyType, KeyFormat, string] => [
    `${type} ${format} with ${oddity}`,
    type,
    format,
    oddity,
  ]),
);

/** Outcomes by the names of rows. */
const outcomes = new Map<string, Promise<Outcome>>();

beforeAll(async () => {
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
  lab = await startLab({ keys: {}, strange: { trust: 'unknown' } });
  const folder = join(lab.directory, 'formats');
  await mkdir(folder);
  const lines = await Promise.all(KEY_TYPES.map((type) => makeBaseKey(folder, type)));
  const aliases: Record<string, string[]> = {};
  const tries: [name: string, alias: string, passphrase: string][] = [];
  const add = async (name: string, path: string, passphrase = '') => {
    await chmod(path, 0o600);
    const alias = `row-${tries.length}`;
    aliases[alias] = [`HostName ${lab.host('keys').address}`, `IdentityFile "${path}"`, 'IdentitiesOnly yes'];
    tries.push([name, alias, passphrase]);
  };
  for (const [name, make, passphrase] of keyRows) await add(name, await make(folder), passphrase);
  for (const [name, type, format, oddity] of oddRows) {
    const text = await readFile(await convertKey(folder, type, format), 'utf8');
    const path = join(folder, name.replaceAll(' ', '_'));
    await writeFile(path, ODDITIES[oddity]!(text));
    await add(name, path);
  }
  for (const [name, encryption] of openssl) {
    const path = join(folder, name.replaceAll(' ', '_'));
    lines.push(await makeOpensslEd25519(path, encryption));
    await add(name, path, name.endsWith('encrypted') ? PASSPHRASE : '');
  }
  await appendFile(lab.host('keys').authorizedKeys, lines.map((line) => `${line}\n`).join(''));
  await addAliases(lab, aliases);
  for (const [name, alias, passphrase] of tries) outcomes.set(name, tryBoth(alias, passphrase));
  await Promise.allSettled(outcomes.values());
});
afterAll(async () => {
  for (const pool of pools) pool.close();
  vi.unstubAllEnvs();
  await lab?.close();
});

const limited = pLimit(PARALLEL);

/** Tries an alias with the system's ssh and with this program, each as a person would who knows the passphrase, if there is one. */
async function tryBoth(alias: string, passphrase = ''): Promise<Outcome> {
  return limited(async () => {
    const answers = passphrase === '' ? [] : ([['passphrase', passphrase]] as const);
    const options = passphrase === '' ? ['-o', 'BatchMode=yes'] : [];
    const [{ code }, ours] = await Promise.all([
      runSsh(lab, alias, 'true', { options, answers }),
      connect(alias, passphrase),
    ]);
    return { ssh: code === 0, ...ours };
  });
}

async function connect(alias: string, passphrase: string): Promise<Pick<Outcome, 'ocr' | 'hint'>> {
  const resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  const pool = createRealPool({ resolver, configFile: lab.sshConfig });
  pools.push(pool);
  const signal = new AbortController().signal;
  const host = aHost({ alias, route: await resolver.resolve(alias, signal) });
  const interaction = passphrase === '' ? null : new Person([[/passphrase/i, passphrase]]);
  try {
    const transport = await pool.get(host, { signal, timeout: 20_000, interaction });
    expect((await transport.exec('echo in', runLimits())).stdout).toBe('in\n');
    const { kind } = transport.connection;
    return { ocr: kind === 'openssh' ? 'openssh' : 'ssh2', hint: transport.connection.notes.join('\n') };
  } catch (error) {
    if (!(error instanceof Error) || !('hint' in error)) throw error;
    return { ocr: 'refused', hint: `${error.message}\n${error.hint}` };
  } finally {
    pool.close();
  }
}

describe('a private key', () => {
  it.each([...keyRows])('%s gets in where it does with ssh', async (name) => {
    const { ssh, ocr } = await outcomes.get(name)!;
    expect(ssh).toBe(true);
    expect(ocr).toBe(name.includes('chacha20') ? 'openssh' : 'ssh2');
  });

  it.each(openssl)('%s gets in without the help of ssh', async (name) => {
    expect((await outcomes.get(name))?.ocr).toBe('ssh2');
  });

  it.each(oddRows)('%s is used exactly where ssh uses it', async (name) => {
    const { ssh, ocr, hint } = await outcomes.get(name)!;
    expect(ocr !== 'refused').toBe(ssh);
    if (!ssh) expect(hint).toContain(name.replaceAll(' ', '_'));
  });
});
