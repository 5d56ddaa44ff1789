import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KeyType } from './plan.ts';

const run = promisify(execFile);

/** A private key file. */
export type LabKey = {
  readonly path: string;
  /** `ssh-ed25519 AAAA... NAME`, without a line end. */
  readonly publicKey: string;
  /** Empty when the key has none. */
  readonly passphrase: string;
};

export type LabKeyOptions = { readonly type?: KeyType; readonly passphrase?: string };

/** The keys of a lab, by name, in one folder. */
export class Keyring {
  readonly #folder: string;
  readonly #program: string;
  readonly #keys = new Map<string, Promise<LabKey>>();
  readonly #made = new Map<string, LabKey>();

  /** @param program path of ssh-keygen */
  constructor(folder: string, program: string) {
    this.#folder = folder;
    this.#program = program;
  }

  /** Makes a key; where there is one of that name already, it stays as it is. */
  create(name: string, options: LabKeyOptions = {}): Promise<LabKey> {
    const found = this.#keys.get(name) ?? this.#generate(name, options);
    this.#keys.set(name, found);
    return found;
  }

  /** A key that was made. Throws for another. */
  get(name: string): LabKey {
    const key = this.#made.get(name);
    if (key === undefined) throw new Error(`The lab has no key ${name}`);
    return key;
  }

  /** Certifies a key for user names or, as a host key, for host names; the certificate is `PATH-cert.pub`. */
  async certify(key: LabKey, authority: LabKey, kind: 'user' | 'host', names: readonly string[]): Promise<void> {
    const host = kind === 'host' ? ['-h'] : [];
    const identity = ['-q', '-s', authority.path, '-I', 'lab', '-n', names.join(',')];
    await run(this.#program, [...identity, ...host, `${key.path}.pub`]);
  }

  async #generate(name: string, { type = 'ed25519', passphrase = '' }: LabKeyOptions): Promise<LabKey> {
    const path = join(this.#folder, name);
    // RSA of the least size that OpenSSH takes without a word, because its generation takes the longest.
    const size = type === 'rsa' ? ['-b', '2048'] : [];
    await run(this.#program, ['-q', '-t', type, ...size, '-N', passphrase, '-C', name, '-f', path]);
    const key = { path, publicKey: (await readFile(`${path}.pub`, 'utf8')).trim(), passphrase };
    this.#made.set(name, key);
    return key;
  }
}

/** The keys that every lab has, and its authorities for users and hosts. */
export async function makeLabKeys(folder: string, program: string, user: string): Promise<Keyring> {
  await mkdir(folder);
  const keyring = new Keyring(folder, program);
  const [authority, certified] = await Promise.all([
    keyring.create('user-authority'),
    keyring.create('certified'),
    keyring.create('host-authority'),
    keyring.create('plain'),
    keyring.create('encrypted', { passphrase: makeSecret() }),
    keyring.create('other'),
  ]);
  await keyring.certify(certified, authority, 'user', [user]);
  return keyring;
}

/** A secret that cannot be guessed, safe in any shell or prompt. */
export function makeSecret(): string {
  return randomBytes(9).toString('hex');
}
